namespace Realtime.Protocol;

/// <summary>One stretch of a transcript that tells speakers apart.</summary>
/// <param name="Speaker">The service's name for who spoke; null where it gives none.</param>
/// <param name="Start">Where it begins, from the beginning of the utterance's audio.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Text">What was said.</param>
public readonly record struct TranscriptSegment(string? Speaker, TimeSpan Start, TimeSpan End, string Text)
{
    /// <summary>The place, and never what was said.</summary>
    public override string ToString() => $"{Start} to {End}";
}
