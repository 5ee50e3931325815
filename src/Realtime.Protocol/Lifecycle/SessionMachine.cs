using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The session's mind: three verbs and one question. <see cref="Receive"/> what the server said, <see cref="Submit"/> what the application wants, let time <see cref="Elapse"/>; then
/// <see cref="TryTakeEffect"/> until it is false. No task, no clock, no socket, no lock: one caller at a time, and the same calls give the same effects, always.
/// </summary>
/// <remarks>
/// <c>now</c> is in milliseconds of any clock that never goes back. Effects are taken in order, before the next verb. A machine lives as long as one connection: after
/// <see cref="Close"/> everything that was pending has ended, and every intent is refused.
/// </remarks>
public sealed class SessionMachine
{
    // Ids are kept, so their length is limited; the service's own have some thirty characters.
    internal const int MaxIdBytes = 512;

    private readonly SessionCore _core;
    private readonly SessionIntents _intents;
    private readonly SentEvents _sent;
    private readonly ResponseEvents _responses;
    private readonly ItemEvents _items;
    private readonly InputEvents _input;
    private readonly ErrorEvents _errors;
    private bool _isClosed;

    // The server said that the session is over, and the connection still stands: nothing is taken any more (SE-09), and what is open ends with Close, or waits for another machine.
    private bool _isOver;

    // What was open when the connection ended. Made then, when something was.
    private List<OpenQuestion>? _openAtEnd;

    /// <summary>A machine for one connection.</summary>
    /// <param name="settings">Not changed afterwards.</param>
    /// <exception cref="ArgumentException">The prefix is too short or too long, or has other characters than it may; or a time is negative, or longer than 24 days.</exception>
    public SessionMachine(MachineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.ThrowIfUnusable();
        _core = new SessionCore(settings);
        _intents = new SessionIntents(_core, _core.Slot, _core.Turns, _core.Tools, _core.Silencing);
        _sent = new SentEvents(_core, _core.Turns, _core.Tools);
        _items = new ItemEvents(_core, _core.Tools, _core.Silencing);
        _responses = new ResponseEvents(_core, _items);
        _input = new InputEvents(_core);
        _errors = new ErrorEvents(_core, _responses, _items);
    }

    /// <summary>What the machine holds, for tests that look at it from inside.</summary>
    internal SessionCore Core => _core;

    /// <summary>The conversation in its order, as the server's events state it; the same value until something changes.</summary>
    public IReadOnlyList<ConversationItem> Items => _core.Items.Mirror.Snapshot;

    /// <summary>The server said something. Allocates nothing for audio, text and transcript deltas.</summary>
    /// <returns>The turn that the event belongs to, and whether its output may be heard.</returns>
    public Reception Receive(in SessionFact fact, long now)
    {
        if (_isClosed || _isOver)
        {
            return default;
        }

        return fact.IsMended ? ReceiveNamed(NameWhatWasLeftOut.In(fact, _core), now) : ReceiveNamed(fact, now);
    }

    /// <summary>
    /// The server sent something that could not be read, or that says nothing: it lives, and so does the response that the message names (RC-11), unless the message says that
    /// it has ended: then it has, though nothing is known of how, and its turn does not wait for a deadline.
    /// </summary>
    /// <param name="responseId">UTF-8; empty when the message names none.</param>
    /// <param name="isDone">True when the message says that this response has ended.</param>
    /// <param name="now">The time.</param>
    public void Heard(ReadOnlySpan<byte> responseId, bool isDone, long now)
    {
        _core.LastHeardAt = now;
        if (_isClosed || _isOver || _core.Responses.Find(responseId) is not { } response)
        {
            return;
        }

        response.LastEventAt = now;
        if (isDone)
        {
            ReceiveNamed(new SessionFact { Kind = SessionFactKind.ResponseDone, ResponseId = responseId, IsMended = true }, now);
        }
    }

