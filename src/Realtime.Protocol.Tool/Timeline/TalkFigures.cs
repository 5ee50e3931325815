namespace Realtime.Protocol.CommandLine.Timeline;

/// <summary>What a conversation amounts to, counted from its events and from nothing else.</summary>
internal sealed class TalkFigures
{
    /// <summary>Bytes of the user's audio that were sent.</summary>
    public long SpokenBytes { get; set; }

    /// <summary>Bytes of the model's audio that arrived.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>When the user's turn ended: its audio was committed, or its text sent.</summary>
    public TimeSpan? TurnEndedAt { get; set; }

    /// <summary>When the model's first audio arrived.</summary>
    public TimeSpan? FirstAudioAt { get; set; }

    /// <summary>From the end of the user's turn to the model's first audio.</summary>
    public TimeSpan? TimeToFirstAudio => FirstAudioAt - TurnEndedAt;

    /// <summary>When the session was open.</summary>
    public TimeSpan? OpenAt { get; set; }

    /// <summary>How long each response took that has ended, from <c>response.created</c> to <c>response.done</c>, in the order in which they ended.</summary>
    public List<TimeSpan> ResponseTimes { get; } = [];

    /// <summary>How long each tool took whose output went to the model, from the call to the output, in the order of the outputs.</summary>
    public List<(string Name, TimeSpan Time)> ToolTimes { get; } = [];

    /// <summary>How many responses were asked for.</summary>
    public int ResponseRequests { get; set; }

    /// <summary>How many responses came to an end.</summary>
    public int ResponsesDone { get; set; }

    /// <summary>The names of the tools that were called, in order.</summary>
    public List<string> ToolCalls { get; } = [];

    /// <summary>What the user said, as the service wrote it down, an entry for each item.</summary>
    public List<string> UserWords { get; } = [];

    /// <summary>How many responses were cancelled.</summary>
    public int Cancellations { get; set; }

    /// <summary>Where the model's words were cut, in milliseconds of the item.</summary>
    public List<long> Truncations { get; } = [];

    /// <summary>How many items were deleted.</summary>
    public int Deletions { get; set; }

    /// <summary>The error events of the server.</summary>
    public List<string> ServerErrors { get; } = [];

    /// <summary>What was wrong with each event that could not be read.</summary>
    public List<string> MalformedEvents { get; } = [];

    /// <summary>The types of events that this version does not know.</summary>
    public SortedSet<string> UnknownEvents { get; } = new(StringComparer.Ordinal);
}
