namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>
/// What goes wrong, and where: a list of faults, each tied to the nth server event of a type, so that a test can break a session at
/// exactly one place and break it there again. A plan never changes; each method gives a longer one.
/// </summary>
/// <remarks>
/// Faults of the wire (<see cref="Fin"/>, <see cref="Reset"/>, <see cref="Binary"/> and everything about frames, pings and the door) need a
/// wire: <see cref="Hosting.RealtimeSimulatorHost"/> has one, and an <see cref="InMemoryTransport"/> refuses a plan with them.
/// </remarks>
/// <example><c>FaultPlan.None.CloseAt("response.output_audio.delta", occurrence: 3, status: 1011, "The server fell over.")</c></example>
public sealed class FaultPlan
{
    /// <summary>In place of an event type: counts events of every type.</summary>
    public const string AnyEvent = "*";

    /// <summary>In place of an occurrence: each of them.</summary>
    public const int Every = 0;

    private readonly Fault[] _faults;
    private readonly int _connection;

    private FaultPlan(Fault[] faults, int connection) => (_faults, _connection) = (faults, connection);

    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new([], Every);

    /// <summary>The names of the faults that need a wire, in the order in which they were added.</summary>
    internal IEnumerable<string> NeedAWire => _faults.Where(static fault => fault.Kind == FaultKind.Door || (fault.Kind == FaultKind.Wire && fault.Name != nameof(Stall))).Select(static fault => fault.Name).Distinct();

    /// <summary>What goes wrong with the connection as a whole.</summary>
    internal DoorFaults Door => _faults.Where(static fault => fault.Kind == FaultKind.Door).Aggregate(DoorFaults.None, static (door, fault) => fault.AddToDoor!(door));