    /// <summary>The application wants something. Never throws for a rule's sake: a refusal names the rule and changes nothing.</summary>
    /// <param name="intent">What it wants.</param>
    /// <param name="now">The time.</param>
    /// <param name="waitingBytes">How much of what was sent before, audio apart, the connection has not taken yet (BP-04).</param>
    public SubmitResult Submit(in SessionIntent intent, long now, long waitingBytes = 0)
    {
        if (_isClosed && intent.Kind is (SessionIntentKind.TurnPlayed or SessionIntentKind.TurnTaken or SessionIntentKind.ItemPlayed or SessionIntentKind.Interrupt))
        {
            return HearOn(intent, now);
        }

        if (_isClosed || _isOver)
        {
            return new SubmitResult(SubmitVerdict.Refused, Rule: "SE-09", Message: "You submitted an intent after the connection had ended; a new connection needs a new session.");
        }

        if (BoundWhatWaits.Refusal(intent, waitingBytes) is { } tooMuch)
        {
            return SessionIntents.Refuse("BP-04", tooMuch);
        }

        if (OnlyTranscribe.Refusal(_core.Settings.Purpose, intent.Kind) is { } noResponses)
        {
            return SessionIntents.Refuse("RC-24", noResponses);
        }

        if (TakeNoNewTurn.Refusal(_core.IsDraining, intent) is { } drains)
        {
            return SessionIntents.Refuse("SE-11", drains);
        }

        SubmitResult result = _intents.Submit(intent, now);
        Settle(now);
        return result;
    }

    /// <summary>
    /// The application sends an event that it wrote by itself. When it is accepted, whoever asks hands it to the connection before anything that follows from it, which is among the effects.
    /// What the event says is known from now on: a <c>session.update</c> waits for its acknowledgement, a deleted item is not deleted again, an output answers its call. An error about it is told
    /// as <see cref="SessionChange.ErrorSurfaced"/> in any case. Allocates nothing for an event that moves nothing here.
    /// </summary>
    /// <param name="e">The event, with an id.</param>
    /// <param name="now">The time.</param>
    /// <param name="waitingBytes">As for an intent. A cancel is taken at any time.</param>
    /// <returns>Refused with RC-01 for what only the session sends, and with IT-07 for an id that is not new. Its turn is the one whose call it answers.</returns>
    public SubmitResult SubmitEvent(scoped in ClientEvent e, long now, long waitingBytes = 0)
    {
        if (_isClosed || _isOver)
        {
            return SessionIntents.Refuse("SE-09", "You sent an event after the connection had ended; a new connection needs a new session.");
        }

        if (e.Kind is not ClientEventKind.ResponseCancel && BoundWhatWaits.Refusal(waitingBytes) is { } tooMuch)
        {
            return SessionIntents.Refuse("BP-04", tooMuch);
        }

        SubmitResult result = _sent.Submit(e, now);
        Settle(now);
        return result;
    }

    /// <summary>What the event that was received last added to the transcript of the user's speech, in UTF-8: its <see cref="Reception.Utterance"/> says whose it is. Valid until the next verb.</summary>
    public ReadOnlySpan<byte> TranscriptPiece => _core.Transcripts.Piece;

    /// <summary>It is now <paramref name="now"/>. Calling it too early or too often does nothing.</summary>
    public void Elapse(long now)
    {
        if (_isClosed || _isOver)
        {
            return;
        }

        _core.Effects.Disarm(now);
        DeadlineTable.Elapse(_core, now);
        Settle(now);
    }

    /// <summary>
    /// The connection is about to end, and the session is not: takes out the turns that the application asked for and whose request was not sent, in their order. They do not end with <see cref="Close"/>; another machine is asked for
    /// them, once each. What they said is among the items.
    /// </summary>
    /// <param name="unsent">The ids of the <see cref="SessionCommand.CreateResponse"/> that were taken as effects and never came to the socket: they are not sent either. Null for none. One that the socket had, whatever it made of it, is not named.</param>
    public IReadOnlyList<WaitingRequest> TakeWaiting(IReadOnlyCollection<string>? unsent = null) => _isClosed ? [] : _core.Turns.TakeWaiting(unsent ?? []);

