namespace Realtime.Protocol.Transport;

/// <summary>
/// One connection: a transport, a gate to its machine, a loop in each direction, and one end. Whatever ends it ends it here, once, with one
/// reason, and everything of it dies with it; nothing is ever reset. No end waits for the receiving loop, which a handler may hold.
/// </summary>
internal sealed class Connection : IAsyncDisposable
{
    // How long the server may take to answer a goodbye, and a transport of someone's own to let go.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly SessionGate _gate;
    private readonly IRealtimeTransport _transport;
    private readonly DeferredLogger _logger;
    private readonly TimeProvider _time;
    private readonly HandlerWatch? _handler;
    private readonly HandlerWatch? _sendHandler;
    private readonly ReceiveLoop _receive;
    private readonly SendLoop _send;
    private readonly TaskCompletionSource<RealtimeCloseReason> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RealtimeCloseReason? _reason;
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private int _closing;
    private bool _transportIsStuck;

    /// <param name="gate">To its machine.</param>
    /// <param name="receive">What comes in.</param>
    /// <param name="send">What goes out.</param>
    /// <param name="transport">Disposed with the connection.</param>
    /// <param name="handler">The application's, on the receiving loop; null for none.</param>
    /// <param name="sendHandler">The application's, on the sending loop; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where ends are written.</param>
    public Connection(SessionGate gate, ReceiveLoop receive, SendLoop send, IRealtimeTransport transport, HandlerWatch? handler, HandlerWatch? sendHandler, TimeProvider time, DeferredLogger logger)
    {
        (_gate, _receive, _send, _transport, _handler, _sendHandler, _time, _logger) = (gate, receive, send, transport, handler, sendHandler, time, logger);
        gate.BreakOff = reason => BreakOff(Judge(reason));
        Watch(handler);
        Watch(sendHandler);
    }

    // Called from a handler that runs on one of the loops: nothing may wait for that loop, which waits for the caller.
    private bool IsInsideHandler => _handler?.IsInside is true || _sendHandler?.IsInside is true;

    /// <summary>Completes when the connection has ended and every turn with it.</summary>
    public Task<RealtimeCloseReason> Ended => _ended.Task;

    /// <summary>Called last, once, under no lock.</summary>
    public Action? Finished { get; set; }

    /// <summary>Why the connection ended. Set before any turn ends, so code that sees a turn end can read it.</summary>
    public RealtimeCloseReason? CloseReason => Volatile.Read(ref _reason) ?? _gate.Verdict;

    public long MalformedEvents => _receive.MalformedEvents;

    public long OddEvents => _receive.OddEvents;

    public ServerError? LastError => _gate.LastError;

    public void Start()
    {
        _receiving = Task.Run(ReceiveAsync);
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Ends the connection at once, for a reason that the transport does not know. It takes the gate's lock.</summary>
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

    /// <summary>
    /// Ends everything of a session, gives it back, and waits up to two seconds for log lines to be written. It waits for the loops, but for one that a handler holds; called from inside a handler it
    /// returns at once. For a broken transport it waits as long as for a goodbye.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        if (IsInsideHandler)
        {
            _ = Task.Run(DisposeAllAsync);
            return default;
        }

        return new(DisposeAllAsync());
    }

    private async Task DisposeAllAsync()
    {
        // Asked before the first wait, which goes on elsewhere.
        (bool isInsideLogger, bool isInsideObserver) = (_logger.IsInside, _gate.Reporter.IsInsideObserver);
        try
        {
            await DisposeConnectionAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Dispose();
        }

        if (!isInsideLogger)
        {
            await _logger.WaitForWritingAsync(_time).ConfigureAwait(false);
        }

        if (!isInsideObserver)
        {
            await _gate.Reporter.WaitForTellingAsync().ConfigureAwait(false);
        }
    }

    private async Task DisposeConnectionAsync()
    {
        await CloseAsync(waitsForAnswer: _handler?.Running is null, CancellationToken.None).ConfigureAwait(false);
        await DisposeTransportAsync().ConfigureAwait(false);
        _handler?.Dispose();
        _sendHandler?.Dispose();
        if (!Volatile.Read(ref _transportIsStuck))
        {
            await WaitForLoopsAsync().ConfigureAwait(false);
        }
    }

