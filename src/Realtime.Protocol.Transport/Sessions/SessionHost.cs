using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What the application sees of a session, whatever connection it runs over: turns, utterances, updates, usage, tools. It makes of every change of a connection's machine what is told of it. Told under the
/// session's lock, so it moves values only; it holds no machine and no transport.
/// </summary>
internal sealed class SessionHost(SessionConfiguration configuration, SessionUpdates updates, EventTap tap, DeferredLogger logger, SessionTelemetry? telemetry = null)
{
    // The service's own, where a server states none.
    private static readonly TimeSpan UsualSilence = TimeSpan.FromMilliseconds(500);

    // The turn that an intent has begun, for whoever submitted it: it may have ended already.
    private Turn? _begun;

    /// <summary>Taken around everything that moves here, and around every call of a machine of this session.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Where turns and utterances get their numbers, whatever connection they begin on.</summary>
    public SessionNumbers Numbers { get; init; } = new();

    /// <summary>What was said and may have to be sent again; null in a session that does not outlive its connection.</summary>
    public UserSpeech? Speech { get; init; }

    /// <summary>Which connection the session has; null for a gate by itself.</summary>
    public SessionLife? Life { get; set; }

    /// <summary>The turns that events can still belong to.</summary>
    public TurnBook Turns { get; } = new();

    /// <summary>What the user said.</summary>
    public UtteranceBook Utterances { get; } = new();

    /// <summary>What responses that begin from now on may call.</summary>
    public FunctionTable Functions { get; private set; } = new(configuration.Tools);

    /// <summary>Says what happens to the log and to the readers of the session's updates.</summary>
    public ChangeReporter Reporter { get; } = new(logger, updates, telemetry);

    /// <summary>Tells whoever observes the session.</summary>
    public SessionTelemetry Telemetry { get; } = telemetry ?? SessionTelemetry.OfNothing();

    /// <summary>What was used so far. Its value may be read from any thread.</summary>
    public UsageBook Usage { get; init; } = new();

    /// <summary>What a connection states of the session, as far as it is not asked for otherwise.</summary>
    public ConnectionStatement NewStatement() => new(configuration, updates);

    /// <summary>Runs and answers the calls of one connection.</summary>
    public CallDesk NewCallDesk(MachineGate gate) => new(gate, this, logger);

    /// <summary>Tells the readers of the session's updates.</summary>
    public void Tell(VoiceSessionUpdate update) => updates.Tell(update);

    /// <summary>The server has taken other tools; responses that it begins from now on may call them.</summary>
    public void UseTools(IReadOnlyList<VoiceTool> inForce) => Functions = new(inForce);

    /// <summary>A turn has begun, or waits for a connection to begin on.</summary>
    public Turn NewTurn(MachineGate gate, int number, TurnOrigin origin, bool isOutOfBand, Utterance? answers = null)
    {
        var turn = new Turn(gate, logger, number, origin, isOutOfBand, gate.OutputEncoding, gate.Timestamp) { Utterance = answers };
        turn.Signals = Telemetry.Began(turn);
        Turns.Begin(turn);
        Reporter.Began(turn);
        return turn;
    }

    /// <summary>A turn ends that no machine knows.</summary>
    public void EndTurn(int number, TurnOutcome outcome)
    {
        Speech?.Settle(number);
        Turn? turn = Turns.Find(number);
        Turns.End(number, outcome);
        if (turn is not null)
        {
            Telemetry.TurnEnded(turn, outcome);
        }

        Reporter.Tell(new SessionChange.TurnEnded(number, outcome));
        Turns.Forget(number);
    }

    /// <summary>The turn that the last intent began; null when it began none.</summary>
    public Turn? TakeBegun()
    {
        Turn? begun = _begun;
        _begun = null;
        return begun;
    }

    /// <summary>The session has ended, and every turn with it: nothing more is told.</summary>
    public void Close()
    {
        Turns.Close();
        Utterances.Close();
        updates.Complete();
        tap.Complete();
    }

