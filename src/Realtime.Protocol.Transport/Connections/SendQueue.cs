using System.Buffers;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What waits to be sent, in two lanes: one FIFO of audio and messages, and a control lane for cancel and truncate, which may overtake
/// queued audio because silence can't wait for it (BP-02). A command is written as it comes, so what waits is bytes, which nobody can
/// change any more; audio is a count, and is read and written when its time comes. How much may wait is the machine's to say (BP-04).
/// </summary>
/// <param name="write">Writes a command: <see cref="CommandWriter.Write"/>, but for tests of what happens when it cannot.</param>
internal sealed class SendQueue(Action<IBufferWriter<byte>, SessionCommand> write)
{
    /// <summary>The most raw audio in one append: 400 ms of PCM16, so that a control command waits for no more than that.</summary>
    internal const int MaxAudioBytes = 19_200;

    private readonly Lock _lock = new();
    private readonly Queue<Outgoing> _control = [];
    private readonly Queue<Batch> _batches = [];
    private readonly WakeSignal _arrived = new();
    private readonly MessageWriter _writer = new();

    // What came after the last message; it joins the next one's batch.
    private Batch _open;

    // The batch that is being sent, taken out of the queue; without a message there is none.
    private Batch _first;
    private long _waitingBytes;

    // What somebody waits with whose message the connection did not take; its end is told with the connection's.
    private SendTicket? _stranded;
    private bool _closed;

    public SendQueue()
        : this(CommandWriter.Write)
    {
    }

    /// <summary>How many bytes of messages wait, audio apart.</summary>
    public long WaitingBytes => Volatile.Read(ref _waitingBytes);

    /// <summary>How many bytes of audio wait.</summary>
    public long WaitingAudioBytes
    {
        get
        {
            lock (_lock)
            {
                return _first.AudioBytes + _open.AudioBytes + _batches.Sum(static batch => batch.AudioBytes);
            }
        }
    }

    /// <summary>Writes a command into the queue. One caller at a time, which is the machine's.</summary>
    /// <exception cref="Exception">It cannot be written, and nothing was added: a bug, since an intent is measured before the machine hears of it.</exception>
    public void Add(SessionCommand command)
    {
        try
        {
            write(_writer, command);
        }
        catch
        {
            _writer.Take().GiveBack();
            throw;
        }

        Outgoing message = _writer.Take() with { Request = (command as SessionCommand.CreateResponse)?.EventId };
        lock (_lock)
        {
            if (_closed)
            {
                message.GiveBack();
                return;
            }

            if (OvertakesAudio(command))
            {
                _control.Enqueue(message);
            }
            else
            {
                _batches.Enqueue(_open with { Message = message });
                _open = default;
            }

            _waitingBytes += message.Length;
            _arrived.Set(true);
        }
    }

    /// <summary>Takes an event that the application wrote by itself. It overtakes nothing. Its block, and the end of its ticket, are the queue's from now on.</summary>
    public void Add(Outgoing written)
    {
        lock (_lock)
        {
            if (_closed)
            {
                GiveUp(written);
                return;
            }

            _batches.Enqueue(_open with { Message = written });
            _open = default;
            _waitingBytes += written.Length;
            _arrived.Set(true);
        }
    }

    /// <summary>The connection did not take a message, and takes no other.</summary>
    public void Strand(SendTicket ticket)
    {
        lock (_lock)
        {
            if (_closed)
            {
                ticket.Fail();
                return;
            }

            _stranded = ticket;
        }
    }

    /// <summary>Counts audio that lies ready in the input pipe.</summary>
    public void AddAudio(long bytes)
    {
        lock (_lock)
        {
            if (!_closed && bytes > 0)
            {
                _open = _open with { AudioBytes = _open.AudioBytes + bytes };
                _arrived.Set(true);
            }
        }
    }

    /// <summary>Counts bytes in the input pipe that are to be thrown away before the audio that follows: half a sample at the end of a turn.</summary>
    public void AddLeftover(int bytes)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _open = _open with { LeftoverBytes = _open.LeftoverBytes + bytes };
                _arrived.Set(true);
            }
        }
    }

    /// <summary>Takes what is to be sent next; false when nothing waits. The block of a message is the caller's.</summary>
    public bool TryTake(out Outgoing next)
    {
        lock (_lock)
        {
            if (_control.TryDequeue(out next))
            {
                _waitingBytes -= next.Length;
                return true;
            }

            if (_first.Message.Rented is null && !_batches.TryDequeue(out _first))
            {
                return TryTakeAudio(ref _open, out next);
            }

            if (!TryTakeAudio(ref _first, out next))
            {
                next = _first.Message;
                _waitingBytes -= next.Length;
                _first = default;
            }

            return true;
        }
    }

    /// <summary>Waits until something may have arrived; false once the queue is closed.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_lock)
        {
            return _closed ? new(false) : _arrived.WaitAsync();
        }
    }

    /// <summary>Forgets what waits and takes nothing more.</summary>
    /// <returns>The ids of the requests for a response among what is forgotten: no socket has had them, or will have them. What was taken last may be with the socket, so it is not among them. Empty for a second call.</returns>
    public IReadOnlyList<string> Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (_control.TryDequeue(out Outgoing control))
            {
                control.GiveBack();
            }

            _stranded?.Fail();
            var requests = new List<string>();
            Forget(_first.Message, requests);
            while (_batches.TryDequeue(out Batch batch))
            {
                Forget(batch.Message, requests);
            }

            (_stranded, _first, _open, _waitingBytes) = (null, default, default, 0);
            _arrived.Set(false);
            return requests;
        }
    }

    private static void Forget(Outgoing message, List<string> requests)
    {
        GiveUp(message);
        if (message.Request is { } request)
        {
            requests.Add(request);
        }
    }

    private static void GiveUp(Outgoing message)
    {
        message.GiveBack();
        message.Ticket?.Fail();
    }

    // A cancel without a name probes for a response whose create must have left first, so it keeps its place.
    private static bool OvertakesAudio(SessionCommand command) =>
        command is SessionCommand.TruncateItem or SessionCommand.CancelResponse { ResponseId: not null };

    private static bool TryTakeAudio(ref Batch batch, out Outgoing next)
    {
        if (batch.LeftoverBytes > 0)
        {
            next = Outgoing.OfLeftover(batch.LeftoverBytes);
            batch = batch with { LeftoverBytes = 0 };
            return true;
        }

        next = default;
        if (batch.AudioBytes > 0)
        {
            int bytes = (int)Math.Min(batch.AudioBytes, MaxAudioBytes);
            batch = batch with { AudioBytes = batch.AudioBytes - bytes };
            next = Outgoing.OfAudio(bytes);
            return true;
        }

        return false;
    }

    // Sent from left to right.
    private readonly record struct Batch(int LeftoverBytes, long AudioBytes, Outgoing Message);
}
