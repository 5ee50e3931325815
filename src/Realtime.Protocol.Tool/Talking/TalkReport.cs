using Realtime.Protocol.CommandLine.Timeline;

namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>What came of a conversation: what the user is told at its end, as lines or as JSON.</summary>
internal sealed record TalkReport
{
    public required Verdict Verdict { get; init; }

    /// <summary>Everything that was wrong, one line each; the first is the reason for the exit code.</summary>
    public required IReadOnlyList<string> Complaints { get; init; }

    /// <summary>Where it talked to, without a query; null when it never got that far.</summary>
    public string? Endpoint { get; init; }

    public TalkFigures Figures { get; init; } = new();

    /// <summary>The file that holds the answer, or <c>-</c>; null when none was written.</summary>
    public string? AnswerFile { get; init; }

    /// <summary>Bytes of the answer that were written.</summary>
    public long AnswerBytes { get; init; }

    /// <summary>Bytes of the answer that were heard.</summary>
    public long PlayedBytes { get; init; }

    public bool WasInterrupted { get; init; }

    public string Transcript { get; init; } = "";

    /// <summary>What the user said, as the service wrote it down, an entry for each item.</summary>
    public IReadOnlyList<string> UserWords { get; init; } = [];

    /// <summary>The tokens of all responses; null when there was no conversation.</summary>
    public SessionUsage? Usage { get; init; }

    /// <summary>What they cost, in the currency of the prices; null without prices.</summary>
    public decimal? Cost { get; init; }

    public string? LogFile { get; init; }

    /// <summary>What the conversation is called in its journal; null when nothing is kept.</summary>
    public string? Call { get; init; }

    /// <summary>How many items of an earlier talk the service was told; null when the conversation began with this one.</summary>
    public int? ResumedItems { get; init; }
}
