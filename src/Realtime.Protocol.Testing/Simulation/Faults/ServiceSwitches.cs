namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>
/// How the simulated service decides where nobody outside knows what the real one does, or where services and versions were seen to
/// differ. The defaults follow the service. A switch is a decision, not a defect: what goes wrong on the way is a <see cref="FaultPlan"/>.
/// </summary>
public sealed record ServiceSwitches
{
    internal const int MostMinSpeechMs = 500;
    internal const int MostHysteresisDb = 60;

    /// <summary>As the service, as far as it is known.</summary>
    public static ServiceSwitches Default { get; } = new();

    /// <summary>What becomes of a <c>response.create</c> that meets the response which the server is about to start by itself.</summary>
    public AutoResponse AutoResponse { get; init; } = AutoResponse.Default;

    /// <summary>How many deltas were under way when a response is cancelled, and still come before its end.</summary>
    public int LateDeltas { get; init; }

    /// <summary>Whether an <c>error</c> names the client event that caused it. Without it a client has to guess.</summary>
    public bool ErrorsNameTheirEvent { get; init; } = true;

    /// <summary>Whether <c>response.created</c> and <c>response.done</c> repeat the client's metadata. Some compatible services do not.</summary>
    public bool EchoMetadata { get; init; } = true;

    /// <summary>When <c>rate_limits.updated</c> comes.</summary>
    public RateLimitReport RateLimits { get; init; } = RateLimitReport.AfterResponse;

    /// <summary>What happens to an item whose id is taken already.</summary>
    public DuplicateItemIds DuplicateItemIds { get; init; } = DuplicateItemIds.Reject;

    /// <summary>How <c>response.done</c> says why a response was not completed.</summary>
    public StatusDetailsShape StatusDetails { get; init; } = StatusDetailsShape.Object;

    /// <summary>What <c>response.done</c> says about tokens.</summary>
    public UsageReport Usage { get; init; } = UsageReport.Counted;

    /// <summary>Whether a failed response keeps in its output what it had said. Clients of the service report an empty one; the items stay in either case.</summary>
    public bool FailedOutput { get; init; }

    /// <summary>The status of an item that was being made when its response ended early.</summary>
    public ClosedStatus ClosedStatus { get; init; } = ClosedStatus.Incomplete;

    /// <summary>Whether <c>conversation.item.done</c> is sent at all. One compatible service (xAI) never sends it.</summary>
    public bool ItemDone { get; init; } = true;

    /// <summary>Which of the two ends of a spoken part comes first.</summary>
    public AudioDoneOrder AudioDone { get; init; } = AudioDoneOrder.BeforeTranscript;

    /// <summary>Whether an item is announced behind one that was deleted a moment ago, as the service was seen to do once.</summary>
    public bool StalePrevious { get; init; }

    /// <summary>By how many milliseconds the sound of an item is shorter to the server than what was sent of it. Seen once, with 85.</summary>
    public int TruncationSkewMs { get; init; }

    /// <summary>Whether an item that is still being made can be truncated.</summary>
    public Verdict TruncateInProgress { get; init; }

    /// <summary>Whether an item that is still being made can be deleted.</summary>
    public Verdict DeleteInProgress { get; init; }

    /// <summary>Whether a response can be asked for while the user speaks.</summary>
    public Verdict CreateDuringSpeech { get; init; }

    /// <summary>When remote tools are called that a response asked for.</summary>
    public McpProgress McpProgress { get; init; } = McpProgress.AfterDone;

    /// <summary>Whether <c>conversation.created</c> follows <c>session.created</c>, as it did in the beta and does on compatible services.</summary>
    public bool ConversationCreated { get; init; }

    /// <summary>Whether a host takes a client that asks for the beta, by the header <c>OpenAI-Beta: realtime=v1</c> or the browser's subprotocol. The service lets it in, says <c>beta_api_shape_disabled</c> and closes with 4000.</summary>
    public Verdict BetaHeader { get; init; } = Verdict.Refuse;

    /// <summary>Whether <c>"response": null</c> is taken for a <c>response.create</c> without settings of its own. The service refuses it.</summary>
    public Verdict ResponseNull { get; init; } = Verdict.Refuse;

    /// <summary>Whether a voice may have any name. Compatible services have voices of their own.</summary>
    public Verdict UnknownVoice { get; init; } = Verdict.Refuse;

    /// <summary>Whether the speed can be changed while a response is made. Published: between turns only.</summary>
    public Verdict SpeedDuringResponse { get; init; } = Verdict.Refuse;

    /// <summary>Which transcripts come whole, in one delta: the published text says whisper's do.</summary>
    public WholeTranscripts Whisper { get; init; }

    /// <summary>Whether a user who says nothing is spoken to, as <c>idle_timeout_ms</c> of the session says.</summary>
    public IdleTimeout IdleTimeout { get; init; }

    /// <summary>How much of what is loud makes speech, in milliseconds, at most 500: less is a click. It counts in frames of 20 ms, and 40 ms of quiet may lie between them. This simulator's own number.</summary>
    public int MinSpeechMs { get; init; } = 60;

    /// <summary>By how many decibels, at most 60, sound has to fall below the threshold to be quiet, once somebody speaks. This simulator's own number.</summary>
    public int HysteresisDb { get; init; } = 6;

