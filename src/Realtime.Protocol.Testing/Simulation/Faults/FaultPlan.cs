using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation.Faults.Words;

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

    // No event's type begins like this, so what is tied to the client's events never meets the server's.
    internal const string ClientPrefix = "client:";

    private readonly Fault[] _faults;
    private readonly int _connection;
    private readonly double _chance;

    private FaultPlan(Fault[] faults, int connection, double chance) => (_faults, _connection, _chance) = (faults, connection, chance);

    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new([], Every, 1);

    /// <summary>The names of the faults that need a wire, in the order in which they were added.</summary>
    internal IEnumerable<string> NeedAWire => _faults.Where(static fault => fault.Kind == FaultKind.Door || (fault.Kind == FaultKind.Wire && fault.Name != nameof(Stall))).Select(static fault => fault.Name).Distinct();

    /// <summary>The faults as a command line writes them, in the order in which they were added; <see cref="SimulatorOptions.WithFault"/> reads them again.</summary>
    internal IEnumerable<string> Wishes => _faults.Select(static fault => fault.Wish).OfType<string>();

    /// <summary>The faults that have a time in place of an event.</summary>
    internal IEnumerable<Fault> Timed => _faults.Where(static fault => fault.AtMs >= 0);

    /// <summary>What goes wrong with the connection as a whole.</summary>
    internal DoorFaults Door => _faults.Where(static fault => fault.Kind == FaultKind.Door).Aggregate(DoorFaults.None, static (door, fault) => fault.AddToDoor!(door));

    /// <summary>Faults that are added to the plan that is returned happen on one connection of a host only; a connection's number counts those that showed a right key, from 1.</summary>
    /// <param name="connection">Which, or <see cref="Every"/>.</param>
    public FaultPlan OnConnection(int connection)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(connection);
        return new(_faults, connection, _chance);
    }

    /// <summary>The server closes the connection instead of sending this event.</summary>
    /// <param name="eventType">A wire type, or <see cref="AnyEvent"/>; or a time of the session such as <c>30s</c>: the events from then on, and what needs no event happens then.</param>
    /// <param name="occurrence">Which of them, from 1, or <see cref="Every"/>.</param>
    /// <param name="status">A WebSocket status code, also one that nobody may send. 1005 is a goodbye without a status; <see cref="SimulatorEffect.BrokenConnection"/> (1006) ends the connection without a goodbye, as <see cref="Fin"/> does.</param>
    /// <param name="reason">One sentence for the client; cut to the 123 bytes that a goodbye can hold.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status does not fit into 16 bits, or the occurrence is negative.</exception>
    public FaultPlan CloseAt(string eventType, int occurrence, int status, string reason = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(status);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, ushort.MaxValue);
        return With(new(eventType, occurrence, FaultKind.Close, nameof(CloseAt)) { Status = status, Text = reason, NeedsNoEvent = true }, reason.Length == 0 ? Word("close", status) : $"{Word("close", status)} {reason}");
    }

    /// <summary>The server never sends this event.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Drop(string eventType, int occurrence) => With(new(eventType, occurrence, FaultKind.Drop, nameof(Drop)), "drop");

    /// <summary>The server sends this event several times.</summary>
    /// <param name="times">How often in all, 2 or more.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Repeat(string eventType, int occurrence, int times = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 2);
        return With(new(eventType, occurrence, FaultKind.Repeat, nameof(Repeat)) { Number = times - 1 }, Word("repeat", times));
    }

    /// <summary>This event alone comes late, and the others overtake it.</summary>
    /// <param name="milliseconds">By how much, on the session's clock.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Late(string eventType, int occurrence, int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        return With(new(eventType, occurrence, FaultKind.Late, nameof(Late)) { Number = milliseconds }, Span("late", milliseconds));
    }

    /// <summary>This event and the next one change places.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Swap(string eventType, int occurrence) => With(new(eventType, occurrence, FaultKind.Swap, nameof(Swap)), "swap");

    /// <summary>A member of the event has another value, or is there although it was not. Nothing happens where its owner is not there.</summary>
    /// <param name="member">Where: names, and numbers in lists, with dots between, such as <c>error.event_id</c> or <c>response.output.0.status</c>.</param>
    /// <param name="json">What it is then, as JSON text.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    /// <exception cref="ArgumentException">The text is no JSON, or the member has no name.</exception>
    public FaultPlan Alter(string eventType, int occurrence, string member, string json)
    {
        ArgumentException.ThrowIfNullOrEmpty(member);
        JsonNode? value;
        try
        {
            value = JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            throw new ArgumentException($"The value of {member} is no JSON. A text needs quotation marks.", nameof(json));
        }

        return Change(nameof(Alter), $"alter:{member}={json}", eventType, occurrence, (message, _) => MessageDamage.Alter(message, member, value, remove: false));
    }

    /// <summary>A member of the event is not there.</summary>
    /// <inheritdoc cref="Alter" path="/param"/>
    public FaultPlan Remove(string eventType, int occurrence, string member)
    {
        ArgumentException.ThrowIfNullOrEmpty(member);
        return Change(nameof(Remove), $"remove:{member}", eventType, occurrence, (message, _) => MessageDamage.Alter(message, member, null, remove: true));
    }

    /// <summary>Of the event only its first bytes come, as a whole message.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Cut(string eventType, int occurrence, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return Change(nameof(Cut), Word("cut", bytes), eventType, occurrence, (message, _) => MessageDamage.Cut(message, bytes));
    }

    /// <summary>The event is grown to a size by white space.</summary>
    /// <param name="bytes">How long it is then; a longer one stays as it is.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Pad(string eventType, int occurrence, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return Change(nameof(Pad), Word("pad", bytes), eventType, occurrence, (message, _) => MessageDamage.Pad(message, bytes));
    }

    /// <summary>A <c>response.done</c> of a response that never was comes before the event.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan GhostDone(string eventType, int occurrence) => With(
        new(eventType, occurrence, FaultKind.Inject, nameof(GhostDone))
        {
            NeedsNoEvent = true,
            NthText = static nth => $$$"""{"type":"response.done","event_id":"event_ghost_{{{nth.ToString(CultureInfo.InvariantCulture)}}}","response":{"object":"realtime.response","id":"resp_ghost","status":"completed","status_details":null,"output":[],"conversation_id":"conv_ghost","output_modalities":["audio"],"usage":null,"metadata":null}}""",
        },
        "ghost-done");

    /// <summary>Events have members that nobody knows and whole numbers written as 1.0, and unknown events come between: what readers have to live with.</summary>
    /// <param name="share">Of how many events, from above 0 to 1; the simulator's seed decides which.</param>
    public FaultPlan Noise(double share)
    {
        if (share is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share of the events is above 0, and 1 at most.");
        }

        return With(new(AnyEvent, Every, FaultKind.Change, nameof(Noise)) { Chance = share, Change = MessageDamage.Noise }, $"noise:{FaultValue.Shown(share)}", hasPlace: false)
            .With(new(AnyEvent, Every, FaultKind.Inject, nameof(Noise)) { Chance = share / 4, NthText = static nth => $$"""{"type":"x.unknown","event_id":"event_unknown_{{nth.ToString(CultureInfo.InvariantCulture)}}","n":1.0}""" }, word: null);
    }

    /// <summary>The faults that are added next happen to each of their events with this probability only; the simulator's seed decides.</summary>
    /// <param name="chance">From 0 to 1, which is certain.</param>
    public FaultPlan WithChance(double chance)
    {
        if (chance is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(chance), chance, "A probability is from 0 to 1.");
        }

        return new(_faults, _connection, chance);
    }

    /// <summary>The server sends this text, whatever it is, before the event.</summary>
    /// <param name="message">What is sent as it stands: malformed JSON, an unknown event, an event out of place.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan InjectBefore(string eventType, int occurrence, string message) => Inject(eventType, occurrence, $"inject:{message}", message);

    /// <summary>The connection ends without a goodbye, and everything before this place still arrives; a client reads this as 1006.</summary>
    /// <param name="bytes">So many bytes of the event's frame are sent, its header counted; 0 for none of it, and never more than there are.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Fin(string eventType, int occurrence, int bytes = 0) => Wire(nameof(Fin), Word("fin", bytes), eventType, occurrence, bytes, marks => marks with { End = WireEnd.Fin, EndAt = bytes });

    /// <summary>The connection is reset. On Linux everything before this place arrives first, if the client takes it within a second; elsewhere some of it may be lost.</summary>
    /// <inheritdoc cref="Fin" path="/param"/>
    public FaultPlan Reset(string eventType, int occurrence, int bytes = 0) => Wire(nameof(Reset), Word("reset", bytes), eventType, occurrence, bytes, marks => marks with { End = WireEnd.Reset, EndAt = bytes });

    /// <summary>Nothing more is sent for a while, and the connection stays open. The clock is the system's, and in memory the transport's.</summary>
    /// <param name="milliseconds">How long; -1 for ever.</param>
    /// <param name="bytes">So many bytes of the event's frame are sent before, its header counted. In memory a message comes whole, behind the silence.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Stall(string eventType, int occurrence, int milliseconds, int bytes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, Timeout.Infinite);
        string word = milliseconds == Timeout.Infinite ? "stall:forever" : Span("stall", milliseconds);
        return Wire(nameof(Stall), bytes == 0 ? word : string.Create(CultureInfo.InvariantCulture, $"{word},{bytes}"), eventType, occurrence, bytes, marks => marks with { StallMs = milliseconds, StallAt = bytes });
    }

    /// <summary>The event comes as a binary frame.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Binary(string eventType, int occurrence) => Wire(nameof(Binary), "binary", eventType, occurrence, 0, static marks => marks with { IsBinary = true });

    /// <summary>The last byte of the event is none of UTF-8.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan BadUtf8(string eventType, int occurrence) => Wire(nameof(BadUtf8), "bad-utf8", eventType, occurrence, 0, static marks => marks with { HasBadUtf8 = true });

    /// <summary>The event's frames are masked, which a server's must not be.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Masked(string eventType, int occurrence) => Wire(nameof(Masked), "masked", eventType, occurrence, 0, static marks => marks with { IsMasked = true });

    /// <summary>The event's frames have a reserved bit set, although no extension was agreed on.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan ReservedBit(string eventType, int occurrence) => Wire(nameof(ReservedBit), "reserved-bit", eventType, occurrence, 0, static marks => marks with { HasReservedBit = true });

    /// <summary>Events come in frames of so many bytes each.</summary>
    /// <param name="bytes">The payload of a frame, 1 or more.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Fragment(int bytes, string eventType = AnyEvent, int occurrence = Every)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        return Wire(nameof(Fragment), Word("fragment", bytes), eventType, occurrence, 0, marks => marks with { FragmentBytes = bytes });
    }

    /// <summary>Frames are written so many bytes at a time.</summary>
    /// <param name="bytes">1 or more.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Trickle(int bytes, string eventType = AnyEvent, int occurrence = Every)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        return Wire(nameof(Trickle), Word("trickle", bytes), eventType, occurrence, 0, marks => marks with { SegmentBytes = bytes });
    }

    /// <summary>A ping stands between any two fragments of an event; with <see cref="Fragment"/>, or in two halves.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan PingsBetween(string eventType = AnyEvent, int occurrence = Every) => Wire(nameof(PingsBetween), "pings", eventType, occurrence, 0, static marks => marks with { HasPingsBetween = true });

    /// <summary>A client's pings are not answered.</summary>
    public FaultPlan NoPong() => AtTheDoor(nameof(NoPong), "no-pong", static door => door with { HasNoPong = true });

    /// <summary>The server pings every so many milliseconds.</summary>
    public FaultPlan Ping(int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, 1);
        return AtTheDoor(nameof(Ping), Span("ping", milliseconds), door => door with { PingEveryMs = milliseconds });
    }

    /// <summary>The client is refused at the door.</summary>
    /// <param name="status">An HTTP status from 400 to 599.</param>
    /// <param name="retryAfterSeconds">What <c>Retry-After</c> says; negative for no such header.</param>
    public FaultPlan Http(int status, int retryAfterSeconds = -1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        return AtTheDoor(nameof(Http), retryAfterSeconds < 0 ? Word("http", status) : string.Create(CultureInfo.InvariantCulture, $"http:{status},retry={retryAfterSeconds}"), door => door with { Status = status, RetryAfterSeconds = retryAfterSeconds });
    }

    /// <summary>The answer to the upgrade takes so many milliseconds.</summary>
    public FaultPlan SlowAccept(int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        return AtTheDoor(nameof(SlowAccept), Span("slow-accept", milliseconds), door => door with { AcceptAfterMs = milliseconds });
    }

    /// <summary>No subprotocol is chosen, whatever was offered.</summary>
    public FaultPlan NoSubprotocol() => AtTheDoor(nameof(NoSubprotocol), "no-subprotocol", static door => door with { HasNoSubprotocol = true });

    /// <summary>What the client says in its nth event of a type never reaches the server.</summary>
    /// <param name="eventType">A wire type of the client's, or <see cref="AnyEvent"/>.</param>
    /// <param name="occurrence">Which of them, from 1, or <see cref="Every"/>.</param>
    public FaultPlan DropFromClient(string eventType, int occurrence) => With(new(ClientPrefix + eventType, occurrence, FaultKind.Drop, nameof(DropFromClient)), "drop");

    /// <summary>The server reads nothing more from the client for a while. What the client says meanwhile waits, and is heard afterwards. The clock is the system's.</summary>
    /// <param name="eventType">A wire type of the server's; with <c>client:</c> before it one of the client's, such as <c>client:response.create</c>, which is still heard; or a time.</param>
    /// <param name="milliseconds">How long; -1 for ever.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Deaf(string eventType, int occurrence, int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, Timeout.Infinite);
        ArgumentOutOfRangeException.ThrowIfZero(milliseconds);
        return Wire(nameof(Deaf), milliseconds == Timeout.Infinite ? "deaf:forever" : Span("deaf", milliseconds), eventType, occurrence, 0, marks => marks with { DeafMs = milliseconds });
    }

    /// <summary>The faults of one event of the client's.</summary>
    internal IEnumerable<Fault> AtClient(string eventType, int occurrenceOfType, int occurrenceOfAny) => _faults.Where(fault =>
        fault.EventType.StartsWith(ClientPrefix, StringComparison.Ordinal)
        && (fault.EventType.AsSpan(ClientPrefix.Length).SequenceEqual(eventType) ? fault.Occurrence == Every || fault.Occurrence == occurrenceOfType
            : fault.EventType.AsSpan(ClientPrefix.Length) is AnyEvent && (fault.Occurrence == Every || fault.Occurrence == occurrenceOfAny)));

    /// <summary>True when a client's events have to be looked at.</summary>
    internal bool ConcernsTheClient => Array.Exists(_faults, static fault => fault.EventType.StartsWith(ClientPrefix, StringComparison.Ordinal));

    /// <summary>Whether a fault happens this time; one that is certain draws no number.</summary>
    internal static bool IsDrawn(in Fault fault, Func<double> chance) => fault.Chance >= 1 || chance() < fault.Chance;

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
        : new([.. _faults.Where(fault => fault.Connection == Every || fault.Connection == connection)], Every, _chance);

    private static int TimeOf(string place)
    {
        try
        {
            return FaultValue.Span(place);
        }
        catch (FormatException wrong)
        {
            throw new ArgumentException(wrong.Message, "eventType", wrong);
        }
    }

    private static string Word(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"{name}:{value}");

    private static string Span(string name, int milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{name}:{milliseconds}ms");

    private FaultPlan Inject(string eventType, int occurrence, string word, string message) => With(new(eventType, occurrence, FaultKind.Inject, nameof(InjectBefore)) { Text = message, NeedsNoEvent = true }, word);

    private FaultPlan Wire(string name, string word, string eventType, int occurrence, int bytes, Func<FrameMarks, FrameMarks> mark)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        bool needsNoEvent = bytes == 0 && name is nameof(Fin) or nameof(Reset) or nameof(Stall) or nameof(Deaf);
        return With(new(eventType, occurrence, FaultKind.Wire, name) { AddToMarks = mark, NeedsNoEvent = needsNoEvent }, word);
    }

    private FaultPlan Change(string name, string word, string eventType, int occurrence, Func<byte[], Func<double>, byte[]> change) => With(new(eventType, occurrence, FaultKind.Change, name) { Change = change }, word);

    private FaultPlan AtTheDoor(string name, string word, Func<DoorFaults, DoorFaults> add) => With(new(string.Empty, Every, FaultKind.Door, name) { AddToDoor = add }, word, hasPlace: false);

    /// <param name="word">The fault as a command line names it, without its place; null for what belongs to the fault before it.</param>
    private FaultPlan With(Fault fault, string? word, bool hasPlace = true)
    {
        if (fault.Kind != FaultKind.Door)
        {
            ArgumentException.ThrowIfNullOrEmpty(fault.EventType, "eventType");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(fault.Occurrence, "occurrence");
        if (FaultPlace.IsTime(fault.EventType))
        {
            fault = fault with { AtMs = TimeOf(fault.EventType) };
            fault = fault with { EventType = FaultPlace.Time(fault.AtMs) };
        }

        string? wish = word is null ? null : new FaultWish(word, "", hasPlace ? FaultPlace.Of(fault.EventType, fault.Occurrence) : null, _connection, _chance).ToString();
        return new([.. _faults, fault with { Connection = _connection, Chance = fault.Chance * _chance, Wish = wish }], _connection, _chance);
    }
}

