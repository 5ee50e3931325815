using System.Buffers;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What comes in, from the first message to the end: read, taken in by the session, then shown to the application's handler. It waits for the
/// network, and for that one handler; nothing else may hold it. It ends nothing itself: it says why the connection ended.
/// </summary>
internal sealed class ReceiveLoop(MachineGate gate, ChangeReporter reporter, IRealtimeTransport transport, HandlerWatch? handler, int maxMessageBytes)
{
    // Enough for a second of PCM16; a longer delta is decoded where it goes.
    private const int MaxAudioScratchBytes = 64 * 1024;

    private readonly ServerEventReader _reader = new(maxMessageBytes, ReadTolerance.Mend);
    private readonly OddEvents _odd = new();
    private long _malformed;
    private volatile bool _isStopped;

    public long MalformedEvents => Volatile.Read(ref _malformed);

    public long OddEvents => _odd.Count;

    /// <summary>Takes in no further message: the connection has ended while a handler held the loop.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Receives until the end, and says why it came; null when the loop was stopped.</summary>
    public async Task<RealtimeCloseReason?> RunAsync()
    {
        while (!_isStopped)
        {
            ValueTask<ReceivedMessage> receiving = transport.ReceiveAsync();
            bool isThere = receiving.IsCompleted;
            ReceivedMessage message = await receiving.ConfigureAwait(false);
            if (message.IsEnd)
            {
                // It had come before the loop was back to receive: a handler ran when it did.
                return StuckHandler.Judge(message.End, handlerRan: isThere && handler is not null);
            }

            Receive(message.Body.Span, message.IsBinary);
        }

        return null;
    }

    private void Receive(ReadOnlySpan<byte> message, bool isBinary)
    {
        if (isBinary && _odd.NoteBinary() is { } binary)
        {
            reporter.Report(binary);
        }

        // Held while the event is: no base64 in a message decodes to more than three quarters of it.
        byte[] audio = ArrayPool<byte>.Shared.Rent(Math.Min((message.Length / 4 * 3) + 3, MaxAudioScratchBytes));
        Receive(message, audio);
        ArrayPool<byte>.Shared.Return(audio);
    }

    private void Receive(ReadOnlySpan<byte> message, Span<byte> audio)
    {
        if (!_reader.TryRead(message, audio, out ServerEvent e, out ReadError error))
        {
            Interlocked.Increment(ref _malformed);
            gate.ReceiveRefused(message);
            reporter.Report(new SessionProblem.MalformedEvent(error, message.Length));
            return;
        }

        if (e.Oddities.Count > 0 && _odd.Note(e.Kind, e.Oddities) is { } odd)
        {
            reporter.Report(odd);
        }

        gate.Receive(in e);
        handler?.Run(in e);
    }
}
