namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// One turn: what the user contributed, and the responses until the next contribution. It grows while the log is read.
/// </summary>
internal sealed class PicturedTurn(int number, double begin, string by)
{
    /// <summary>Counts from 1.</summary>
    public int Number => number;

    public double Begin => begin;

    /// <summary>What it began with: <c>speech</c>, <c>text</c>, or <c>model</c>, which spoke by itself.</summary>
    public string By => by;

    /// <summary>When the user was done: the speech had ended, the audio was committed, or the text sent.</summary>
    public double? UserDone { get; set; }

    /// <summary>When the first sound of the model came.</summary>
    public double? FirstSound { get; set; }

    /// <summary>When the first of its words came, as text.</summary>
    public double? FirstWords { get; set; }

    public List<PicturedResponse> Responses { get; } = [];

    /// <summary>What the user said or wrote; null unless content is shown.</summary>
    public string? UserWords { get; set; }

    /// <summary>How long the user waited for the first sound, or, of an answer in writing, the first words.</summary>
    public double? Wait => (FirstSound ?? FirstWords) - UserDone is { } wait and >= 0 ? wait : null;

    /// <summary>Where its last response ends, or the user.</summary>
    public double End => Responses.Count == 0 ? UserDone ?? begin : Responses.Max(static response => response.Done ?? response.Created);

    /// <summary>How its last response ended; <c>unanswered</c> without one.</summary>
    public string Outcome => Responses.Count == 0 ? "unanswered" : Responses[^1].Status;

    /// <summary>The tokens of its responses; null when none reported any.</summary>
    public TokenUsage? Usage => Responses.Select(static response => response.Usage).Aggregate((TokenUsage?)null, static (sum, usage) => sum is { } known && usage is { } more ? known + more : sum ?? usage);
}

/// <summary>One response of the model. It grows while the log is read.</summary>
internal sealed class PicturedResponse(string id, double created, PicturedTurn turn)
{
    public string Id => id;

    public double Created => created;

    public PicturedTurn Turn => turn;

    public double? Done { get; set; }

    /// <summary>The wire's word: <c>completed</c>, <c>cancelled</c>, <c>incomplete</c>, <c>failed</c>; <c>in_progress</c> when its end is not in the log.</summary>
    public string Status { get; set; } = "in_progress";

    public string? Reason { get; set; }

    public TokenUsage? Usage { get; set; }

    /// <summary>What the model said or wrote; null unless content is shown.</summary>
    public string? Words { get; set; }

    /// <summary>When somebody cut it off.</summary>
    public double? CutAt { get; set; }

    /// <summary>Whether the client did.</summary>
    public bool IsCutByClient { get; set; }
}

/// <summary>A tool that the model called.</summary>
internal sealed class PicturedTool(string name, string callId, int turn)
{
    public string Name => name;

    public string CallId => callId;

    /// <summary>When its arguments were complete.</summary>
    public double Begin { get; set; }

    public int Turn => turn;

    /// <summary>When its output went to the model.</summary>
    public double? End { get; set; }

    /// <summary><c>answered</c>; <c>failed</c> when the output is an object with an <c>error</c>; <c>open</c> when the log has no output.</summary>
    public string Outcome { get; set; } = "open";

    /// <summary>Null unless content is shown.</summary>
    public string? Arguments { get; set; }

    /// <summary>Null unless content is shown.</summary>
    public string? Output { get; set; }
}
