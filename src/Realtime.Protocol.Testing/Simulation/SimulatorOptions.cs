using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What a simulated server is like, what answers, and what goes wrong. The defaults follow the real service.
/// </summary>
public sealed record SimulatorOptions
{
    /// <summary>Decides every id and all padding: the same seed and the same calls give the same bytes.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Which connection of the server it is, from 1. A host counts them itself.</summary>
    public int Connection { get; init; } = 1;

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
    /// Where turns are scripted (<see cref="TurnDetection"/>), each of these belongs to its own span, and what is committed where nobody speaks gets an empty transcript.
    /// A translation has no turns: it says the words of all of them in order, one for each loud 200 ms, and numbers behind the last one.
    /// </summary>
    public IReadOnlyList<SimulatedTranscript> Transcripts { get; init; } = [];

    /// <summary>How turns are found: with which detection a session begins, which the client may change, or that they are where <see cref="Transcripts"/> say. A translation has no turns.</summary>
    public SimulatedTurnDetection TurnDetection { get; init; }

    /// <summary>The remote MCP servers that can be reached, by the label with which a session declares them.</summary>
    public IReadOnlyList<SimulatedMcpServer> McpServers { get; init; } = [];

    /// <summary>
    /// How the session is before the client changes anything: the object of a <c>session.update</c>, as JSON, type included. Null, the default, for the service's own defaults.
    /// A client secret brings one along.
    /// </summary>
    /// <remarks>A simulator that is made with settings which the service would refuse throws an <see cref="ArgumentException"/> with the words of the refusal.</remarks>
    public string? InitialSession { get; init; }

    /// <summary>What goes wrong, and when.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>The name of the scenario that is played; null for none.</summary>
    internal string? Scenario { get; init; }

    /// <summary>The client came with the header or the subprotocol of the beta: it is told that there is none any more, and nothing else.</summary>
    internal bool IsBeta { get; init; }

    /// <summary>The wall clock at <see cref="RealtimeServerSimulator.Connect"/>, in seconds of Unix time; it is only shown, as <c>session.expires_at</c>.</summary>
    public long UnixSecondsAtConnect { get; init; } = 1_800_000_000;

    /// <summary>How long a session may last. Then the server sends <c>session_expired</c> and closes with 1001.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>What the input buffer may hold, in bytes. The service's own limit is not published; this one keeps a forgotten client from filling the memory.</summary>
    public int MaxInputAudioBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// How much of the user's sound a session keeps for whoever retrieves it, in bytes; the sound of the oldest turns goes first, and that of the current turn stays.
    /// Null, the default, keeps all of it in memory; on a host 256 KiB, or its part of what all of them keep (<see cref="Hosting.SimulatorHostLimits.KeptAudioBytesInAll"/>) where that is less.
    /// </summary>
    public long? KeptAudioBytes { get; init; }

    /// <summary>What a session shares with others where <see cref="KeptAudioBytes"/> says nothing; null where it is alone.</summary>
    internal AudioShare? KeptAudioShare { get; init; }

    /// <summary>How the service decides where services differ, or where nobody knows.</summary>
    public ServiceSwitches Service { get; init; } = ServiceSwitches.Default;

    /// <summary>The same, with one more fault or switch, written as <c>realtime serve --fault</c> takes it.</summary>
    /// <param name="wish">
    /// <c>NAME[:VALUE][@TYPE/N][,conn=N][,chance=P]</c>, such as <c>late:500ms@response.created/1</c>, <c>drop@client:response.create/2</c> or
    /// <c>rejection:before-created</c>. <c>N</c> counts from 1 or is <c>every</c>; <c>TYPE</c> may be <c>any</c>. The page of this package lists the names.
    /// </param>
    /// <exception cref="FormatException">It can't be understood; the message says why, and what may be meant.</exception>
    public SimulatorOptions WithFault(string wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        return FaultCatalogue.Add(this, wish);
    }
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
