using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>What a <see cref="SimulatorEffect"/> asks for.</summary>
public enum SimulatorEffectKind
{
    /// <summary>Send <see cref="SimulatorEffect.Message"/> to the client.</summary>
    Send,

    /// <summary>Call <see cref="RealtimeServerSimulator.Elapse"/> at <see cref="SimulatorEffect.At"/> or soon after.</summary>
    SetTimer,

    /// <summary>End the connection with <see cref="SimulatorEffect.CloseStatus"/>; nothing follows.</summary>
    Close,

    /// <summary>Something goes wrong on the wire, at this place among the messages; whoever has no wire passes it over.</summary>
    Wire,

    /// <summary>Nothing has to be done; <see cref="SimulatorEffect.Report"/> is for whoever watches.</summary>
    Report,
}

/// <summary>
/// One thing that whoever runs a simulator has to do after a call. Effects come in order; take all of them before the next call of
/// <see cref="RealtimeServerSimulator"/>, which may reuse the bytes.
/// </summary>
public readonly struct SimulatorEffect
{
    /// <summary>The status of a goodbye that has none. It is never sent: whoever sees it sends an empty goodbye.</summary>
    public const int NoStatus = 1005;

    /// <summary>The status of a connection that breaks without a goodbye. It is never sent: whoever sees it ends the connection behind what was sent before.</summary>
    public const int BrokenConnection = 1006;

    private SimulatorEffect(SimulatorEffectKind kind, ReadOnlyMemory<byte> message, long at, int closeStatus, string text, FrameMarks? marks = null)
    {
        Kind = kind;
        Message = message;
        At = at;
        CloseStatus = closeStatus;
        CloseReason = kind == SimulatorEffectKind.Close ? text : "";
        Report = kind == SimulatorEffectKind.Report ? text : "";
        Marks = marks;
    }

    /// <summary>Which of them it is.</summary>
    public SimulatorEffectKind Kind { get; }

    /// <summary>One server event as UTF-8 JSON, valid until the next call of the simulator; empty unless it is to be sent.</summary>
    [Borrowed]
    public ReadOnlyMemory<byte> Message { get; }

    /// <summary>In milliseconds of the caller's clock. A timer replaces the one before; being called earlier, or once too often, is harmless.</summary>
    public long At { get; }

    /// <summary>A WebSocket status code, or <see cref="BrokenConnection"/>.</summary>
    public int CloseStatus { get; }

    /// <summary>One sentence for the client.</summary>
    public string CloseReason { get; }

    /// <summary>Which turn of a scenario answered, as <c>resp_… ← turns[2] (toolOutput stock)</c>; empty otherwise. It has the names of functions and metadata, and nothing of what is said.</summary>
    public string Report { get; }

    /// <summary>What goes wrong on the wire, with the message where there is one; null when nothing does.</summary>
    internal FrameMarks? Marks { get; }

    internal static SimulatorEffect Send(ReadOnlyMemory<byte> message, FrameMarks? marks) => new(SimulatorEffectKind.Send, message, 0, 0, "", marks);

    internal static SimulatorEffect Wire(FrameMarks? marks) => new(SimulatorEffectKind.Wire, default, 0, 0, "", marks);

    internal static SimulatorEffect SetTimer(long at) => new(SimulatorEffectKind.SetTimer, default, at, 0, "");

    internal static SimulatorEffect Told(string report) => new(SimulatorEffectKind.Report, default, 0, 0, report);

    internal static SimulatorEffect Close(int status, string reason) => new(SimulatorEffectKind.Close, default, 0, status, reason);
}
