using System.Buffers;
using System.Threading.Channels;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing;

/// <summary>
/// The shell around one simulator: it brings the clock, the timer and the lock, and queues what the simulator wants sent, in rented
/// blocks, for whoever carries it to the client. Everything that is decided is decided by the simulator.
/// </summary>
internal sealed class SimulatorConnection : IDisposable
{
    /// <summary>What may wait for a reader in the same process, which shares its memory with the test: enough for any test, and an end all the same.</summary>
    public const long MaxQueuedInMemory = 256L * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly RealtimeServerSimulator _simulator;
    private readonly Transcript? _transcript;
    private readonly Channel<OutgoingMessage> _outgoing = Channel.CreateUnbounded<OutgoingMessage>(new UnboundedChannelOptions());
    private readonly CancellationTokenSource _gaveUp = new();
    private readonly long _maxQueuedBytes;
    private long _queuedBytes;
    private bool _ended;

    public SimulatorConnection(SimulatorOptions options, TimeProvider time, long maxQueuedBytes, Transcript? transcript = null)
    {
        _maxQueuedBytes = maxQueuedBytes;
        GaveUp = _gaveUp.Token;
        _time = time;
        _transcript = transcript;
        _start = time.GetTimestamp();
        _simulator = new RealtimeServerSimulator(options with { UnixSecondsAtConnect = time.GetUtcNow().ToUnixTimeSeconds() });
        _timer = time.CreateTimer(static connection => ((SimulatorConnection)connection!).Elapse(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            _simulator.Connect(Now);
            TakeEffects();
        }
    }

    /// <summary>What is to be sent, in order; complete once the connection has ended.</summary>
    public ChannelReader<OutgoingMessage> Outgoing => _outgoing.Reader;

    /// <summary>Cancelled when the client read too slowly: what waited for it was thrown away, and only the goodbye is left.</summary>
    public CancellationToken GaveUp { get; }

    private long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>The client said something.</summary>
    public void Receive(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _transcript?.Add(Speaker.Client, message, Now);
                try
                {
                    _simulator.Receive(message, Now);
                }
                catch (Exception failure)
                {
                    Fail(failure);
                }

                TakeEffects();
            }
        }
    }

    /// <summary>Says goodbye on behalf of the simulator, after what is queued.</summary>
    public void Close(int status, string reason)
    {
        lock (_gate)
        {
            End(status, reason);
        }
    }

    /// <summary>The message was sent: its block goes back.</summary>
    public void Release(in OutgoingMessage message)
    {
        if (message.Block is { } block)
        {
            Interlocked.Add(ref _queuedBytes, -message.Body.Length);
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>The client is gone: no timer fires any more, and nothing more is queued.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _outgoing.Writer.TryComplete();
        }

        _timer.Dispose();
        _gaveUp.Dispose();
    }

    private void Elapse()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                try
                {
                    _simulator.Elapse(Now);
                }
                catch (Exception failure)
                {
                    Fail(failure);
                }

                TakeEffects();
            }
        }
    }

    // A simulator does not throw; a model that a test wrote may. On a timer's thread that would end the process.
    private void Fail(Exception failure)
    {
        TakeEffects();
        End(1011, $"The simulated model failed: {failure.GetType().Name}: {failure.Message}");
    }

    private void TakeEffects()
    {
        // Judged by what earlier calls left behind: one long answer may come at once, and is not the client's fault.
        if (!_ended && Interlocked.Read(ref _queuedBytes) > _maxQueuedBytes)
        {
            GiveUp();
        }

        while (!_ended && _simulator.TryTakeEffect(out SimulatorEffect effect))
        {
            switch (effect.Kind)
            {
                case SimulatorEffectKind.Send:
                    Queue(effect.Message.Span);
                    break;
                case SimulatorEffectKind.SetTimer:
                    _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, effect.At - Now)), Timeout.InfiniteTimeSpan);
                    break;
                case SimulatorEffectKind.Close:
                    End(effect.CloseStatus, effect.CloseReason);
                    break;
            }
        }
    }

    private void Queue(ReadOnlySpan<byte> message)
    {
        _transcript?.Add(Speaker.Server, message, Now);
        byte[] block = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(block);
        Interlocked.Add(ref _queuedBytes, message.Length);
        _outgoing.Writer.TryWrite(new OutgoingMessage(block, message.Length));
    }

    // A goodbye behind megabytes that nobody reads would never arrive.
    private void GiveUp()
    {
        while (_outgoing.Reader.TryRead(out OutgoingMessage unread))
        {
            Release(unread);
        }

        End(1008, "The client does not read what it is sent.");
        _gaveUp.Cancel();
    }

    private void End(int status, string reason)
    {
        if (!_ended)
        {
            _ended = true;
            _outgoing.Writer.TryWrite(new OutgoingMessage(status, reason));
            _outgoing.Writer.TryComplete();
        }
    }
}

/// <summary>What goes to the client: a message, or the end of the connection.</summary>
internal readonly struct OutgoingMessage
{
    public OutgoingMessage(byte[] block, int length)
    {
        Block = block;
        Body = block.AsMemory(0, length);
    }

    public OutgoingMessage(int closeStatus, string closeReason)
    {
        CloseStatus = closeStatus;
        CloseReason = closeReason;
    }

    /// <summary>The rented block of a message; null at the end.</summary>
    public byte[]? Block { get; }

    public ReadOnlyMemory<byte> Body { get; }

    public int CloseStatus { get; }

    public string CloseReason { get; } = "";
}