    /// <summary>
    /// The connection ended. Every turn ends as <see cref="TurnOutcome.Disconnected"/> and every operation fails, exactly once; a second call does nothing (SE-09). What had come of its answers plays on: what is reported and taken of it
    /// counts, and <see cref="SessionIntent.Interrupt"/> silences it, until another machine takes it over (<see cref="GoOnPlaying"/>). Every other intent is refused.
    /// </summary>
    /// <param name="reason">Why it ended; every turn carries it.</param>
    [LifecycleRule("SE-09")]
    public void Close(RealtimeCloseReason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _openAtEnd = CheckpointTaking.OpenTurns(_core);
        foreach (TurnState turn in _core.Turns.Live)
        {
            _core.Turns.End(turn, new TurnOutcome.Disconnected(reason));
        }

        _core.Operations.FailAll();
        _core.Utterances.EndAll();
    }

    private SubmitResult HearOn(in SessionIntent intent, long now)
    {
        if (intent.Kind is not SessionIntentKind.Interrupt)
        {
            return _intents.Submit(intent, now);
        }

        _core.Silencing.SilenceWhatIsLeft();
        return default;
    }

    /// <summary>What outlives the connection, as far as is known now. Also after <see cref="Close"/>: it is then what the connection left behind.</summary>
    /// <param name="now">The time; sound that came is played on while it passes.</param>
    /// <param name="usage">The tokens of the session so far, which are not counted here; null for none.</param>
    /// <param name="playsOn">True where the same application goes on: what is played and was not silenced, is going to be heard to its end. False where what was not heard yet never will be, since it goes with its process.</param>
    public SessionCheckpoint Checkpoint(long now, SessionUsage? usage = null, bool playsOn = false) => CheckpointTaking.Take(_core, _openAtEnd, usage, now, playsOn);

    /// <summary>
    /// What still may be heard of the connection before is this one's from now on: it is silenced with what this one says, and its listeners are told to the end. Nothing of it is truncated here, since its items are of another
    /// conversation.
    /// </summary>
    /// <param name="before">The machine of that connection; nothing plays there any more.</param>
    /// <param name="now">The time here.</param>
    /// <param name="then">The same moment there.</param>
    public void GoOnPlaying(SessionMachine before, long now, long then)
    {
        ArgumentNullException.ThrowIfNull(before);
        _core.Playback.TakeOver(before._core.Playback, now - then);
    }

    /// <summary>
    /// Nothing is going on that a change of the connection would disturb (SE-08): no turn, no answer that is owed, no speech, nothing in the input buffer, and all that came was played (<see cref="PlaysUntil"/>). Where the server detects
    /// speech, what it hears besides is silence, and counts as nothing.
    /// </summary>
    /// <param name="now">The time.</param>
    public bool IsQuiet(long now) => ChangeConnectionsWhenQuiet.IsQuiet(_core, now);

    /// <summary>No turn lives, none is owed, and all that came was played: what draining waits for. What the user does makes no difference.</summary>
    /// <param name="now">The time.</param>
    public bool IsHeardOut(long now) => ChangeConnectionsWhenQuiet.IsHeardOut(_core, now);

    /// <summary>
    /// When all sound that came has been played, as far as it is known: a report says so itself; what was taken to the end plays for its length from when it was taken, and what nobody took from when it came. In the past, when it has
    /// been; <see cref="long.MaxValue"/> while a report or a reader is behind, for only another one tells.
    /// </summary>
    public long PlaysUntil => _core.Playback.PlaysUntil;

