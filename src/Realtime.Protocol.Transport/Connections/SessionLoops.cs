using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The two loops of a session and its end. The receiving loop waits for the network, and for the one handler that the application has put
/// on it; the sending loop takes what lies written and writes audio at its moment. Whatever ends the connection ends it here, once, with one
/// reason, and no end waits for the receiving loop, which a handler may hold.
/// </summary>
internal sealed class SessionLoops : IAsyncDisposable
{
    // How long the server may take to answer a goodbye.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    // Enough for a second of PCM16; a longer delta is decoded where it goes.
    private const int MaxAudioScratchBytes = 64 * 1024;

    private readonly SessionEngine _engine;
    private readonly IRealtimeTransport _transport;
    private readonly PipeReader _input;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ServerEventReader _reader;
    private readonly HandlerWatch? _handler;
    private readonly MessageWriter _append = new();
    private readonly TaskCompletionSource<RealtimeCloseReason> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RealtimeCloseReason? _reason;
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private int _closing;
    private bool _transportIsStuck;
    private readonly OddEvents _odd = new();
    private long _malformed;

    public SessionLoops(SessionEngine engine, IRealtimeTransport transport, PipeReader input, VoiceSessionOptions options, ILogger logger)
    {
        (_engine, _transport, _input, _logger, _time) = (engine, transport, input, logger, options.TimeProvider);
        _reader = new(options.Limits.MaxMessageBytes, ReadTolerance.Mend);
        engine.BreakOff = reason => BreakOff(Judge(reason, handlerRan: HandlerIsSlow));
        if (options.OnServerEvent is { } handler)
        {
            _handler = new(handler, options.KeepAliveTimeout, _time, logger)
            {
                Slow = took => engine.Reporter.Report(new SessionProblem.SlowHandler(nameof(VoiceSessionOptions.OnServerEvent), took)),
                Stuck = running =>
                {
                    LogMessages.HandlerStuck(logger, nameof(VoiceSessionOptions.OnServerEvent), running.TotalSeconds);
                    BreakOff(Stuck($"OnServerEvent did not return within {running.TotalSeconds:0.###} s."));
                },
            };
        }
    }

    /// <summary>Completes when the connection has ended and every turn with it.</summary>
    public Task<RealtimeCloseReason> Ended => _ended.Task;

    /// <summary>Why the connection ended. Set before any turn ends, so code that sees a turn end can read it.</summary>
    public RealtimeCloseReason? CloseReason => Volatile.Read(ref _reason);

    public long MalformedEvents => Volatile.Read(ref _malformed);

    public long OddEvents => _odd.Count;

    public ServerError? LastError => _engine.Reporter.LastError;

    /// <summary>Whether the caller is the handler that runs on the receiving loop.</summary>
    public bool IsInsideHandler => _handler?.IsInside is true;

    private bool HandlerIsSlow => _handler?.Running > HandlerWatch.SlowAfter;

