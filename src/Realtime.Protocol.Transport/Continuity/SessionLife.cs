using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The life of a voice session over its connections: which one it has now, and what follows when that one ends, expires, or is to be left. It moves by <see cref="ContinuityTable"/> alone. A connection that has ended
/// is never used again (SE-09); whoever wants something asks here for the present one.
/// </summary>
internal sealed partial class SessionLife
{
    private readonly VoiceSessionOptions _options;
    private readonly SessionHost _host;
    private readonly VoiceConnector _connector;
    private readonly DeferredLogger _logger;
    private readonly TaskCompletionSource<RealtimeCloseReason> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private VoiceConnection _current = null!; // set by Begin, before anybody else has this
    private ContinuityPhase _phase = ContinuityPhase.Opening;
    private RealtimeCloseReason? _closeReason;
    private WaitingRequest[]? _unasked; // what waited when the session ended
    private long _malformedBefore;
    private long _oddBefore;

    /// <param name="options">A copy of the caller's.</param>
    /// <param name="host">What the application sees.</param>
    /// <param name="connector">Makes connections.</param>
    /// <param name="logger">Where it is written that a session goes on.</param>
    public SessionLife(VoiceSessionOptions options, SessionHost host, VoiceConnector connector, DeferredLogger logger)
    {
        (_options, _host, _connector, _logger) = (options, host, connector, logger);
        host.Life = this;
        host.Telemetry.Backlog = () => Current.Gate.SendQueue.WaitingAudioBytes;
    }

    /// <summary>What the application sees of the session.</summary>
    public SessionHost Host => _host;

    /// <summary>The connection that it has now, or had last.</summary>
    public VoiceConnection Current => Volatile.Read(ref _current);

    /// <summary>Whether that is the connection behind this gate; false as well before there is one.</summary>
    public bool Has(MachineGate gate) => Volatile.Read(ref _current) is { } current && current.Gate == gate;

    /// <summary>Why the session ended; null while it goes on. Set before any turn ends with it.</summary>
    public RealtimeCloseReason? CloseReason => Volatile.Read(ref _closeReason) ?? (Outlives ? null : Current.Connection.CloseReason);

    /// <summary>Completes when the session has ended and every turn with it.</summary>
    public Task<RealtimeCloseReason> Ended => _ended.Task;

    /// <summary>Whether it goes on, and how.</summary>
    public VoiceSessionState State => CloseReason is not null ? VoiceSessionState.Ended : Phase switch
    {
        ContinuityPhase.Waiting or ContinuityPhase.Reopening => VoiceSessionState.Reconnecting,
        ContinuityPhase.Draining => VoiceSessionState.Draining,
        _ => VoiceSessionState.Open,
    };

    /// <summary>There is no connection, and there may be one again. Under the session's lock.</summary>
    public bool IsBetween => _phase is ContinuityPhase.Waiting or ContinuityPhase.Reopening;

    public long MalformedEvents => Volatile.Read(ref _malformedBefore) + Current.Connection.MalformedEvents;

    public long OddEvents => Volatile.Read(ref _oddBefore) + Current.Connection.OddEvents;

    private bool Outlives => _options.Reconnect.MaxAttempts > 0;

    private ContinuityPhase Phase
    {
        get
        {
            lock (_host.Lock)
            {
                return _phase;
            }
        }
    }

    /// <summary>The session has its first connection, which is not open yet.</summary>
    public void Begin(VoiceConnection first)
    {
        Volatile.Write(ref _current, first);
        _host.Speech?.ReadBy(first.Gate.SendQueue);
        first.Connection.Finished = () => Finished(first);
    }

    /// <summary>The first connection is open, configured and filled.</summary>
    /// <param name="restored">What became of telling it what another session said; null where nothing was told.</param>
    /// <param name="fence">Of the call in the journal, which is kept from now on; null without one.</param>
    /// <returns>False when it has ended already: then there is no session.</returns>
    public bool TryOpen(ReplayResult? restored, long? fence)
    {
        lock (_host.Lock)
        {
            if (CloseReason is not null)
            {
                return false;
            }

            Move(ContinuityTrigger.Opened);
            CountFromOpening();
            WatchExpiry(_current);
            _host.Telemetry.Opened();
            if (fence is { } owned)
            {
                // Before anything is asked: whatever is called is in the journal.
                Journal = new(this, _host.Reporter, _logger);
                Journal.Begin(_options, owned);
            }

            if (restored is not null)
            {
                _current.Gate.EndFilling();
                _host.Tell(new VoiceSessionUpdate.Resumed(_options.ResumeFrom?.SessionId ?? "", _current.Gate.Statement.Published.Id, restored.ItemIds) { LeftOut = restored.LeftOut });
                AskAgain(restored.Plan);
            }

            return true;
        }
    }

    /// <summary>The present connection, with the session's lock held until the scope ends: what is asked of it meanwhile is asked of no other.</summary>
    public Lock.Scope Enter(out VoiceConnection current)
    {
        Lock.Scope scope = _host.Lock.EnterScope();
        current = _current;
        return scope;
    }

    /// <summary>The call's entry in the application's journal; null without one.</summary>
    public JournalKeeper? Journal { get; private set; }

    /// <summary>The session ends for a reason of its own, whatever its connection says.</summary>
    public void EndAs(RealtimeCloseReason reason)
    {
        VoiceConnection current;
        lock (_host.Lock)
        {
            bool wasBetween = IsBetween;
            Move(ContinuityTrigger.Superseded);
            current = _current;
            if (wasBetween)
            {
                EndBetween(reason);
                return;
            }

            current.Gate.EndAs(reason);
        }

        _ = current.Connection.CloseAsync(CancellationToken.None).MayBeLeftAlone();
    }