    /// <summary>
    /// Begins no new turn from now on (SE-11): intents that ask for one are refused, and a server that answers by itself is told to stop. What runs goes on, with its tools. A second call does nothing.
    /// </summary>
    /// <param name="now">The time.</param>
    public void Drain(long now)
    {
        if (_isClosed || _isOver || _core.IsDraining)
        {
            return;
        }

        _core.IsDraining = true;
        if (TakeNoNewTurn.Update(_core, out AnsweringSwitches? before) is { } update)
        {
            _intents.Submit(SessionIntent.Configure(update), now);
            _core.BeforeDraining = before;
        }

        Settle(now);
    }

    /// <summary>The item of the conversation with this id; null when the conversation does not hold it.</summary>
    public ConversationItem? FindItem(string itemId)
    {
        ArgumentNullException.ThrowIfNull(itemId);
        return _core.Items.Find(itemId) is { IsPlaced: true } item ? ItemMirror.ValueOf(item) : null;
    }

    /// <summary>The items that a response made, in the order of its output, without those that were deleted; none for a response that is not known.</summary>
    public IReadOnlyList<ConversationItem> ItemsOf(string responseId)
    {
        ArgumentNullException.ThrowIfNull(responseId);
        return _core.Responses.Find(Encoding.UTF8.GetBytes(responseId)) is { } response
            ? [.. response.Items.Where(static item => item.Presence is not ItemPresence.Deleted).OrderBy(static item => item.OutputIndex ?? 0).Select(ItemMirror.ValueOf)]
            : [];
    }

    /// <summary>The next thing to do, in order; false when there is nothing left.</summary>
    public bool TryTakeEffect([MaybeNullWhen(false)] out SessionEffect effect) => _core.Effects.TryTake(out effect);

    /// <summary>Content moves no phase and makes no deadline earlier unless it causes an effect, so without one there is nothing to settle: it is what comes by the hundred.</summary>
    private static bool IsContent(SessionFactKind kind) =>
        kind is SessionFactKind.OutputAudioDelta or SessionFactKind.OutputTextDelta or SessionFactKind.ResponseProgress;

    private Reception ReceiveNamed(in SessionFact fact, long now)
    {
        _core.LastHeardAt = now;
        if (Math.Max(fact.ItemId.Length, Math.Max(fact.ResponseId.Length, fact.CallId.Length)) > MaxIdBytes)
        {
            _core.Tolerate("LIMIT", "The server sent an id of more than 512 bytes; the event decides nothing.");
            return default;
        }

        if (IsTranscript(fact.Kind))
        {
            int utterance = _core.Transcripts.Hear(fact, now);
            Settle(now);
            return new Reception(0, false, utterance);
        }

        TrackedResponse? response = _core.Responses.Find(fact.ResponseId) ?? _responses.Adopt(fact, now) ?? _core.Items.Find(fact.ItemId)?.Response;
        if (response is not null)
        {
            response.LastEventAt = now;
        }

        Dispatch(fact, response, now);
        if (!IsContent(fact.Kind) || !_core.Effects.IsEmpty)
        {
            Settle(now);
        }

        TrackedResponse? about = response ?? _core.Responses.Find(fact.ResponseId) ?? _core.Items.Find(fact.ItemId)?.Response;
        return about is null ? default : new Reception(about.Turn?.Number ?? 0, about is { IsDropped: true } or { Turn.HasEnded: true });
    }

    private static bool IsTranscript(SessionFactKind kind) =>
        kind is SessionFactKind.InputTranscriptDelta or SessionFactKind.InputTranscriptSegment or SessionFactKind.InputTranscriptCompleted or SessionFactKind.InputTranscriptFailed;

