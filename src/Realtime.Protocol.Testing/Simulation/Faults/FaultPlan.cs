namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>
/// What goes wrong, and where: a list of faults, each tied to the nth server event of a type, so that a test can break a session at
/// exactly one place and break it there again. A plan never changes; each method gives a longer one.
/// </summary>
/// <example><c>FaultPlan.None.CloseAt("response.output_audio.delta", occurrence: 3, status: 1011, "The server fell over.")</c></example>
public sealed class FaultPlan
{
    /// <summary>In place of an event type: counts events of every type.</summary>
    public const string AnyEvent = "*";

    private readonly Fault[] _faults;

    private FaultPlan(Fault[] faults) => _faults = faults;

    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new([]);

    /// <summary>The server closes the connection instead of sending this event.</summary>
    /// <param name="eventType">A wire type, or <see cref="AnyEvent"/>.</param>
    /// <param name="occurrence">Which of them, from 1.</param>
    /// <param name="status">A WebSocket status code; <see cref="SimulatorEffect.BrokenConnection"/> (1006) drops the connection without a goodbye.</param>
    /// <param name="reason">One sentence for the client.</param>
    public FaultPlan CloseAt(string eventType, int occurrence, int status, string reason = "") => With(new(eventType, occurrence, FaultKind.Close, "", status, reason));

    /// <summary>The server never sends this event.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Drop(string eventType, int occurrence) => With(new(eventType, occurrence, FaultKind.Drop, "", 0, ""));

    /// <summary>The server sends this event twice.</summary>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan Repeat(string eventType, int occurrence) => With(new(eventType, occurrence, FaultKind.Repeat, "", 0, ""));

    /// <summary>The server sends this text, whatever it is, before the event.</summary>
    /// <param name="message">What is sent as it stands: malformed JSON, an unknown event, an event out of place.</param>
    /// <inheritdoc cref="CloseAt" path="/param"/>
    public FaultPlan InjectBefore(string eventType, int occurrence, string message) => With(new(eventType, occurrence, FaultKind.Inject, message, 0, ""));

    /// <summary>The faults of one event, in the order in which they were added.</summary>
    internal IEnumerable<Fault> At(string eventType, int occurrenceOfType, int occurrenceOfAny)
    {
        foreach (Fault fault in _faults)
        {
            if ((fault.EventType == eventType && fault.Occurrence == occurrenceOfType) || (fault.EventType == AnyEvent && fault.Occurrence == occurrenceOfAny))
            {
                yield return fault;
            }
        }
    }

    private FaultPlan With(Fault fault)
    {
        ArgumentException.ThrowIfNullOrEmpty(fault.EventType, "eventType");
        ArgumentOutOfRangeException.ThrowIfLessThan(fault.Occurrence, 1, "occurrence");
        return new([.. _faults, fault]);
    }
}

/// <summary>What happens to the event that a fault is tied to.</summary>
internal enum FaultKind
{
    Close,
    Drop,
    Repeat,
    Inject,
}

/// <summary>One thing that goes wrong.</summary>
internal readonly record struct Fault(string EventType, int Occurrence, FaultKind Kind, string Message, int Status, string Reason);
