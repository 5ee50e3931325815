using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What a simulated server is like. The defaults follow the real service; each knob is a place where it was seen to differ between
/// services or versions, or where nobody outside knows what it does.
/// </summary>
public sealed record SimulatorOptions
{
    /// <summary>Decides every id and all padding: the same seed and the same calls give the same bytes.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What a session is for. On a host, a connection with <c>intent=transcription</c> gets a transcription, and one to <c>/v1/realtime/translations</c> a translation, whatever stands here.</summary>
    public SimulatedSessionKind Kind { get; init; }

    /// <summary>The model's name, shown as <c>session.model</c>. The default is <c>gpt-realtime</c>, and <c>gpt-realtime-translate</c> for a translation.</summary>
    public string Model
    {
        get => field ?? (Kind == SimulatedSessionKind.Translation ? "gpt-realtime-translate" : "gpt-realtime");
        init;
    }

    /// <summary>What answers. The default gives the caller's own audio back.</summary>
    public ISimulatedModel Speaker { get; init; } = new EchoModel();

    /// <summary>How fast answers come.</summary>
    public ResponsePace Pace { get; init; } = ResponsePace.Default;

    /// <summary>
    /// What the user is understood to say: the nth spoken turn is transcribed as the nth of these, where the session has
    /// <c>audio.input.transcription</c>. A turn behind the last of them gets a transcript that says how long it was.
    /// A translation has no turns: it says the words of all of them in order, one for each loud 200 ms, and numbers behind the last one.
    /// </summary>
    public IReadOnlyList<SimulatedTranscript> Transcripts { get; init; } = [];

    /// <summary>The remote MCP servers that can be reached, by the label with which a session declares them.</summary>
    public IReadOnlyList<SimulatedMcpServer> McpServers { get; init; } = [];

    /// <summary>What goes wrong, and when.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>The wall clock at <see cref="RealtimeServerSimulator.Connect"/>, in seconds of Unix time; it is only shown, as <c>session.expires_at</c>.</summary>
    public long UnixSecondsAtConnect { get; init; } = 1_800_000_000;

    /// <summary>How long a session may last. Then the server sends <c>session_expired</c> and closes with 1001.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>What the input buffer may hold, in bytes. The service's own limit is not published; this one keeps a forgotten client from filling the memory.</summary>
    public int MaxInputAudioBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many deltas were under way when a response is cancelled, and still come before its end.</summary>
    public int DeltasAfterCancel { get; init; }

    /// <summary>Whether <c>response.created</c> and <c>response.done</c> repeat the client's metadata. Some compatible services do not.</summary>
    public bool EchoMetadata { get; init; } = true;

    /// <summary>Whether an <c>error</c> names the client event that caused it. Without it a client has to guess.</summary>
    public bool ErrorsNameTheirEvent { get; init; } = true;

    /// <summary>When <c>rate_limits.updated</c> comes.</summary>
    public RateLimitReport RateLimits { get; init; } = RateLimitReport.AfterResponse;

    /// <summary>What happens to an item whose id is taken already.</summary>
    public DuplicateItemIds DuplicateItemIds { get; init; } = DuplicateItemIds.Reject;
}

/// <summary>What a session is for.</summary>
public enum SimulatedSessionKind
{
    /// <summary>A conversation with a model.</summary>
    Realtime,

    /// <summary>Writing down what is said; there are no responses.</summary>
    Transcription,

    /// <summary>One stream of speech in, its translation out; events of its own, no turns and no responses.</summary>
    Translation,
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
}
