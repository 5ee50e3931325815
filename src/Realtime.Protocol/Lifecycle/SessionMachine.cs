using System.Diagnostics.CodeAnalysis;

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
    private const int MaxIdBytes = 512;

    private readonly SessionCore _session;
    private readonly ResponseSlot _slot;
    private readonly TurnTable _turns;
    private readonly SessionIntents _intents;
    private readonly ResponseEvents _responses;
    private readonly ItemEvents _items;
    private readonly InputEvents _input;
    private readonly ErrorEvents _errors;
    private readonly DeadlineTable _deadlines;
    private bool _isClosed;

    /// <summary>A machine for one connection.</summary>
    /// <param name="settings">Not changed afterwards.</param>
    public SessionMachine(MachineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentException.ThrowIfNullOrEmpty(settings.IdPrefix);
        _session = new SessionCore(settings, new EffectQueue());
        _slot = new ResponseSlot(_session);
        _turns = new TurnTable(_session, _slot);
        var silencing = new Silencing(_session, _slot, _turns);
        var tools = new ToolTable(_session, _turns);
        _intents = new SessionIntents(_session, _slot, _turns, tools, silencing);
        _items = new ItemEvents(_session, tools, silencing);
        _responses = new ResponseEvents(_session, _slot, _turns, tools, _items, silencing);
        _input = new InputEvents(_session, _slot, silencing);
        _errors = new ErrorEvents(_session, _slot, _turns, _responses, _items);
        _deadlines = new DeadlineTable(_session, _slot, _turns, tools);
    }

    /// <summary>The server said something. Allocates nothing for audio, text and transcript deltas.</summary>
    /// <returns>The turn that the event belongs to, and whether its output may be heard.</returns>
    public Reception Receive(in SessionFact fact, long now)
    {
        if (_isClosed)
        {
            return default;
        }

        if (Math.Max(fact.ItemId.Length, Math.Max(fact.ResponseId.Length, fact.CallId.Length)) > MaxIdBytes)
        {
            _session.Effects.Tell(new SessionChange.ViolationTolerated("LIMIT", "The server sent an id of more than 512 bytes; the event decides nothing."));
            return default;
        }

        TrackedResponse? response = _session.Responses.Find(fact.ResponseId);
        if (response is not null)
        {
            response.LastEventAt = now;
        }

        Dispatch(fact, response, now);
        Settle(now);
        response ??= _session.Responses.Find(fact.ResponseId) ?? _session.Items.Find(fact.ItemId)?.Response;
        return response is null ? default : new Reception(response.Turn?.Number ?? 0, response.IsDropped);
    }

    /// <summary>The server sent something that could not be read, or that says nothing: it lives, and so does the response that the message names.</summary>
    /// <param name="responseId">UTF-8; empty when the message names none.</param>
    /// <param name="now">The time.</param>
    public void Heard(ReadOnlySpan<byte> responseId, long now)
    {
        if (!_isClosed && _session.Responses.Find(responseId) is { } response)
        {
            response.LastEventAt = now;
            Settle(now);
        }
    }

    /// <summary>The application wants something. Never throws for a rule's sake: a refusal names the rule and changes nothing.</summary>
    /// <param name="intent">What it wants.</param>
    /// <param name="now">The time.</param>
    /// <param name="waitingBytes">How much of what was sent before, audio apart, the connection has not taken yet (BP-04).</param>
    public SubmitResult Submit(in SessionIntent intent, long now, long waitingBytes = 0)
    {
        if (_isClosed)
        {
            return new SubmitResult(SubmitVerdict.Refused, Rule: "SE-09", Message: "You submitted an intent after the connection had ended; a new connection needs a new session.");
        }

        if (BoundWhatWaits.Refusal(intent, waitingBytes) is { } tooMuch)
        {
            return SessionIntents.Refuse("BP-04", tooMuch);
        }

        SubmitResult result = _intents.Submit(intent, now);
        Settle(now);
        return result;
    }

    /// <summary>It is now <paramref name="now"/>. Calling it too early or too often does nothing.</summary>
    public void Elapse(long now)
    {
        if (_isClosed)
        {
            return;
        }

        _session.Effects.Disarm(now);
        _deadlines.Elapse(now);
        Settle(now);
    }

    /// <summary>The connection ended. Every turn ends as <see cref="TurnOutcome.Disconnected"/> and every operation fails, exactly once; a second call does nothing (SE-09).</summary>
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
        _slot.Clear();
        foreach (TurnState turn in _turns.Live)
        {
            _turns.End(turn, new TurnOutcome.Disconnected(reason));
        }

        _session.Operations.FailAll();
    }

    /// <summary>The next thing to do, in order; false when there is nothing left.</summary>
    public bool TryTakeEffect([MaybeNullWhen(false)] out SessionEffect effect) => _session.Effects.TryTake(out effect);

    private void Dispatch(in SessionFact fact, TrackedResponse? response, long now)
    {
        switch (fact.Kind)
        {
            case SessionFactKind.OutputAudioDelta:
                _responses.AudioDelta(fact, response, now);
                break;
            case SessionFactKind.OutputTextDelta:
                if (_session.Items.Find(fact.ItemId) is { } read)
                {
                    read.HasText = true;
                }

                break;
            case SessionFactKind.OutputAudioDone:
                _session.Items.Find(fact.ItemId)?.EndAudio(fact.ContentIndex);
                break;
            case SessionFactKind.ResponseCreated:
                _responses.Created(fact, now);
                break;
            case SessionFactKind.ResponseDone:
                _responses.Done(fact, now);
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
                _input.TimeoutTriggered();
                break;
            case SessionFactKind.InputCommitted:
                _input.Committed(fact, now);
                break;
            case SessionFactKind.InputCleared:
                _input.Cleared();
                break;
            case SessionFactKind.SessionCreated:
                _session.Apply(fact);
                _session.Effects.Tell(new SessionChange.SessionOpened());
                break;
            case SessionFactKind.SessionUpdated:
                Configured(fact);
                break;
            case SessionFactKind.Error:
                _errors.Error(fact, now);
                break;
        }
    }

    private void Configured(in SessionFact fact)
    {
        _session.Apply(fact);
        if (_session.Configurations.Acknowledge() is { } answered)
        {
            _session.Operations.Complete(answered.Handle);
        }
    }

    /// <summary>After every verb: what may be sent now is sent, and the timer is set for what comes next.</summary>
    private void Settle(long now)
    {
        _slot.Flush(now);
        _session.Effects.Arm(_deadlines.Next);
    }
}
