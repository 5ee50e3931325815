namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>What goes wrong with a connection as a whole, before and beside its messages. Only a host has a door.</summary>
internal sealed record DoorFaults
{
    public static DoorFaults None { get; } = new();

    /// <summary>The HTTP status in place of an upgrade; 0 for none.</summary>
    public int Status { get; init; }

    /// <summary>What <c>Retry-After</c> says, in seconds; negative for no such header.</summary>
    public int RetryAfterSeconds { get; init; } = -1;

    /// <summary>How long the answer to the upgrade takes, in milliseconds.</summary>
    public int AcceptAfterMs { get; init; }

    /// <summary>No subprotocol is chosen, whatever was offered.</summary>
    public bool HasNoSubprotocol { get; init; }

    /// <summary>Pings are not answered.</summary>
    public bool HasNoPong { get; init; }

    /// <summary>How often the server pings, in milliseconds; 0 when only silence makes it.</summary>
    public int PingEveryMs { get; init; }
}
