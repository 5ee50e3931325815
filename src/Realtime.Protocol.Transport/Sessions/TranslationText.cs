namespace Realtime.Protocol;

/// <summary>A piece of text of a translation: append it to the pieces of its side that came before. It brings the spaces that it needs.</summary>
/// <param name="Side">What was said, or what it was translated into.</param>
/// <param name="Text">The piece.</param>
/// <param name="At">Which moment of the stream it belongs to, from its beginning; it aligns the two sides with each other and with the sound, and several pieces may share one.</param>
public readonly record struct TranslationText(TranslationSide Side, string Text, TimeSpan At)
{
    /// <summary>The side and the moment; what was said stays out of logs.</summary>
    public override string ToString() => $"{Side} at {At}";
}

/// <summary>Whose words a text is.</summary>
public enum TranslationSide
{
    /// <summary>What was said, in the language that was spoken; only with <see cref="TranslationSessionOptions.TranscriptionModel"/>.</summary>
    Source,

    /// <summary>What it was translated into.</summary>
    Translation,
}
