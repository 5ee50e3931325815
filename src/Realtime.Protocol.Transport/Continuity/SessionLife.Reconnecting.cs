using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>From a lost connection to the next one: a checkpoint, waits that grow, a connection that is filled, and the take-over, under the session's lock and at once for everybody.</summary>
internal sealed partial class SessionLife
{
    private readonly CancellationTokenSource _stop = new();

    // Of the connection that was lost last.
    private RealtimeCloseReason? _loss;

    // Attempts since a connection last proved itself, and of the present one when it was opened and whether it did. A server that takes what was said and then closes is asked no oftener than one that refuses.
    private int _attempts;
    private long _openedAt;
    private bool _hasProved;

    /// <summary>A turn has completed on this connection. Under the session's lock.</summary>
    public void Completed(MachineGate gate) => _hasProved |= gate == _current.Gate;

    private void CountFromOpening() => (_openedAt, _hasProved) = (_options.TimeProvider.GetTimestamp(), false);

    /// <summary>The connection is about to end and the session is not: what goes on is taken out of it. Under the session's lock.</summary>
    private void LeaveForAnother(MachineGate gate, RealtimeCloseReason reason)
    {
        _loss = reason;
        _attempts = _hasProved || _options.TimeProvider.GetElapsedTime(_openedAt) > _options.Reconnect.MaxDelay ? 0 : _attempts;
        _host.Speech?.Stop();
        foreach (WaitingRequest waiting in gate.TakeWaiting())
        {
            if (_host.Turns.Find(waiting.Turn) is { } turn)
            {
                _held.Add(new(turn, waiting.Intent, turn.OwnFunctions) { IsCarried = true });
            }
        }
    }

    private async Task ReconnectAsync()
    {
        RealtimeCloseReason loss = _loss!;
        try
        {
            await AttemptAsync(loss).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Broke(failure, loss);
        }
    }

    /// <summary>Something is broken here, or in what the application gave. Nobody else would end the session.</summary>
    private void Broke(Exception failure, RealtimeCloseReason loss)
    {
        LogMessages.ReconnectBroke(_logger, failure);
        End(ContinuityTrigger.Fatal, loss with { Description = $"{loss.Description} Connecting anew failed: {failure.GetType().Name}." });
    }

    private async Task AttemptAsync(RealtimeCloseReason loss)
    {
        // What is left of the one before is nobody's business any more.
        VoiceConnection lost = Current;
        _ = lost.Connection.DisposeAsync().AsTask().MayBeLeftAlone();
        while (BackOff.IsAnotherLeft(_options.Reconnect, _attempts))
        {
            int attempt = ++_attempts;
            _host.Tell(new VoiceSessionUpdate.Reconnecting(loss, attempt));
            LogMessages.Reconnecting(_logger, attempt, loss.Kind);
            if (!await WaitForTurnAsync(attempt).ConfigureAwait(false))
            {
                return;
            }

            FilledConnection filled;
            try
            {
                filled = await FillAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                LogMessages.ReconnectFailed(_logger, attempt, failure);
                if (IsFatal(failure))
                {
                    End(ContinuityTrigger.Fatal, loss with { Error = (failure as RealtimeConnectException)?.Error ?? loss.Error, Description = $"{loss.Description} Connecting anew was refused for good." });
                    return;
                }

                lock (_host.Lock)
                {
                    Move(ContinuityTrigger.Failed);
                }

                continue;
            }

            bool isTaken = false;
            try
            {
                isTaken = await TryTakeOverAsync(filled, attempt).ConfigureAwait(false);
            }
            finally
            {
                if (!isTaken)
                {
                    _ = filled.Connection.Connection.DisposeAsync().AsTask().MayBeLeftAlone();
                }
            }

            if (isTaken)
            {
                return;
            }
        }

        End(ContinuityTrigger.GivenUp, loss);
    }