    private void Dispatch(in SessionFact fact, TrackedResponse? response, long now)
    {
        switch (fact.Kind)
        {
            case SessionFactKind.OutputAudioDelta:
                _responses.AudioDelta(fact, response, now);
                break;
            case SessionFactKind.OutputTextDelta:
                if (_core.Items.Find(fact.ItemId) is { } read)
                {
                    read.HasText = true;
                }

                _items.Heard(fact);
                break;
            case SessionFactKind.ResponseProgress:
                _items.Heard(fact);
                break;
            case SessionFactKind.ItemRetrieved:
                _items.Retrieved(fact);
                break;
            case SessionFactKind.OutputAudioDone:
                _core.Items.Find(fact.ItemId)?.EndAudio(fact.ContentIndex);
                _core.Playback.DropWhatIsOver();
                break;
            case SessionFactKind.ResponseCreated:
                _responses.Created(fact, response, now);
                break;
            case SessionFactKind.ResponseDone:
                _responses.Done(fact, response, now);
                break;
            case SessionFactKind.OutputItemAdded:
                _items.OutputAdded(fact, response, now);
                break;
            case SessionFactKind.ItemDone:
            case SessionFactKind.OutputItemDone:
                _items.Done(fact, response, now);
                break;
            case SessionFactKind.CallArgumentsDone:
                _items.ArgumentsDone(fact, response, now);
                break;
            case SessionFactKind.McpArgumentsDone:
                _items.McpArgumentsDone(fact, response, now);
                break;
            case SessionFactKind.McpCallChanged:
                _items.McpCallChanged(fact, now);
                break;
            case SessionFactKind.McpListChanged:
                _core.McpServers.Listed(fact);
                break;
            case SessionFactKind.ItemAdded:
                _items.Added(fact, now);
                break;
            case SessionFactKind.ItemTruncated:
                _items.Truncated(fact);
                break;
            case SessionFactKind.ItemDeleted:
                _items.Deleted(fact);
                break;
            case SessionFactKind.SpeechStarted:
                _input.SpeechStarted(fact, now);
                break;
            case SessionFactKind.SpeechStopped:
                _input.SpeechStopped(fact, now);
                break;
            case SessionFactKind.InputTimeoutTriggered:
                _input.TimeoutTriggered(fact, now);
                break;
            case SessionFactKind.InputCommitted:
                _input.Committed(fact, now);
                break;
            case SessionFactKind.InputCleared:
                _input.Cleared();
                break;
            case SessionFactKind.SessionCreated:
                Created(fact);
                break;
            case SessionFactKind.SessionUpdated:
                Configured(fact);
                break;
            case SessionFactKind.Error:
                _errors.Error(fact, now);
                break;
        }
    }

    private void Created(in SessionFact fact)
    {
        if (!TellAnotherKind(fact, isConfigured: false))
        {
            _core.Apply(fact);
            _core.Effects.Tell(new SessionChange.SessionOpened());
        }
    }

    private bool TellAnotherKind(in SessionFact fact, bool isConfigured)
    {
        bool isAnother = AskedKind.IsAnother(_core.Settings.Purpose, fact.SessionType, isConfigured);
        if (isAnother)
        {
            _core.Effects.Tell(new SessionChange.SessionKindDiffers(AskedKind.Word(_core.Settings.Purpose), FactText.OrNull(fact.SessionType)!));
        }

        return isAnother;
    }

    private void Configured(in SessionFact fact)
    {
        TellAnotherKind(fact, isConfigured: true);
        _core.Apply(fact);
        _core.TellWhatDiffers(fact);
        if (_core.Configurations.Acknowledge() is { } answered)
        {
            _core.Complete(answered);
        }
    }

    /// <summary>After every verb: what may be sent now is sent, and the timer is set for what comes next. A session that expired takes and sends nothing any more (SE-09), though its connection still stands; whoever hears of it takes out what waits, and closes.</summary>
    private void Settle(long now)
    {
        if (_core.Expiry is { } error)
        {
            _isOver = true;
            _core.Effects.Tell(new SessionChange.SessionExpired(ErrorReach.Expired(error)));
            return;
        }

        _core.Slot.Flush(now);
        _core.Asides.Flush(now);
        _core.Effects.Arm(DeadlineTable.Next(_core));
    }
}
