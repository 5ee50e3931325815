using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What waits to be sent, in two lanes: one FIFO of audio and commands, and a control lane for cancel and truncate, which may overtake
/// queued audio because silence can't wait for it (BP-02). Audio is a count of bytes here; it is read and encoded when its time comes.
/// </summary>
internal sealed class SendQueue
{
    /// <summary>The most raw audio in one append: 400 ms of PCM16, so that a control command waits for no more than that.</summary>
    internal const int MaxAudioBytes = 19_200;

    private readonly Lock _lock = new();
    private readonly Queue<SessionCommand> _control = [];
    private readonly Queue<Batch> _batches = [];
    private readonly WakeSignal _arrived = new();

    // What came after the last command; it joins the next one's batch.
    private Batch _open;

    // The batch that is being sent, taken out of the queue; without a command there is none.
    private Batch _first;
    private bool _closed;

    public void Add(SessionCommand command)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            if (OvertakesAudio(command))
            {
                _control.Enqueue(command);
            }
            else
            {
                _batches.Enqueue(_open with { Command = command });
                _open = default;
            }

            _arrived.Set(true);
        }
    }

    /// <summary>Counts audio that lies ready in the input pipe.</summary>
    public void AddAudio(long bytes)
    {
        lock (_lock)
        {
            if (!_closed)
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

    /// <summary>Takes what is to be sent next; false when nothing waits.</summary>
    public bool TryTake(out Outgoing item)
    {
        lock (_lock)
        {
            if (_control.TryDequeue(out SessionCommand? control))
            {
                item = new(control, 0, 0);
                return true;
            }

            if (_first.Command is null && !_batches.TryDequeue(out _first))
            {
                return TryTakeAudio(ref _open, out item);
            }

            if (!TryTakeAudio(ref _first, out item))
            {
                item = new(_first.Command, 0, 0);
                _first = default;
            }

            return true;
        }
    }

    /// <summary>Waits until something may have arrived; false once the outbox is closed.</summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_lock)
        {
            return _closed ? new(false) : _arrived.WaitAsync();
        }
    }

    /// <summary>Forgets what waits and takes nothing more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _control.Clear();
            _batches.Clear();
            (_first, _open) = (default, default);
            _arrived.Set(false);
        }
    }

    // A cancel without a name probes for a response whose create must have left first, so it keeps its place.
    private static bool OvertakesAudio(SessionCommand command) =>
        command is SessionCommand.TruncateItem or SessionCommand.CancelResponse { ResponseId: not null };

    private static bool TryTakeAudio(ref Batch batch, out Outgoing item)
    {
        if (batch.LeftoverBytes > 0)
        {
            item = new(null, 0, batch.LeftoverBytes);
            batch = batch with { LeftoverBytes = 0 };
            return true;
        }

        item = default;
        if (batch.AudioBytes > 0)
        {
            int bytes = (int)Math.Min(batch.AudioBytes, MaxAudioBytes);
            batch = batch with { AudioBytes = batch.AudioBytes - bytes };
            item = new(null, bytes, 0);
            return true;
        }

        return false;
    }

    // Sent from left to right.
    private readonly record struct Batch(int LeftoverBytes, long AudioBytes, SessionCommand? Command);
}

/// <summary>One thing to send: a command, or so many bytes of audio, or so many bytes to skip.</summary>
internal readonly record struct Outgoing(SessionCommand? Command, int AudioBytes, int LeftoverBytes);
