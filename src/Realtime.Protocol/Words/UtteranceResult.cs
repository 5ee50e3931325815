namespace Realtime.Protocol;

/// <summary>What the user said, as another model than the one that answers has heard it, and what writing it down cost. Its text leaves the transcript out.</summary>
public sealed record UtteranceResult
{
    /// <summary>The one way in which it ended.</summary>
    public required UtteranceOutcome Outcome { get; init; }

    /// <summary>The whole text where the outcome is <see cref="UtteranceOutcome.Transcribed"/>; else what came of it, which may be nothing.</summary>
    public string Transcript { get; init; } = "";

    /// <summary>The language that was heard, as the service names it (<c>en</c>); null where it does not say.</summary>
    public string? Language { get; init; }

    /// <summary>Who said what when, where the model tells speakers apart; else empty.</summary>
    public IReadOnlyList<TranscriptSegment> Segments { get; init; } = [];

    /// <summary>Why it failed, or why the server refused to commit it; else null.</summary>
    public ServerError? Error { get; init; }

    /// <summary>The tokens of the transcription, billed apart from those of turns (TX-05); null where the service counts in time, or does not say.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The audio that is billed; null where the service counts in tokens, or does not say.</summary>
    public TimeSpan? BilledAudio { get; init; }

    /// <summary>The outcome.</summary>
    public override string ToString() => Outcome.ToString();
}