    /// <summary>Throws when a number makes no sense.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MinSpeechMs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MinSpeechMs, MostMinSpeechMs);
        ArgumentOutOfRangeException.ThrowIfNegative(HysteresisDb);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(HysteresisDb, MostHysteresisDb);
        ArgumentOutOfRangeException.ThrowIfNegative(LateDeltas);
        ArgumentOutOfRangeException.ThrowIfNegative(TruncationSkewMs);
    }
}

/// <summary>
/// Who answers when the client asks for a response after the server has committed the user's speech and before it has started its own
/// answer. Which of the two the real service prefers, and when it tells the client, is inferred from reports and not recorded.
/// </summary>
public sealed record AutoResponse
{
    /// <summary>The server's own response wins, and the client's request is refused once that response was created.</summary>
    public static AutoResponse Default { get; } = new();

    /// <summary>Whose response is made.</summary>
    public AutoResponseWinner Winner { get; init; }

    /// <summary>When the client's request is refused, where the server's wins.</summary>
    public RejectionTime Rejection { get; init; }

    /// <summary>What the server says about its own attempt, where that fails.</summary>
    public FailedAttempt Loser { get; init; }
}

/// <summary>Whose response is made when both want one.</summary>
public enum AutoResponseWinner
{
    /// <summary>The one that the server starts by itself.</summary>
    Server,

    /// <summary>The one that the client asked for.</summary>
    Client,
}

/// <summary>When a client hears that its request lost against the server's own response.</summary>
public enum RejectionTime
{
    /// <summary>Behind that response's <c>response.created</c>.</summary>
    AfterCreated,

    /// <summary>At once: the error names a response of which the client has not heard yet.</summary>
    BeforeCreated,

    /// <summary>Behind that response's <c>response.done</c>: the error names a response that is over.</summary>
    AfterDone,
}

/// <summary>What the server says when it could not start its own response.</summary>
public enum FailedAttempt
{
    /// <summary>Nothing.</summary>
    Silent,

    /// <summary>An <c>error</c> that names no client event, since none caused it.</summary>
    Error,
}

/// <summary>Whether a server takes something that is not documented either way.</summary>
public enum Verdict
{
    /// <summary>It is done.</summary>
    Accept,

    /// <summary>It is refused with an <c>error</c>.</summary>
    Refuse,
}

/// <summary>When a server reports what is left of the rate limits: the published text and recorded sessions disagree.</summary>
public enum RateLimitReport
{
    /// <summary>After <c>response.done</c>, as recorded sessions show.</summary>
    AfterResponse,

    /// <summary>After <c>response.created</c>, as the published text says.</summary>
    AtStart,

    /// <summary>Never, as some compatible services do.</summary>
    Never,
}

/// <summary>What a server does with a new item whose id is taken: versions of the service were seen to do each of these.</summary>
public enum DuplicateItemIds
{
    /// <summary>Refused with <c>item_create_duplicate_item_id</c>.</summary>
    Reject,

    /// <summary>Ignored without a word.</summary>
    Ignore,

    /// <summary>Added once more, announced behind itself.</summary>
    Append,
}

/// <summary>How a server says why a response was not completed.</summary>
public enum StatusDetailsShape
{
    /// <summary>An object with type, and reason or error, as published.</summary>
    Object,

    /// <summary>Null.</summary>
    Null,

    /// <summary>A bare word, such as <c>cancelled</c>, as a compatible service was seen to send it.</summary>
    String,
}

/// <summary>What a server says about the tokens of a response.</summary>
public enum UsageReport
{
    /// <summary>What was used; null for a failed response, as clients of the service report it.</summary>
    Counted,

    /// <summary>Nothing but zeros.</summary>
    Zeros,

    /// <summary>Null.</summary>
    Null,
}

/// <summary>The status of an item that was being made when its response ended.</summary>
public enum ClosedStatus
{
    /// <summary><c>incomplete</c>, as recorded.</summary>
    Incomplete,

    /// <summary><c>in_progress</c>, as if nobody had looked at it again.</summary>
    InProgress,
}

/// <summary>Which end of a spoken part comes first; recorded sessions do not tell.</summary>
public enum AudioDoneOrder
{
    /// <summary>The sound's, then the transcript's.</summary>
    BeforeTranscript,

    /// <summary>The transcript's, then the sound's.</summary>
    AfterTranscript,
}

/// <summary>When remote tools are called.</summary>
public enum McpProgress
{
    /// <summary>After the <c>response.done</c> of the response that asked for the call, as recorded.</summary>
    AfterDone,

    /// <summary>Before it: what does not take long has its result before the response is done.</summary>
    BeforeDone,
}

/// <summary>Which transcripts of what the user said come whole, in one delta.</summary>
public enum WholeTranscripts
{
    /// <summary>Those of <c>whisper-1</c>, which is also billed by the second.</summary>
    ByModel,

    /// <summary>All.</summary>
    Always,

    /// <summary>None.</summary>
    Never,
}

/// <summary>Whether a server speaks to a user who says nothing.</summary>
public enum IdleTimeout
{
    /// <summary>After the time that the session's settings give.</summary>
    BySession,

    /// <summary>Never, as on compatible services that take the setting and do nothing with it.</summary>
    Off,
}
