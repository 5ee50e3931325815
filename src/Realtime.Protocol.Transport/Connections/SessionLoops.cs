using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The two loops of a session and its end. The receiving loop never waits for anyone but the network; the sending loop takes what lies
/// written and writes audio at its moment. Whatever ends the connection ends it here, once, with one reason.
/// </summary>
internal sealed class SessionLoops(
    SessionEngine engine, IRealtimeTransport transport, PipeReader input, ChangeReporter reporter, VoiceSessionOptions options, ILogger logger)
    : IAsyncDisposable
{
    // How long the server may take to answer a goodbye.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    // Enough for a second of PCM16; a longer delta is decoded where it goes.
    private const int MaxAudioScratchBytes = 64 * 1024;

    private readonly ServerEventReader _reader = new(options.Limits.MaxMessageBytes, ReadTolerance.Mend);
    private readonly MessageWriter _append = new();
    private readonly ServerEventHandler? _onServerEvent = options.OnServerEvent;
    private readonly TimeProvider _time = options.TimeProvider;
    private readonly TaskCompletionSource<RealtimeCloseReason> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RealtimeCloseReason? _brokenOff;
    private RealtimeCloseReason? _reason;
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private int _closing;
    private bool _transportIsStuck;
    private readonly OddEvents _odd = new();
    private long _malformed;

    /// <summary>Completes when the connection has ended and every turn with it.</summary>
    public Task<RealtimeCloseReason> Ended => _ended.Task;

    /// <summary>Why the connection ended. Set before any turn ends, so code that sees a turn end can read it.</summary>
    public RealtimeCloseReason? CloseReason => Volatile.Read(ref _reason);

    public long MalformedEvents => Volatile.Read(ref _malformed);

    public long OddEvents => _odd.Count;

    public ServerError? LastError => reporter.LastError;

    public void Start()
    {
        _receiving = Task.Run(ReceiveAllAsync);
        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>Ends the connection at once, for a reason that the transport does not know.</summary>
    public void BreakOff(RealtimeCloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _brokenOff, reason, null) is null)
        {
            _ = DisposeTransportAsync();
        }
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (!Ended.IsCompleted)
        {
            using var timeout = new CancellationTokenSource(GoodbyeTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                if (Interlocked.Exchange(ref _closing, 1) == 0)
                {
                    engine.SendQueue.Close();

                    // The wait is ours: a transport of someone's own may not look at its token.
                    await transport.CloseAsync(cancellationToken: either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
                }

                await Ended.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Nobody answered in time: what follows breaks the connection off.
            }
            catch (Exception failure)
            {
                LogMessages.TransportFailed(logger, nameof(IRealtimeTransport.CloseAsync), failure);
            }

            await DisposeTransportAsync().ConfigureAwait(false);
        }

        // Without the token: a connection that is broken off ends at once, and the caller finds everything ended.
        await Ended.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(CancellationToken.None).ConfigureAwait(false);
        await DisposeTransportAsync().ConfigureAwait(false);
        if (!Volatile.Read(ref _transportIsStuck))
        {
            await Task.WhenAll(_receiving, _sending).ConfigureAwait(false);
        }
    }

    private async Task DisposeTransportAsync()
    {
        try
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // A transport of someone's own. Whether its receive ever returns is unknown, so the session ends here and waits for no loop.
            LogMessages.TransportFailed(logger, nameof(IRealtimeTransport.DisposeAsync), failure);
            Volatile.Write(ref _transportIsStuck, true);
            End(Volatile.Read(ref _brokenOff) ?? new(RealtimeCloseKind.ByUs, null, $"Disposing the transport failed: {failure.GetType().Name}."));
        }
    }

    private async Task ReceiveAllAsync()
    {
        RealtimeCloseReason reason;
        try
        {
            ReceivedMessage message = await transport.ReceiveAsync().ConfigureAwait(false);
            while (!message.IsEnd)
            {
                Receive(message.Body.Span, message.IsBinary);
                message = await transport.ReceiveAsync().ConfigureAwait(false);
            }

            reason = Volatile.Read(ref _brokenOff) ?? message.End;
        }
        catch (Exception failure)
        {
            // A transport reports ends as values, and reading an event does not throw: something is broken, here or in a transport of
            // someone's own. Everyone who waits is told all the same.
            LogMessages.ReceiveFailed(logger, failure);
            reason = new(RealtimeCloseKind.ConnectionLost, null, $"Receiving failed: {failure.GetType().Name}.");
            BreakOff(reason);
        }

        End(reason);
    }

    private void End(RealtimeCloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            engine.Close(reason);
            LogMessages.Ended(logger, reason.Kind, reason.StatusCode);
            _ended.TrySetResult(reason);
        }
    }

    private void Receive(ReadOnlySpan<byte> message, bool isBinary)
    {
        if (isBinary && _odd.NoteBinary() is { } binary)
        {
            engine.Report(binary);
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
            engine.ReceiveRefused(message);
            engine.Report(new SessionProblem.MalformedEvent(error, message.Length));
            return;
        }

        if (e.Oddities.Count > 0 && _odd.Note(e.Kind, e.Oddities) is { } odd)
        {
            engine.Report(odd);
        }

        engine.Receive(in e);
        if (_onServerEvent is not null)
        {
            Handle(in e);
        }
    }

    private void Handle(in ServerEvent e)
    {
        try
        {
            _onServerEvent!(in e);
        }
        catch (Exception failure)
        {
            LogMessages.HandlerFailed(logger, nameof(VoiceSessionOptions.OnServerEvent), failure);
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            do
            {
                while (engine.SendQueue.TryTake(out Outgoing next))
                {
                    Outgoing message = next.Rented is null ? TakeAudio(next) : next;
                    if (message.Length > 0 && !await transport.SendAsync(message.Message).ConfigureAwait(false))
                    {
                        return;
                    }

                    // A transport may read it until then, so one that fails keeps the block.
                    message.GiveBack();
                }
            }
            while (await engine.SendQueue.WaitAsync().ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            LogMessages.SendFailed(logger, failure);
            BreakOff(new(RealtimeCloseKind.ByUs, null, $"Sending failed: {failure.GetType().Name}."));
        }
        finally
        {
            // Whoever still writes audio learns from the next flush that nobody reads it.
            await input.CompleteAsync().ConfigureAwait(false);
        }
    }

    // Nothing, when what comes next is to be thrown away.
    private Outgoing TakeAudio(Outgoing next)
    {
        // It lies ready: the queue counts only what was flushed.
        if (!input.TryRead(out ReadResult read))
        {
            throw new InvalidOperationException("The input pipe holds less than was counted.");
        }

        ReadOnlySequence<byte> bytes = read.Buffer.Slice(0, next.AudioBytes + next.LeftoverBytes);
        if (next.AudioBytes > 0)
        {
            EventWriter.Write(_append, new InputAudioBufferAppend { Audio = bytes });
        }

        input.AdvanceTo(bytes.End);
        return _append.Take();
    }
}