    /// <summary>Faults that are added to the plan that is returned happen on one connection of a host only; a connection's number counts those that showed a right key, from 1.</summary>
    /// <param name="connection">Which, or <see cref="Every"/>.</param>
    public FaultPlan OnConnection(int connection)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(connection);
        return new(_faults, connection);
    }

    /// <summary>The server closes the connection instead of sending this event.</summary>
    /// <param name="eventType">A wire type, or <see cref="AnyEvent"/>.</param>
    /// <param name="occurrence">Which of them, from 1, or <see cref="Every"/>.</param>
    /// <param name="status">A WebSocket status code, also one that nobody may send. 1005 is a goodbye without a status; <see cref="SimulatorEffect.BrokenConnection"/> (1006) ends the connection without a goodbye, as <see cref="Fin"/> does.</param>
    /// <param name="reason">One sentence for the client; cut to the 123 bytes that a goodbye can hold.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status does not fit into 16 bits, or the occurrence is negative.</exception>
    public FaultPlan CloseAt(string eventType, int occurrence, int status, string reason = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(status);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, ushort.MaxValue);
        return With(new(eventType, occurrence, FaultKind.Close, nameof(CloseAt)) { Status = status, Text = reason });
    }

    /// <summary>The server never sends this event.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Drop(string eventType, int occurrence) => With(new(eventType, occurrence, FaultKind.Drop, nameof(Drop)));

    /// <summary>The server sends this event twice.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Repeat(string eventType, int occurrence) => With(new(eventType, occurrence, FaultKind.Repeat, nameof(Repeat)));

    /// <summary>The server sends this text, whatever it is, before the event.</summary>
    /// <param name="message">What is sent as it stands: malformed JSON, an unknown event, an event out of place.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan InjectBefore(string eventType, int occurrence, string message) => With(new(eventType, occurrence, FaultKind.Inject, nameof(InjectBefore)) { Text = message });

    /// <summary>The connection ends without a goodbye, and everything before this place still arrives; a client reads this as 1006.</summary>
    /// <param name="bytes">So many bytes of the event's frame are sent, its header counted; 0 for none of it, and never more than there are.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Fin(string eventType, int occurrence, int bytes = 0) => Wire(nameof(Fin), eventType, occurrence, bytes, marks => marks with { End = WireEnd.Fin, EndAt = bytes });

    /// <summary>The connection is reset. On Linux everything before this place arrives first, if the client takes it within a second; elsewhere some of it may be lost.</summary>
    /// <inheritdoc cref="Fin" path="/param"/>
    public FaultPlan Reset(string eventType, int occurrence, int bytes = 0) => Wire(nameof(Reset), eventType, occurrence, bytes, marks => marks with { End = WireEnd.Reset, EndAt = bytes });

    /// <summary>Nothing more is sent for a while, and the connection stays open. The clock is the system's, and in memory the transport's.</summary>
    /// <param name="milliseconds">How long; -1 for ever.</param>
    /// <param name="bytes">So many bytes of the event's frame are sent before, its header counted. In memory a message comes whole, behind the silence.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Stall(string eventType, int occurrence, int milliseconds, int bytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, Timeout.Infinite);
        return Wire(nameof(Stall), eventType, occurrence, bytes, marks => marks with { StallMs = milliseconds, StallAt = bytes });
    }

    /// <summary>The event comes as a binary frame.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Binary(string eventType, int occurrence) => Wire(nameof(Binary), eventType, occurrence, 0, static marks => marks with { IsBinary = true });

    /// <summary>The last byte of the event is none of UTF-8.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan BadUtf8(string eventType, int occurrence) => Wire(nameof(BadUtf8), eventType, occurrence, 0, static marks => marks with { HasBadUtf8 = true });

    /// <summary>The event's frames are masked, which a server's must not be.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Masked(string eventType, int occurrence) => Wire(nameof(Masked), eventType, occurrence, 0, static marks => marks with { IsMasked = true });

    /// <summary>The event's frames have a reserved bit set, although no extension was agreed on.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan ReservedBit(string eventType, int occurrence) => Wire(nameof(ReservedBit), eventType, occurrence, 0, static marks => marks with { HasReservedBit = true });

    /// <summary>Events come in frames of so many bytes each.</summary>
    /// <param name="bytes">The payload of a frame, 1 or more.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Fragment(int bytes, string eventType = AnyEvent, int occurrence = Every)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        return Wire(nameof(Fragment), eventType, occurrence, 0, marks => marks with { FragmentBytes = bytes });
    }

    /// <summary>Frames are written so many bytes at a time.</summary>
    /// <param name="bytes">1 or more.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Trickle(int bytes, string eventType = AnyEvent, int occurrence = Every)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        return Wire(nameof(Trickle), eventType, occurrence, 0, marks => marks with { SegmentBytes = bytes });
    }

    /// <summary>A ping stands between any two fragments of an event; with <see cref="Fragment"/>, or in two halves.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan PingsBetween(string eventType = AnyEvent, int occurrence = Every) => Wire(nameof(PingsBetween), eventType, occurrence, 0, static marks => marks with { HasPingsBetween = true });

    /// <summary>A client's pings are not answered.</summary>
    public FaultPlan NoPong() => AtTheDoor(nameof(NoPong), static door => door with { HasNoPong = true });

    /// <summary>The server pings every so many milliseconds.</summary>
    public FaultPlan Ping(int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, 1);
        return AtTheDoor(nameof(Ping), door => door with { PingEveryMs = milliseconds });
    }

    /// <summary>The client is refused at the door.</summary>
    /// <param name="status">An HTTP status from 400 to 599.</param>
    /// <param name="retryAfterSeconds">What <c>Retry-After</c> says; negative for no such header.</param>
    public FaultPlan Http(int status, int retryAfterSeconds = -1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        return AtTheDoor(nameof(Http), door => door with { Status = status, RetryAfterSeconds = retryAfterSeconds });
    }

    /// <summary>The answer to the upgrade takes so many milliseconds.</summary>
    public FaultPlan SlowAccept(int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        return AtTheDoor(nameof(SlowAccept), door => door with { AcceptAfterMs = milliseconds });
    }

    /// <summary>No subprotocol is chosen, whatever was offered.</summary>
    public FaultPlan NoSubprotocol() => AtTheDoor(nameof(NoSubprotocol), static door => door with { HasNoSubprotocol = true });

    /// <summary>The faults of one event, in the order in which they were added.</summary>
    internal IEnumerable<Fault> At(string eventType, int occurrenceOfType, int occurrenceOfAny)
    {
        foreach (Fault fault in _faults)
        {
            int occurrence = fault.EventType == eventType ? occurrenceOfType : fault.EventType == AnyEvent ? occurrenceOfAny : -1;
            if (occurrence > 0 && (fault.Occurrence == occurrence || fault.Occurrence == Every))
            {
                yield return fault;
            }
        }
    }

    /// <summary>What of the plan happens on one connection.</summary>
    internal FaultPlan For(int connection) => Array.TrueForAll(_faults, static fault => fault.Connection == Every) ? this
        : new([.. _faults.Where(fault => fault.Connection == Every || fault.Connection == connection)], Every);

    private FaultPlan Wire(string name, string eventType, int occurrence, int bytes, Func<FrameMarks, FrameMarks> mark)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return With(new(eventType, occurrence, FaultKind.Wire, name) { AddToMarks = mark });
    }

    private FaultPlan AtTheDoor(string name, Func<DoorFaults, DoorFaults> add) => With(new(string.Empty, Every, FaultKind.Door, name) { AddToDoor = add });

    private FaultPlan With(Fault fault)
    {
        if (fault.Kind != FaultKind.Door)
        {
            ArgumentException.ThrowIfNullOrEmpty(fault.EventType, "eventType");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(fault.Occurrence, "occurrence");
        return new([.. _faults, fault with { Connection = _connection }], _connection);
    }
}

/// <summary>What happens to the event that a fault is tied to.</summary>
internal enum FaultKind
{
    Close,
    Drop,
    Repeat,
    Inject,

    /// <summary>Its frames are marked.</summary>
    Wire,

    /// <summary>It is tied to no event, but to the connection.</summary>
    Door,
}

/// <summary>One thing that goes wrong.</summary>
internal readonly record struct Fault(string EventType, int Occurrence, FaultKind Kind, string Name)
{
    public int Connection { get; init; }

    public int Status { get; init; }

    /// <summary>The reason of a goodbye, or what is injected.</summary>
    public string Text { get; init; } = "";

    public Func<FrameMarks, FrameMarks>? AddToMarks { get; init; }

    public Func<DoorFaults, DoorFaults>? AddToDoor { get; init; }
}
