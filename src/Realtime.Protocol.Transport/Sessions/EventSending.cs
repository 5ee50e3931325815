using System.Globalization;
using System.Text;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What the application sends by itself: written at the call, given an id, read back so that the machine knows what it says, and put into the one queue. Reading what was written is
/// what makes typed and raw events the same; it allocates nothing for an event that has the form of the schema.
/// </summary>
/// <param name="gate">To the machine and the queue.</param>
/// <param name="idPrefix">Of this session's ids.</param>
/// <param name="reason">Why the connection has ended, if it has.</param>
/// <param name="closed">How the application learns of it.</param>
internal sealed class EventSending(MachineGate gate, string idPrefix, Func<RealtimeCloseReason?> reason, Func<RealtimeCloseReason, RealtimeClosedException> closed)
{
    private const int MaxIdBytes = 512;

    private readonly byte[] _idBegin = Encoding.UTF8.GetBytes($"\"event_id\":\"sent_{idPrefix}_");

    // Made by the first event: most sessions send none.
    private SendTickets? _tickets;
    private MessageWriter? _writer;
    private long _lastNumber;

    [SequencerEntry] // No response.create: it is no ISendableEvent, and the machine refuses whatever else says that it is one.
    public ValueTask Send<T>(in T clientEvent, CancellationToken cancellationToken)
        where T : struct, ISendableEvent, allows ref struct
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        MessageWriter writer = TakeWriter();
        try
        {
            JsonWrite.Write(writer, in clientEvent);
            return Send(writer, nameof(clientEvent), cancellationToken);
        }
        finally
        {
            GiveBack(writer);
        }
    }

    public ValueTask SendRaw(RawJson clientEvent, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        MessageWriter writer = TakeWriter();
        try
        {
            ReadOnlySpan<byte> json = clientEvent.Utf8.Trim(" \t\r\n"u8);
            json.CopyTo(writer.GetSpan(json.Length));
            writer.Advance(json.Length);
            return Send(writer, nameof(clientEvent), cancellationToken);
        }
        finally
        {
            GiveBack(writer);
        }
    }

    private ValueTask Send(MessageWriter writer, string argument, CancellationToken cancellationToken)
    {
        bool hasId = CheckEnvelope(writer.Written, argument);
        if (!hasId)
        {
            AddId(writer);
        }

        SendTickets tickets = Volatile.Read(ref _tickets) ?? Interlocked.CompareExchange(ref _tickets, new(reason, closed), null) ?? _tickets;
        SendTicket ticket = tickets.Take();
        ValueTask sent = ticket.Task;
        SubmitResult result = Submit(writer, ticket, argument);
        if (!result.IsAccepted)
        {
            tickets.TakeBack(ticket);
            throw reason() is { } ended ? closed(ended) : new RealtimeRefusedException(result.Rule ?? "", result.Message ?? "The event was refused.");
        }

        return cancellationToken.CanBeCanceled && !sent.IsCompleted ? new(WaitAsync(sent.AsTask(), cancellationToken).MayBeLeftAlone()) : sent;
    }

    private static async Task WaitAsync(Task sent, CancellationToken cancellationToken)
    {
        try
        {
            await sent.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!sent.IsCompleted)
        {
            _ = sent.MayBeLeftAlone(); // its caller has said so
            throw;
        }
    }

    private SubmitResult Submit(MessageWriter writer, SendTicket ticket, string argument)
    {
        // What was written by the schema reads by it; raw JSON may be ahead of the schema, and is known as far as it is understood.
        if (ClientEvent.TryRead(writer.Written, out ClientEvent e, out ReadError error)
            || new ClientEventReader(EventHeader.LargestMessageBytes, ReadTolerance.Mend).TryRead(writer.Written, default, out e, out error))
        {
            return gate.SubmitEvent(in e, writer, ticket);
        }

        throw new ArgumentException($"The event cannot be read: {error}.", argument);
    }

    /// <summary>Checks what every event has.</summary>
    /// <returns>Whether it has an id.</returns>
    private static bool CheckEnvelope(ReadOnlySpan<byte> message, string argument)
    {
        var json = new JsonCursor(message);
        if (json.Peek() != (byte)'{')
        {
            throw new ArgumentException("An event is a JSON object; this is none.", argument);
        }

        Slot type = default;
        Slot id = default;
        bool reads = json.BeginObject(out bool more);
        while (reads && more)
        {
            reads = json.ReadName(out Slot name);
            if (reads && JsonEscapes.ValueEquals(message, name, "type"u8))
            {
                reads = ReadText(ref json, ref type, "type", argument);
            }
            else if (reads && JsonEscapes.ValueEquals(message, name, "event_id"u8))
            {
                reads = ReadText(ref json, ref id, "event_id", argument);
            }
            else
            {
                reads = reads && json.Skip();
            }

            reads = reads && json.NextMember(out more);
        }

        if (!reads || type.Length == 0)
        {
            throw new ArgumentException(reads ? "An event has a type; this has none." : $"The event cannot be read: {json.Error}.", argument);
        }

        return id.Occurs;
    }

    private static bool ReadText(scoped ref JsonCursor json, scoped ref Slot text, string name, string argument)
    {
        if (text.Occurs)
        {
            throw name == "type"
                ? new RealtimeRefusedException("RC-01", "You sent an event that states its type twice; which one the server would go by is not known, so it may be an event that only the session sends.")
                : new ArgumentException($"The event states its {name} twice.", argument);
        }

        if (json.Peek() != (byte)'"')
        {
            throw new ArgumentException($"The {name} of an event is a text; this is none.", argument);
        }

        bool reads = json.ReadText(ref text, nullable: false);
        return !reads || text.Length is > 0 and <= MaxIdBytes ? reads : throw new ArgumentException($"The {name} of an event has 1 to {MaxIdBytes} bytes.", argument);
    }

    /// <summary>Every event has an id, because an error names what it is about by it.</summary>
    private void AddId(MessageWriter writer)
    {
        Span<byte> number = stackalloc byte[20];
        Interlocked.Increment(ref _lastNumber).TryFormat(number, out int digits, default, CultureInfo.InvariantCulture);
        writer.Insert(1, "\","u8);
        writer.Insert(1, number[..digits]);
        writer.Insert(1, _idBegin);
    }

    private MessageWriter TakeWriter() => Interlocked.Exchange(ref _writer, null) ?? new();

    // What was not sent goes back to the pool with it.
    private void GiveBack(MessageWriter writer)
    {
        writer.Take().GiveBack();
        Volatile.Write(ref _writer, writer);
    }
}