    /// <summary>Takes one change of the machine behind this gate.</summary>
    public void Told(MachineGate gate, SessionChange change)
    {
        Turn? about = TurnOf(change);
        switch (change)
        {
            case SessionChange.SessionOpened when logger.Names.SessionId is null:
                logger.Names.Learn(gate.Statement.Published.Id);
                break;
            case SessionChange.TurnBegan began when Turns.Find(began.Turn) is { } held:
                held.MoveTo(gate);
                _begun = held;
                break;
            case SessionChange.TurnBegan began:
                Turn turn = NewTurn(gate, began.Turn, began.Origin, began.IsOutOfBand, began.Origin is TurnOrigin.ServerTurnDetection ? Utterances.TakeAnswered() : null);
                _begun = turn.Origin is TurnOrigin.Application ? turn : _begun;
                break;
            case SessionChange.UtteranceBegan began:
                Utterance utterance = Utterances.Begin(began.Utterance);
                if (Turns.Find(began.Turn) is { } answer)
                {
                    answer.Utterance = utterance;
                }

                break;
            case SessionChange.SpeechStarted started when Utterances.Start(started, gate.Sent.Began) is { } heard:
                SpeechOf(gate)?.Begun(started.Milliseconds);
                updates.Tell(new VoiceSessionUpdate.SpeechStarted(heard));
                break;
            case SessionChange.SpeechStopped stopped when Utterances.Stop(stopped, gate.Sent.Began, DoneAt(gate, stopped.Milliseconds)) is { } heard:
                SpeechOf(gate)?.Ended(stopped.Milliseconds);
                updates.Tell(new VoiceSessionUpdate.SpeechStopped(heard));
                break;
            case SessionChange.InputCommitted committed:
                SpeechOf(gate)?.Committed(committed);
                Utterances.Commit(committed, gate.Timestamp);
                break;
            case SessionChange.ItemTranscribed { Result: { Outcome: UtteranceOutcome.Failed } failed } unheard:
                LogMessages.TranscriptionFailed(logger, unheard.ItemId, failed.Error);
                break;
            case SessionChange.UtteranceEnded ended:
                Utterances.End(ended.Utterance, ended.Result);
                break;
            case SessionChange.TurnEnded ended:
                Speech?.Settle(ended.Turn);
                Turns.End(ended.Turn, ended.Outcome);
                if (ended.Outcome is TurnOutcome.Completed)
                {
                    Life?.Completed(gate);
                }

                break;
            case SessionChange.ResponseStarted started:
                Speech?.Settle(started.Turn);
                if (Turns.Find(started.Turn) is { } answering)
                {
                    answering.StartResponse(started.ResponseId, started.Encoding);
                    answering.Functions = answering.OwnFunctions ?? Functions;
                }

                break;
            case SessionChange.ResponseTakenBack taken:
                Turns.Find(taken.Turn)?.TakeBackResponse(taken.ResponseId);
                break;
            case SessionChange.ResponseEncodingStated stated:
                Turns.Find(stated.Turn)?.StateEncoding(stated.Encoding);
                break;
            case SessionChange.PlaybackStopped stopped:
                Turns.Silence(stopped.Turn, stopped.Reason, stopped.Heard);
                break;
            case SessionChange.TurnForgotten forgotten:
                Turns.Forget(forgotten.Turn);
                break;
            case SessionChange.ResponseEnded ended:
                Usage.Ended(ended.Usage);
                Turns.Find(ended.Turn)?.EndResponse(ended.Usage);
                break;
            case SessionChange.ResponseUsageStated stated:
                Usage.Stated(stated.Usage);
                Turns.Find(stated.Turn)?.EndResponse(stated.Usage);
                break;
            case SessionChange.InputRejected rejected:
                Turns.Find(rejected.Turn)?.Reject(rejected.Error);
                break;
        }

        Telemetry.Told(gate, change, about);
        gate.Calls.Told(change);
        Life?.Journal?.Told(change);
        Reporter.Tell(change);
        TellItem(gate, change);
    }

    /// <summary>The turn that an observer is told of with this change: one that ends with it is found before.</summary>
    private Turn? TurnOf(SessionChange change) => change switch
    {
        SessionChange.ResponseStarted started => Turns.Find(started.Turn),
        SessionChange.ResponseEnded ended => Turns.Find(ended.Turn),
        SessionChange.TurnEnded ended => Turns.Find(ended.Turn),
        _ => null,
    };

    /// <summary>Items are told as values, which only the machine has.</summary>
    private void TellItem(MachineGate gate, SessionChange change)
    {
        switch (change)
        {
            case SessionChange.ItemAdded added:
                Tell(added.ItemId, static item => new VoiceSessionUpdate.ItemAdded(item));
                break;
            case SessionChange.ItemDone done:
                Tell(done.ItemId, static item => new VoiceSessionUpdate.ItemChanged(item));
                break;
            case SessionChange.ItemTruncated cut:
                Tell(cut.ItemId, static item => new VoiceSessionUpdate.ItemChanged(item));
                break;
            case SessionChange.ItemChanged changed:
                Tell(changed.ItemId, static item => new VoiceSessionUpdate.ItemChanged(item));
                break;
        }

        void Tell(string itemId, Func<ConversationItem, VoiceSessionUpdate> update)
        {
            // What came and went in one event is not told as there.
            if (gate.FindItem(itemId) is { } item)
            {
                updates.Tell(update(item));
            }
        }
    }

    /// <summary>What decides nothing: it is told as it is.</summary>
    public void ReadNews(in ServerEvent e)
    {
        switch (e.Kind)
        {
            case ServerEventKind.ConversationItemInputAudioTranscriptionCompleted when e.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView transcript):
                Usage.Transcribed(transcript);
                break;
            case ServerEventKind.RateLimitsUpdated when e.TryGetRateLimitsUpdated(out RateLimitsUpdatedView limits):
                updates.Tell(NewsReading.Limits(limits));
                break;
            case ServerEventKind.InputAudioBufferDtmfEventReceived when e.TryGetInputAudioBufferDtmfEventReceived(out InputAudioBufferDtmfEventReceivedView received) && NewsReading.Digit(received) is { } digit:
                updates.Tell(digit);
                break;
        }
    }

    /// <summary>The speech, for the connection that it goes to; a server that was left may still speak of its own, by places of its own.</summary>
    private UserSpeech? SpeechOf(MachineGate gate) => gate.IsTheSessions ? Speech : null;

    /// <summary>When the user was done: where a silence of known length has shown it, that comes after the speech. Where nothing tells, it is now.</summary>
    private static long DoneAt(MachineGate gate, long? end)
    {
        TimeSpan silence = gate.Statement.Published.Configuration.TurnTaking is TurnTaking.ServerVad server ? server.Silence ?? UsualSilence : TimeSpan.Zero;
        return end is { } stated ? gate.Sent.HandedAt(stated - (long)silence.TotalMilliseconds) ?? gate.Timestamp : gate.Timestamp;
    }
}