    /// <summary>What another process can go on from.</summary>
    public SessionCheckpoint Checkpoint()
    {
        lock (_host.Lock)
        {
            return WithLateOutputs(_current.Gate.Checkpoint(playsOn: false)).WithWaiting(_unasked ?? _held.Requests);
        }
    }

    /// <summary>What the next connection is told: what was said over this one, or the last one. What is played is told to its end, since it plays on. Under the session's lock.</summary>
    private SessionCheckpoint CheckpointOfConnection() => WithLateOutputs(_current.Gate.Checkpoint(playsOn: true));

    /// <summary>A connection is about to end, under the session's lock, and everything of it with it.</summary>
    public void Losing(MachineGate gate, RealtimeCloseReason reason)
    {
        if (gate != _current.Gate)
        {
            return; // one that was being filled: whoever fills it finds out
        }

        ContinuityTrigger trigger = FatalCauses.IsEnd(reason) ? ContinuityTrigger.Fatal
            : !Outlives ? ContinuityTrigger.Fatal // nothing mends it here
            : reason.Kind is RealtimeCloseKind.Expired ? ContinuityTrigger.Expired : ContinuityTrigger.Lost;
        switch (Move(trigger))
        {
            case ContinuityAction.WaitForAttempt:
            case ContinuityAction.TakeSecondAtOnce:
                LeaveForAnother(gate, reason);
                break;
            default:
                Volatile.Write(ref _closeReason, _closeReason ?? reason);
                _host.Telemetry.Ended(_closeReason);
                break;
        }
    }

    /// <summary>A connection has ended, under the session's lock, and every turn that it carried.</summary>
    public void Lost(MachineGate gate)
    {
        if (gate != _current.Gate)
        {
            return;
        }

        if (_closeReason is not null)
        {
            CloseAll();
        }
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        JournalKeeper? ended;
        lock (_host.Lock)
        {
            ended = CloseReason is null && _drained is null ? Journal : null; // a drain that has begun hands the entry on
        }

        Task closing = TryEndBetween()?.Connection.CloseAsync(cancellationToken) ?? Task.CompletedTask;
        await Task.WhenAll(closing, ended?.EndAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        VoiceConnection current = TryEndBetween() ?? Current;
        StopConnecting();

        // Asked before the first wait, so that one that is called from inside a handler waits for no loop.
        await current.Connection.DisposeAsync().ConfigureAwait(false);
        if (Journal is { } journal)
        {
            await journal.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The application wants the end: it is there at once where there is no connection; otherwise gives the one that is to be closed.</summary>
    private VoiceConnection? TryEndBetween()
    {
        lock (_host.Lock)
        {
            bool wasBetween = IsBetween;
            Move(ContinuityTrigger.Close);
            if (!wasBetween)
            {
                return _current;
            }

            EndBetween(new(RealtimeCloseKind.ByUs, null, "The session was closed."));
            return null;
        }
    }

    /// <summary>The question that was open is asked again, once. Nobody here has asked it, so its turn is offered where the server's are.</summary>
    private void AskAgain(ReplayPlan plan)
    {
        if (plan.Question is not { } question)
        {
            return;
        }

        SessionIntent intent = SessionIntent.CreateResponse(plan.ReadRequest());
        (SubmitResult _, Turn? turn) = _current.Gate.SubmitTurn(question.Turn > 0 ? intent.OfTurn(question.Turn) : intent);
        if (turn is not null)
        {
            _host.Turns.Offer(turn);
        }
    }

    /// <summary>One step of the table; what is to be done then. Under the session's lock.</summary>
    private ContinuityAction Move(ContinuityTrigger on)
    {
        ContinuityTable.TryNext(_phase, on, out _phase, out ContinuityAction action);
        if (_phase is ContinuityPhase.Ended or ContinuityPhase.Draining && _second is { } second)
        {
            Callbacks.Cancel(second, "the transport", _logger);
        }

        return action;
    }

    // Called when a connection has said why it ended, without any lock.
    private void Finished(VoiceConnection connection)
    {
        bool goesOn;
        lock (_host.Lock)
        {
            if (connection != _current)
            {
                return;
            }

            goesOn = _closeReason is null;
            if (goesOn && _second is not null)
            {
                _isFirstOver = true;
                return; // it takes over
            }
        }

        if (goesOn)
        {
            _ = Task.Run(ReconnectAsync);
        }
        else
        {
            _ended.TrySetResult(_closeReason!);
        }
    }

    /// <summary>The session ends while it has no connection. Under the session's lock.</summary>
    private void EndBetween(RealtimeCloseReason reason)
    {
        if (_closeReason is not null)
        {
            return;
        }

        Volatile.Write(ref _closeReason, reason);
        _host.Telemetry.Ended(reason);
        CloseAll();
        LogMessages.Ended(_logger, reason.Kind, reason.StatusCode);
        _ended.TrySetResult(reason);
        StopConnecting();
    }

    /// <summary>Nobody wants another connection. While one is being opened, the application holds a token of this: what it has registered runs on the pool, without the session's lock.</summary>
    private void StopConnecting() => Callbacks.Cancel(_stop, "the transport", _logger);

    /// <summary>Every turn that waits still ends, and nothing more is told.</summary>
    private void CloseAll()
    {
        _unasked ??= _held.Requests; // a connection that says its end later finds nothing held any more
        foreach (HeldTurn held in _held.TakeAll())
        {
            _host.EndTurn(held.Turn.Number, new TurnOutcome.Disconnected(_closeReason!));
        }

        _host.Close();
        if (_host.Speech is { } speech)
        {
            _ = speech.CompleteAsync();
        }
    }
}
