namespace Realtime.Protocol.Lifecycle;

/// <summary>One response of the server, from <c>response.created</c> to <c>response.done</c>, and remembered after it: a late error may still name it (RC-05).</summary>
internal sealed class TrackedResponse(string id, TurnOrigin origin, AudioEncoding encoding, IReadOnlyDictionary<string, long> toolTimeouts)
{
    /// <summary>Items beyond it belong to no response, and are neither played nor cut.</summary>
    public const int MaxItems = 1_000;

    public string Id { get; } = id;

    public TurnOrigin Origin { get; set; } = origin;

    /// <summary>The create that it answers as far as order tells; null when its token proves it, when it answers none of ours, and when nothing depends on it any more.</summary>
    public AnswerByOrder? ByOrder { get; set; }

    /// <summary>Some of its output has come.</summary>
    public bool HasOutput => Items.Count > 0 || AudioBytes > 0;

    /// <summary>Fixed when the response is created: a later session update does not change what its bytes mean (TR-03).</summary>
    public AudioEncoding Encoding { get; private set; } = encoding;

    public SampleFormat Format { get; private set; } = SampleFormat.Of(encoding);

    /// <summary>How long the tools may take that it calls: of when it began, as the tools are that run.</summary>
    public IReadOnlyDictionary<string, long> ToolTimeouts { get; } = toolTimeouts;

    /// <summary>Null for a response that the application never hears of: given up before it began, or out of band.</summary>
    public TurnState? Turn { get; set; }

    /// <summary>The audio that it belongs to, and so what is known of who heard it; also of a turn that was given up before it began.</summary>
    public TurnSound? Sound { get; set; }

    /// <summary>It runs beside the conversation, and never holds the place (RC-22): ours, or somebody else's.</summary>
    public bool IsOutside { get; init; }

    public bool IsTextOnly { get; set; }

    /// <summary>Nothing of it reaches the application any more (CX-05).</summary>
    public bool IsDropped { get; set; }

    /// <summary>It was silenced while it ran, so items of it that are known to be unheard are to be deleted (TR-07).</summary>
    public bool IsSilenced { get; set; }

    public bool IsDone { get; set; }

    /// <summary>Its tokens were told.</summary>
    public bool IsCounted { get; set; }

    /// <summary>It is done, and its status says that it was cancelled: the server answers our cancel with nothing more.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>A cancel is on the wire that nothing has answered. Kept of one outside the conversation; of one in it the place tells.</summary>
    public bool IsCancelOut { get; set; }

    /// <summary>How often it was cancelled: once, and once more if that was refused (CX-03).</summary>
    public int Cancels { get; set; }

    /// <summary>When the newest cancel was sent.</summary>
    public long CancelSentAt { get; set; }

    /// <summary>When the server refused a cancel of it, for another reason than that nothing runs.</summary>
    public long CancelRefusedAt { get; set; }

    /// <summary>When anything of it was last heard of (RC-11).</summary>
    public long LastEventAt { get; set; }

    public long AudioBytes { get; set; }

    public List<TrackedItem> Items { get; } = [];

    /// <summary>Its announcement came after it was taken in without one, and states what its bytes will mean. Bytes that were counted already keep their meaning.</summary>
    /// <returns>False when nothing changed.</returns>
    public bool TryState(StatedFormat stated)
    {
        if (AudioBytes > 0 || stated.Over(Encoding) is var encoding && encoding == Encoding)
        {
            return false;
        }

        Encoding = encoding;
        Format = SampleFormat.Of(encoding);
        return true;
    }

    /// <summary>The calls that were handed to the application.</summary>
    public List<TrackedCall> Calls { get; } = [];
}
