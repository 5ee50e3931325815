using System.Globalization;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>One connection to a host: who came, and how it ended. Any thread may read it; the end is there once <see cref="End"/> is not <see cref="ConnectionEnd.None"/>.</summary>
public sealed class HostedConnection
{
    private volatile EndOfConnection? _end;
    private bool _isJoined;

    internal HostedConnection(int number, SimulatedSessionKind kind, string? scenario, string? callId, TimeSpan at, Transcript? transcript)
    {
        Number = number;
        Kind = kind;
        Scenario = scenario;
        CallId = callId;
        ConnectedAt = at;
        Transcript = transcript;
    }

    /// <summary>Its place among the connections that showed a right key, from 1.</summary>
    public int Number { get; }

    /// <summary>What its session is for.</summary>
    public SimulatedSessionKind Kind { get; private set; }

    /// <summary>The name of the scenario that it chose or got; null where there is none.</summary>
    public string? Scenario { get; private set; }

    /// <summary>The call it named with <c>?call_id=</c>; null when it named none.</summary>
    public string? CallId { get; }

    /// <summary>When it came, on the system's clock, from the start of the host.</summary>
    public TimeSpan ConnectedAt { get; }

    /// <summary>When it ended, on the system's clock, from the start of the host; zero before.</summary>
    public TimeSpan EndedAt => _end?.At ?? TimeSpan.Zero;

    /// <summary>How it ended.</summary>
    public ConnectionEnd End => _end?.Kind ?? ConnectionEnd.None;

    /// <summary>The status of the goodbye; null when there was none, or none in it.</summary>
    public int? CloseStatus => _end?.Status;

    /// <summary>The reason that the server gave with its goodbye; empty otherwise, since what a client says may be private.</summary>
    public string CloseReason => _end?.Reason ?? "";

    /// <summary>What both sides said, where <see cref="RealtimeSimulatorHostOptions.KeepsTranscripts"/> is set; null otherwise. Connections of one call share theirs.</summary>
    public Transcript? Transcript { get; private set; }

    /// <summary>
    /// What the simulator threw, which ended the connection with 1011, or an exception that says what it said out of order, behind which the connection went on; null otherwise. It is a defect of this
    /// package, or of a type that was given to it; a model's failure is none, and neither is what a fault or a switch asked for.
    /// </summary>
    public Exception? Defect { get; internal set; }

    /// <summary>The file of its log, where <see cref="RealtimeSimulatorHostOptions.LogFolder"/> is set; null otherwise. Connections of one call share theirs. What was said last may still be on its way to the disk; disposing the host writes it.</summary>
    public string? LogFile { get; internal set; }

    /// <summary>What made its server this one, as the first line of a log; empty where nothing is kept.</summary>
    internal byte[] Recipe { get; set; } = [];

    /// <summary>Its number, and how it ended.</summary>
    public override string ToString()
    {
        string status = CloseStatus?.ToString(CultureInfo.InvariantCulture) ?? "no status";
        return End switch
        {
            ConnectionEnd.None => $"#{Number} connected ({Scenario ?? Name(Kind)}{(CallId is null ? "" : _isJoined ? ", joining a call" : ", opening a call")})",
            ConnectionEnd.Client => $"#{Number} left ({status})",
            ConnectionEnd.Server => $"#{Number} was closed ({status}{(CloseReason.Length > 0 ? $": {CloseReason}" : "")})",
            _ => $"#{Number} ended without a goodbye",
        };
    }

    /// <summary>It found the call that it named, which is what it was for the first who named it. Nobody else has seen this connection yet.</summary>
    internal void Join(HostedConnection first) => (_isJoined, Kind, Scenario, Transcript, Recipe) = (true, first.Kind, first.Scenario, first.Transcript, first.Recipe);

    internal void Ended(ConnectionEnd kind, int? status, string reason, TimeSpan at) => _end ??= new(kind, status, reason, at);

    internal static string Name(SimulatedSessionKind kind) => kind switch
    {
        SimulatedSessionKind.Transcription => "transcription",
        SimulatedSessionKind.Translation => "translation",
        _ => "realtime",
    };

    private sealed record EndOfConnection(ConnectionEnd Kind, int? Status, string Reason, TimeSpan At);
}

/// <summary>How a connection ended.</summary>
public enum ConnectionEnd
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>The client said goodbye.</summary>
    Client,

    /// <summary>The server said goodbye, or would have: it may not have got through.</summary>
    Server,

    /// <summary>Nobody said goodbye: the client vanished, or a fault of the wire ended it.</summary>
    Lost,
}
