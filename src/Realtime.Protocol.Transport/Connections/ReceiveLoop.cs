using System.Buffers;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What comes in, from the first message to the end. It waits for the network, for the application's handler, and for a reader that is prompt (<see cref="WokenReader"/>); nothing else
/// may hold it. What a message says is for a derived loop to read. It ends nothing itself: it says why the connection ended.
/// </summary>
/// <param name="gate">Hears also of what could not be read.</param>
/// <param name="transport">Where messages come from.</param>
/// <param name="handler">The application's code that runs on this loop; null for none.</param>
internal abstract class ReceiveLoop(SessionGate gate, IRealtimeTransport transport, HandlerWatch? handler)
{
    // Enough for a second of PCM16; a longer delta is decoded where it goes.
    private const int MaxAudioScratchBytes = 64 * 1024;

    private readonly TaskCompletionSource<RealtimeCloseReason?> _end = new();

    // None where a handler may hold the loop, or what lies under the transport is someone's own: it may receive on the thread of whoever sends, which a reader that waits for more would hold for good.
    private WokenReader? _woken;
    private long _malformed;
    private volatile bool _isStopped;

    public long MalformedEvents => Volatile.Read(ref _malformed);

    public long OddEvents => Odd.Count;

    /// <summary>What was odd in what could be read.</summary>
    protected OddEvents Odd { get; } = new();

    /// <summary>Takes in no further message: the connection has ended while a handler held the loop.</summary>
    public virtual void Stop() => _isStopped = true;

    /// <summary>Receives until the end, and says why it came; null when the loop was stopped.</summary>
    public Task<RealtimeCloseReason?> RunAsync()
    {
        if (handler is null && transport is WebSocketTransport { ReceivesInPool: true } or PipeTransport { ReceivesInPool: true })
        {
            ExecutionContext? context = ExecutionContext.Capture();
            _woken = new(() => GoOnElsewhere(context), TimeProvider.System); // threads take the machine's time, whatever the session's is
        }

        _ = ReceiveAllAsync();
        return _end.Task;
    }

    /// <summary>Reads one message, and gives it to the session and then to the handler.</summary>
    /// <param name="message">Valid during the call.</param>
    /// <param name="audio">Where the audio of an event is decoded to.</param>
    protected abstract void Receive(ReadOnlySpan<byte> message, Span<byte> audio);

    /// <summary>It could not be read: it is counted, told and passed over.</summary>
    protected void Refuse(ReadOnlySpan<byte> message, in ReadError error)
    {
        Interlocked.Increment(ref _malformed);
        gate.ReceiveRefused(message);
        gate.Reporter.Report(new SessionProblem.MalformedEvent(error, message.Length));
    }

    // Whoever takes the loop away has a context of its own, or none: what the loop starts from then on, tools and another connection, is to see that of whoever connected.
    private void GoOnElsewhere(ExecutionContext? context)
    {
        if (context is null)
        {
            _ = Task.Run(ReceiveAllAsync);
            return;
        }

        ExecutionContext.Run(context, static loop => _ = Task.Run(((ReceiveLoop)loop!).ReceiveAllAsync), this);
    }

    // What it is in the middle of is in no local: where a reader blocks, the next call goes on.
    private async Task ReceiveAllAsync()
    {
        try
        {
            RealtimeCloseReason? end = null;
            while (!_isStopped && end is null)
            {
                ValueTask<ReceivedMessage> receiving = transport.ReceiveAsync();
                bool isThere = receiving.IsCompleted;
                ReceivedMessage message = await receiving.ConfigureAwait(false);
                if (message.IsEnd)
                {
                    // It had come before the loop was back to receive: a handler ran when it did.
                    end = StuckHandler.Judge(message.End, isThere ? handler : null, sending: null);
                }
                else if (!Receive(message, isThere))
                {
                    return;
                }
            }

            _woken?.End();
            _end.SetResult(end);
        }
        catch (Exception failure)
        {
            _woken?.End();
            _end.SetException(failure);
        }
    }

    // A reader is waited for where the loop has nothing else to do. A busy connection's goes on beside the loop. False when the loop is not the caller's any more.
    private bool Receive(in ReceivedMessage message, bool isThere)
    {
        if (_woken is not { } woken || isThere)
        {
            Receive(message.Body.Span, message.IsBinary);
            return true;
        }

        woken.Keep();
        try
        {
            Receive(message.Body.Span, message.IsBinary);
        }
        finally
        {
            WokenReader.KeepNoMore();
        }

        return woken.Run();
    }

    private void Receive(ReadOnlySpan<byte> message, bool isBinary)
    {
        if (isBinary && Odd.NoteBinary() is { } binary)
        {
            gate.Reporter.Report(binary);
        }

        // Held while the event is: no base64 in a message decodes to more than three quarters of it.
        byte[] audio = ArrayPool<byte>.Shared.Rent(Math.Min((message.Length / 4 * 3) + 3, MaxAudioScratchBytes));
        Receive(message, audio);
        ArrayPool<byte>.Shared.Return(audio);
    }
}
