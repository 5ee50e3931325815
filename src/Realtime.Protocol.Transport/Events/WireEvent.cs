using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Events;

/// <summary>
/// One event that went over the connection: a copy that is the reader's to keep and to pass between threads. Credentials in it are masked; everything else is as it was on the
/// wire, speech and words included, so its text belongs in no log of errors.
/// </summary>
public sealed class WireEvent
{
    internal WireEvent(EventDirection direction, TimeSpan at, string type, ReadOnlyMemory<byte> json, bool isAudio) =>
        (Direction, At, Type, Utf8Json, IsAudio) = (direction, at, type, json, isAudio);

    /// <summary>Who sent it.</summary>
    public EventDirection Direction { get; }

    /// <summary>When: since the session was begun, on the session's clock. A received one when it had been read; a sent one when it was handed to the socket, which may still have failed to take the last one.</summary>
    public TimeSpan At { get; }

    /// <summary>The event's name on the wire.</summary>
    public string Type { get; }

    /// <summary>
    /// The whole event. Every text called <c>authorization</c>, and every text in <c>headers</c> and <c>client_secret</c>, reads <c>***</c>, wherever it stands: MCP tools carry credentials there.
    /// </summary>
    public ReadOnlyMemory<byte> Utf8Json { get; }

    /// <summary>How many selected events between the one that was read before and this one were left out, because the reader was too slow: 4,096 events or 16 MiB wait for it, and audio goes first.</summary>
    public int MissedBefore { get; internal set; }

    internal bool IsAudio { get; }

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

        return ClientEvent.TryRead(Utf8Json.Span, out ClientEvent sound, out _) || new ClientEventReader(EventHeader.LargestMessageBytes, ReadTolerance.Mend).TryRead(Utf8Json.Span, default, out sound, out _)
            ? sound
            : throw Unreadable();
    }

    /// <summary>The direction and the kind of event; never its content.</summary>
    public override string ToString() => $"{Direction} {Type}";

    // Unreachable: only what was read is kept, and a mask is a text where a text was.
    private static InvalidOperationException Unreadable() => new("The event cannot be read.");
}
