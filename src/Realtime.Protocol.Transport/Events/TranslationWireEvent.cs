using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Events.Translation;

/// <summary>
/// One event that went over the connection of a translation: a copy that is the reader's to keep and to pass between threads. It is as it was on the wire, speech and words included, so its text belongs in no log of errors.
/// </summary>
public sealed class WireEvent
{
    private readonly Events.WireEvent _event;

    internal WireEvent(Events.WireEvent e) => _event = e;

    /// <summary>Who sent it.</summary>
    public EventDirection Direction => _event.Direction;

    /// <summary>When: since the session was begun, on the session's clock. A received one when it had been read; a sent one when it was handed to the socket, which may still have failed to take the last one.</summary>
    public TimeSpan At => _event.At;

    /// <summary>The event's name on the wire.</summary>
    public string Type => _event.Type;

    /// <summary>The whole event.</summary>
    public ReadOnlyMemory<byte> Utf8Json => _event.Utf8Json;

    /// <summary>How many selected events between the one that was read before and this one were left out, because the reader was too slow: 4,096 events or 16 MiB wait for it, and audio goes first.</summary>
    public int MissedBefore => _event.MissedBefore;

    /// <summary>Reads a received event. Its view lasts as long as this object.</summary>
    /// <exception cref="InvalidOperationException">It was sent.</exception>
    public ServerEvent AsServerEvent()
    {
        if (Direction is not EventDirection.Received)
        {
            throw new InvalidOperationException("This event was sent; read it with AsClientEvent.");
        }

        // As the session reads it: one that is odd is mended, by a reader that its view belongs to.
        return ServerEvent.TryRead(Utf8Json.Span, out ServerEvent sound, out _) || new ServerEventReader(EventHeader.LargestMessageBytes, ReadTolerance.Mend).TryRead(Utf8Json.Span, default, out sound, out _)
            ? sound
            : throw Unreadable();
    }

    /// <summary>Reads a sent event. Its view lasts as long as this object.</summary>
    /// <exception cref="InvalidOperationException">It was received.</exception>
    public ClientEvent AsClientEvent()
    {
        if (Direction is not EventDirection.Sent)
        {
            throw new InvalidOperationException("This event was received; read it with AsServerEvent.");
        }

        return ClientEvent.TryRead(Utf8Json.Span, out ClientEvent sound, out _) ? sound : throw Unreadable();
    }

    /// <summary>The direction and the kind of event; never its content.</summary>
    public override string ToString() => _event.ToString();

    // Unreachable: only what was read or written is kept.
    private static InvalidOperationException Unreadable() => new("The event cannot be read.");
}