    public void Start()
    {
        _receiving = Task.Run(ReceiveAllAsync);
        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>Ends the connection at once, for a reason that the transport does not know. It takes the engine's lock.</summary>
    public void BreakOff(RealtimeCloseReason reason)
    {
        End(reason);
        _ = Task.Run(DisposeTransportAsync);
    }

    public Task CloseAsync(CancellationToken cancellationToken)
    {
        if (!IsInsideHandler)
        {
            return CloseAsync(waitsForAnswer: _handler?.Running is null, cancellationToken);
        }

        // The answer is read by the receiving loop, which goes on when the caller has returned.
        _ = Task.Run(() => CloseAsync(waitsForAnswer: true, CancellationToken.None), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Ends everything and waits for the loops, but for one that a handler or a broken transport holds.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync(waitsForAnswer: _handler?.Running is null, CancellationToken.None).ConfigureAwait(false);
        await DisposeTransportAsync().ConfigureAwait(false);
        _handler?.Dispose();
        if (!Volatile.Read(ref _transportIsStuck))
        {
            await _sending.ConfigureAwait(false);
            if (_handler?.Running is null)
            {
                await _receiving.ConfigureAwait(false);
            }
        }
    }

    private static RealtimeCloseReason Stuck(string description) => new(RealtimeCloseKind.HandlerStuck, null, description);

    private async Task CloseAsync(bool waitsForAnswer, CancellationToken cancellationToken)
    {
        if (!Ended.IsCompleted)
        {
            using var timeout = new CancellationTokenSource(GoodbyeTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                if (Interlocked.Exchange(ref _closing, 1) == 0)
                {
                    _engine.SendQueue.Close();

                    // The wait is ours: a transport of someone's own may not look at its token.
                    await _transport.CloseAsync(cancellationToken: either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
                }

                if (waitsForAnswer)
                {
                    await Ended.WaitAsync(either.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                // Nobody answered in time: what follows breaks the connection off.
            }
            catch (Exception failure)
            {
                LogMessages.TransportFailed(_logger, nameof(IRealtimeTransport.CloseAsync), failure);
            }

            await DisposeTransportAsync().ConfigureAwait(false);
            End(_transport.CloseReason is { } reason ? Judge(reason, handlerRan: HandlerIsSlow) : new(RealtimeCloseKind.ByUs, null, "The session was closed."));
        }

        // Whoever ends it has said why before the turns end, and completes this last.
        await Ended.ConfigureAwait(false);
    }

    private async Task DisposeTransportAsync()
    {
        try
        {
            await _transport.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // A transport of someone's own. Whether its receive ever returns is unknown, so the session ends here and waits for no loop.
            LogMessages.TransportFailed(_logger, nameof(IRealtimeTransport.DisposeAsync), failure);
            Volatile.Write(ref _transportIsStuck, true);
            End(new(RealtimeCloseKind.ByUs, null, $"Disposing the transport failed: {failure.GetType().Name}."));
        }
    }

    private async Task ReceiveAllAsync()
    {
        try
        {
            while (CloseReason is null)
            {
                ValueTask<ReceivedMessage> receiving = _transport.ReceiveAsync();
                bool isThere = receiving.IsCompleted;
                ReceivedMessage message = await receiving.ConfigureAwait(false);
                if (message.IsEnd)
                {
                    End(Judge(message.End, handlerRan: isThere && _handler is not null));
                    return;
                }

                Receive(message.Body.Span, message.IsBinary);
            }
        }
        catch (Exception failure)
        {
            // A transport reports ends as values, and reading an event does not throw: something is broken, here or in a transport of
            // someone's own. Everyone who waits is told all the same.
            LogMessages.ReceiveFailed(_logger, failure);
            BreakOff(new(RealtimeCloseKind.ConnectionLost, null, $"Receiving failed: {failure.GetType().Name}."));
        }
    }

    // Answers and pongs are read by receives, and a handler that runs holds them up: that nothing was read meanwhile says nothing about the
    // peer. A keep-alive that had given up before the loop came back to receive did so while a handler ran.
    private static RealtimeCloseReason Judge(RealtimeCloseReason reason, bool handlerRan) => reason.Kind switch
    {
        RealtimeCloseKind.KeepAliveTimeout when handlerRan => Stuck("The connection's keep-alive gave up while OnServerEvent held the receiving loop, where pongs are read."),
        RealtimeCloseKind.Unresponsive when handlerRan => Stuck("OnServerEvent held the receiving loop, so that no answer of the server was read."),
        _ => reason,
    };

    // It is said before any turn ends, so that code that sees a turn end can read it.
    private void End(RealtimeCloseReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _engine.Close(reason);
            LogMessages.Ended(_logger, reason.Kind, reason.StatusCode);
            _ended.TrySetResult(reason);
        }
    }

    private void Receive(ReadOnlySpan<byte> message, bool isBinary)
    {
        if (isBinary && _odd.NoteBinary() is { } binary)
        {
            _engine.Reporter.Report(binary);
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
            _engine.ReceiveRefused(message);
            _engine.Reporter.Report(new SessionProblem.MalformedEvent(error, message.Length));
            return;
        }

        if (e.Oddities.Count > 0 && _odd.Note(e.Kind, e.Oddities) is { } odd)
        {
            _engine.Reporter.Report(odd);
        }

        _engine.Receive(in e);
        _handler?.Run(in e);
    }

    private async Task SendAllAsync()
    {
        try
        {
            do
            {
                while (_engine.SendQueue.TryTake(out Outgoing next))
                {
                    Outgoing message = next.Rented is null ? TakeAudio(next) : next;
                    if (message.Length > 0 && !await _transport.SendAsync(message.Message).ConfigureAwait(false))
                    {
                        return;
                    }

                    // A transport may read it until then, so one that fails keeps the block.
                    message.GiveBack();
                }
            }
            while (await _engine.SendQueue.WaitAsync().ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            LogMessages.SendFailed(_logger, failure);
            BreakOff(new(RealtimeCloseKind.ByUs, null, $"Sending failed: {failure.GetType().Name}."));
        }
        finally
        {
            // Whoever still writes audio learns from the next flush that nobody reads it.
            await _input.CompleteAsync().ConfigureAwait(false);
        }
    }

    // Nothing, when what comes next is to be thrown away.
    private Outgoing TakeAudio(Outgoing next)
    {
        // It lies ready: the queue counts only what was flushed.
        if (!_input.TryRead(out ReadResult read))
        {
            throw new InvalidOperationException("The input pipe holds less than was counted.");
        }

        ReadOnlySequence<byte> bytes = read.Buffer.Slice(0, next.AudioBytes + next.LeftoverBytes);
        if (next.AudioBytes > 0)
        {
            EventWriter.Write(_append, new InputAudioBufferAppend { Audio = bytes });
        }

        _input.AdvanceTo(bytes.End);
        return _append.Take();
    }
}