    private async Task<bool> WaitForTurnAsync(int attempt)
    {
        try
        {
            await Task.Delay(BackOff.Delay(_options.Reconnect, attempt, _options.Chance()), _options.TimeProvider, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        lock (_host.Lock)
        {
            return Move(ContinuityTrigger.Due) is ContinuityAction.Connect;
        }
    }

    /// <summary>A connection that knows what was said, and is not used yet.</summary>
    private async Task<FilledConnection> FillAsync(CancellationToken cancellationToken)
    {
        VoiceSessionOptions options = _options.Clone();
        options.Session = Current.Gate.Statement.Published.Configuration with { Customize = _options.Session.Customize };
        return await SessionOpening.FillAsync(_connector, _host.Telemetry, options, PlanToTell, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a connection beside or after this one is told, with every output that has come.</summary>
    private ReplayPlan PlanToTell()
    {
        lock (_host.Lock)
        {
            return ReplayPlanner.Plan(CheckpointOfConnection(), new ReplayOptions { AsksAgain = false });
        }
    }

    /// <summary>A connection that is filled is told what came meanwhile; false when it does not take that.</summary>
    private async Task<bool> TellNewsAsync(FilledConnection filled, string[] deleted, ConversationItem[] news, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        if (!await Replay.DeleteAsync(filled.Connection, deleted, either.Token).ConfigureAwait(false))
        {
            return false;
        }

        await Replay.RunAsync(filled.Connection, news, filled.Replay, either.Token).ConfigureAwait(false);
        return true;
    }

    /// <summary>The filled connection is the session's from now on, once it knows what came while it was filled; false when it has ended already, does not take that, or nobody wants it any more.</summary>
    private async Task<bool> TryTakeOverAsync(FilledConnection filled, int attempt)
    {
        VoiceConnection next = filled.Connection;
        while (true)
        {
            string[] deleted;
            ConversationItem[] news;
            lock (_host.Lock)
            {
                if (!IsBetween || next.Connection.CloseReason is not null)
                {
                    Move(ContinuityTrigger.Failed);
                    return false;
                }

                (deleted, news) = _options.IsBesideACall ? ([], []) : filled.Replay.Follow(PlanToTell());
                if (deleted.Length + news.Length == 0)
                {
                    Move(ContinuityTrigger.Replayed);
                    TakeOver(filled);
                    break;
                }
            }

            bool isTold = false;
            try
            {
                isTold = await TellNewsAsync(filled, deleted, news, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                if (!_stop.IsCancellationRequested)
                {
                    LogMessages.ReconnectFailed(_logger, attempt, failure);
                }
            }

            if (!isTold)
            {
                lock (_host.Lock)
                {
                    Move(ContinuityTrigger.Failed);
                }

                return false;
            }
        }

        LogMessages.Resumed(_logger, filled.Replay.ItemIds.Count, filled.Replay.LeftOut.Count);
        return true;
    }

    /// <summary>Everything goes on on the next connection. Under the session's lock.</summary>
    private void TakeOver(FilledConnection filled)
    {
        (VoiceConnection before, VoiceConnection next) = (_current, filled.Connection);
        List<UserSpeech.Piece> pieces = _host.Speech?.TakeUp(_held.Has) ?? [];
        _malformedBefore += before.Connection.MalformedEvents;
        _oddBefore += before.Connection.OddEvents;
        next.Connection.Finished = () => Finished(next);
        next.Gate.Inherit(before.Gate);
        _host.Telemetry.Names.Learn(next.Gate.Statement.Published.Id);
        if (_host.Speech is { } speech)
        {
            speech.ReadBy(next.Gate.SendQueue);
            next.Gate.Sent.GoOnBehind(before.Gate.Sent, speech.CountPlacesFrom(pieces.Sum(piece => IsKnown(in piece, filled.Replay) ? 0 : piece.To - piece.From)));
        }

        Volatile.Write(ref _current, next);
        CountFromOpening();
        ForgetLate();
        _host.Tell(new VoiceSessionUpdate.Resumed(before.Gate.Statement.Published.Id, next.Gate.Statement.Published.Id, filled.Replay.ItemIds) { LeftOut = filled.Replay.LeftOut });
        AskForWhatWaited(next.Gate, filled.Replay, pieces);
        Journal?.Save();
        WatchExpiry(next);
        _host.Telemetry.Reconnected(_loss!.Kind);
    }

    /// <summary>What waited is asked for, once, in its order, each spoken turn behind its speech.</summary>
    private void AskForWhatWaited(MachineGate gate, ReplayResult replay, List<UserSpeech.Piece> pieces)
    {
        int sent = 0;
        while (_held.First is { } held)
        {
            held.Turn.MoveTo(gate);
            int place = pieces.FindIndex(piece => piece.Turn == held.Turn.Number);
            for (; sent <= place; sent++)
            {
                SendAgain(pieces[sent]);
            }

            if (place >= 0 && held.IsCarried && !IsKnown(pieces[place], replay))
            {
                gate.CommitAgain(held.Turn);
            }

            (SubmitResult result, _) = gate.SubmitTurn(held.Intent, functions: held.Functions);
            if (held.Turn.Utterance is { } utterance)
            {
                _host.Speech?.Name(held.Turn.Number, utterance.Number);
            }

            if (!result.IsAccepted)
            {
                _host.EndTurn(held.Turn.Number, new TurnOutcome.Disconnected(_loss!));
            }

            _held.RemoveFirst(); // not before: what is not asked because something broke, still ends with the session
        }

        for (; sent < pieces.Count; sent++)
        {
            SendAgain(pieces[sent]);
        }

        void SendAgain(in UserSpeech.Piece piece)
        {
            if (!IsKnown(in piece, replay))
            {
                gate.SendAgain(_host.Speech!, in piece);
            }
        }
    }

    /// <summary>The next connection was told in words what was said here, so the sound is not sent again.</summary>
    private static bool IsKnown(in UserSpeech.Piece piece, ReplayResult replay) => piece is { Turn: not 0, ItemId: { } item } && replay.ItemIds.ContainsKey(item);

    private void End(ContinuityTrigger trigger, RealtimeCloseReason reason)
    {
        lock (_host.Lock)
        {
            if (Move(trigger) is ContinuityAction.End)
            {
                EndBetween(reason);
            }
        }
    }

    private static bool IsFatal(Exception failure) => failure is RealtimeConnectException refused
        && ((refused.HttpStatus is { } status && FatalCauses.IsStatus((int)status)) || FatalCauses.IsError(refused.Error?.Code));
}

/// <summary>A connection that knows what was said before, and what became of telling it.</summary>
internal readonly record struct FilledConnection(VoiceConnection Connection, ReplayResult Replay);
