namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>
/// What goes wrong on the wire with one message: how its frames are cut and flagged, and where the connection stalls or ends. The machine
/// only hands it on; whoever has a wire does it. A message without marks is one whole text frame.
/// </summary>
internal sealed record FrameMarks
{
    /// <summary>Nothing is wrong; what marks are made from.</summary>
    public static FrameMarks None { get; } = new();

    /// <summary>The opcode says binary.</summary>
    public bool IsBinary { get; init; }

    /// <summary>A byte that is no UTF-8 stands at the end of the message.</summary>
    public bool HasBadUtf8 { get; init; }

    /// <summary>The frames are masked, which only a client's may be.</summary>
    public bool IsMasked { get; init; }

    /// <summary>The first reserved bit is set.</summary>
    public bool HasReservedBit { get; init; }

    /// <summary>A ping stands between any two fragments.</summary>
    public bool HasPingsBetween { get; init; }

    /// <summary>The payload of one frame, in bytes; 0 for one frame.</summary>
    public int FragmentBytes { get; init; }

    /// <summary>How many bytes are written at once; 0 for as many as there are.</summary>
    public int SegmentBytes { get; init; }

    /// <summary>How long the wire is silent at <see cref="StallAt"/>, in milliseconds: 0 never, -1 for ever.</summary>
    public int StallMs { get; init; }

    /// <summary>Behind how many bytes of the message's frames the wire falls silent.</summary>
    public int StallAt { get; init; }

    /// <summary>How long nothing more is read from the client, in milliseconds, from this place on: 0 not at all, -1 for ever.</summary>
    public int DeafMs { get; init; }

    /// <summary>How the connection ends with this message, if it does.</summary>
    public WireEnd End { get; init; }

    /// <summary>Behind how many bytes of the message's frames it ends; never behind more than there are.</summary>
    public int EndAt { get; init; }
}

/// <summary>How a connection ends without a goodbye.</summary>
internal enum WireEnd
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The end of the stream: what was sent arrives, and nothing follows.</summary>
    Fin,

    /// <summary>A reset.</summary>
    Reset,
}