    // They end by themselves once the transport is disposed, unless it is one that leaves a receive or a send waiting.
    private async Task WaitForLoopsAsync()
    {
        Task loops = Task.WhenAll(
            _handler?.Running is null ? _receiving : Task.CompletedTask,
            _sendHandler?.Running is null ? _sending : Task.CompletedTask);
        try
        {
            await InTimeAsync(loops).ConfigureAwait(false);
        }
        catch (TimeoutException failure)
        {
            LogMessages.TransportFailed(_logger, _sending.IsCompleted ? nameof(IRealtimeTransport.ReceiveAsync) : nameof(IRealtimeTransport.SendAsync), failure);
        }
    }

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
                    _gate.SendQueue.Close();

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
            End(_transport.CloseReason is { } reason ? Judge(reason) : new(RealtimeCloseKind.ByUs, null, "The session was closed."));
        }

        // Whoever ends it has said why before the turns end, and completes this last.
        await Ended.ConfigureAwait(false);
    }

    private async Task DisposeTransportAsync()
    {
        if (Volatile.Read(ref _transportIsStuck))
        {
            return;
        }

        try
        {
            await InTimeAsync(_transport.DisposeAsync().AsTask()).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // A transport of someone's own that throws or does not return. Whether its receive ever does is unknown, so the session ends here
            // and waits for no loop.
            LogMessages.TransportFailed(_logger, nameof(IRealtimeTransport.DisposeAsync), failure);
            Volatile.Write(ref _transportIsStuck, true);
            End(new(RealtimeCloseKind.ByUs, null, $"Disposing the transport failed: {failure.GetType().Name}."));
        }
    }

    private async Task InTimeAsync(Task transportsOwn)
    {
        using var timeout = new CancellationTokenSource(GoodbyeTimeout, _time);
        try
        {
            await transportsOwn.WaitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException("The transport did not let go in time.");
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            if (await _receive.RunAsync().ConfigureAwait(false) is { } reason)
            {
                End(reason);
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

    private async Task SendAsync()
    {
        try
        {
            if (!await _send.RunAsync().ConfigureAwait(false))
            {
                await WaitForTheEndAsync().ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            LogMessages.SendFailed(_logger, failure);
            BreakOff(new(RealtimeCloseKind.ByUs, null, $"Sending failed: {failure.GetType().Name}."));
        }
    }

    // A transport that takes nothing says why with its next message. One of someone's own may not, and everything that waits to be sent would wait for ever.
    private async Task WaitForTheEndAsync()
    {
        try
        {
            await InTimeAsync(Ended).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            BreakOff(Judge(new(RealtimeCloseKind.ConnectionLost, null, "The transport took a message no more and did not say that the connection had ended.")));
        }
    }

    // The reason is said before any turn ends, so that code that sees a turn end can read it.
    private void End(RealtimeCloseReason reason)
    {
        reason = _gate.Explain(reason);
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _receive.Stop();
            _gate.Close(reason);
            LogMessages.Ended(_logger, reason.Kind, reason.StatusCode);
            _ended.TrySetResult(reason);
            Finished?.Invoke();
        }
    }

    // What is not read, or not sent, because a handler holds its loop up, looks like a peer that is gone.
    private RealtimeCloseReason Judge(RealtimeCloseReason reason) =>
        StuckHandler.Judge(reason, _handler?.IsSlow is true ? _handler : null, _sendHandler?.IsSlow is true ? _sendHandler : null);

    private void Watch(HandlerWatch? handler)
    {
        if (handler is null)
        {
            return;
        }

        handler.Slow = took => _gate.Reporter.Report(new SessionProblem.SlowHandler(handler.Name, took));
        handler.Stuck = running =>
        {
            LogMessages.HandlerStuck(_logger, handler.Name, running.TotalSeconds);
            BreakOff(StuckHandler.Reason(handler.Name, running));
        };
    }
}