/// <summary>What happens to the event that a fault is tied to.</summary>
internal enum FaultKind
{
    Close,
    Drop,
    Repeat,
    Inject,
    Late,
    Swap,

    /// <summary>Its text is another one.</summary>
    Change,

    /// <summary>Its frames are marked.</summary>
    Wire,

    /// <summary>It is tied to no event, but to the connection.</summary>
    Door,
}

/// <summary>One thing that goes wrong.</summary>
internal readonly record struct Fault(string EventType, int Occurrence, FaultKind Kind, string Name)
{
    public int Connection { get; init; }

    /// <summary>The fault as a command line writes it; null for what belongs to the fault before it.</summary>
    public string? Wish { get; init; }

    /// <summary>The time that stands in place of an event, in milliseconds from the beginning of the session; negative where none does.</summary>
    public int AtMs { get; init; } = -1;

    /// <summary>True where it happens at its time and not to an event.</summary>
    public bool IsMoment => AtMs >= 0 && Occurrence == 1 && NeedsNoEvent;

    /// <summary>True where it can happen without an event.</summary>
    public bool NeedsNoEvent { get; init; }

    public int Status { get; init; }

    /// <summary>The reason of a goodbye, or what is injected.</summary>
    public string Text { get; init; } = "";

    /// <summary>In place of <see cref="Text"/>: what is injected the nth time that something is.</summary>
    public Func<int, string>? NthText { get; init; }

    /// <summary>How many copies more, or how many milliseconds later.</summary>
    public int Number { get; init; }

    /// <summary>How likely it is.</summary>
    public double Chance { get; init; } = 1;

    /// <summary>What becomes of the event's text, given a source of numbers from 0 to below 1.</summary>
    public Func<byte[], Func<double>, byte[]>? Change { get; init; }

    public Func<FrameMarks, FrameMarks>? AddToMarks { get; init; }

    public Func<DoorFaults, DoorFaults>? AddToDoor { get; init; }
}
