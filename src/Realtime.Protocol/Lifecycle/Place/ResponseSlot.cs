namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// One response at a time. It holds the conversation's one place for a response, the create that is on the wire, and the creates that wait; it moves by
/// <see cref="SlotTable"/> alone, and it is the only code that makes a <see cref="SessionCommand.CreateResponse"/> or a <see cref="SessionCommand.CancelResponse"/>.
/// Out-of-band responses (RC-22) never enter here: they will have a table of their own beside it.
/// </summary>
internal sealed class ResponseSlot(SessionCore session)
{
    private readonly List<Create> _waiting = [];
    private readonly List<Create> _lost = [];

    public SlotPhase Phase { get; private set; }

    /// <summary>The response that holds the place, in <see cref="SlotPhase.Active"/> and <see cref="SlotPhase.Cancelling"/>.</summary>
    public TrackedResponse? Current { get; private set; }

    /// <summary>Our create on the wire. It outlives <see cref="SlotPhase.Requested"/> when somebody else's response came first.</summary>
    public Create? Outstanding { get; private set; }

    /// <summary>Until when the server's own answer is waited for; 0 when none is expected.</summary>
    public long AnswerDueAt { get; private set; }

    public bool HasWaiting => _waiting.Count > 0;

    public Create? FirstWaiting => _waiting.Count > 0 ? _waiting[0] : null;

    public Create? LastWaiting => _waiting.Count > 0 ? _waiting[^1] : null;

    public void Enqueue(Create create) => _waiting.Add(create);

    /// <summary>Puts <paramref name="create"/> where <paramref name="replaced"/> waits.</summary>
    public void Replace(Create replaced, Create create) => _waiting[_waiting.IndexOf(replaced)] = create;

    /// <summary>Takes a waiting create out; false when it is on the wire already.</summary>
    public bool Withdraw(Create create) => _waiting.Remove(create);

    public void Clear() => _waiting.Clear();

    /// <summary>Sends the first waiting create, if its time has come.</summary>
    public void Flush(long now)
    {
        if (FirstWaiting is not { } create || !SendCreateOnlyWhenIdle.Allows(Phase) || HoldWhileUserSpeaks.Holds(create, session, now))
        {
            return;
        }

        _waiting.RemoveAt(0);
        create.EventId = session.Ids.NewEventId();
        create.Token = session.MatchesByOrder || create.Request?.Metadata.Pairs.Length >= MetadataFits.MaxPairs ? null : session.Ids.NewToken();
        create.SentAt = now;
        Outstanding = create;
        Move(SlotTrigger.CreateSent);
        session.Operations.Remember(new Operation(OperationKind.Create, create.EventId) { Create = create }, now);
        session.Effects.Send(new SessionCommand.CreateResponse(create.EventId, create.Token, create.Request));
    }

    /// <summary>Cancels a response by name; false when the rules leave nothing to cancel.</summary>
    public bool Cancel(TrackedResponse response, long now)
    {
        if (!CancelByNameOnce.Allows(Phase, Current, response))
        {
            return false;
        }

        response.CancelSentAt = now;
        Move(SlotTrigger.CancelSent);
        SendCancel(new Operation(OperationKind.Cancel, session.Ids.NewEventId()) { Response = response }, response.Id, now);
        return true;
    }

    /// <summary>Asks a server that owes us an answer whether anything runs. It is the one cancel without a name, since the response never got one.</summary>
    public void Probe(Create create, long now)
    {
        create.ProbedAt = now;
        SendCancel(new Operation(OperationKind.Cancel, session.Ids.NewEventId()) { Create = create }, null, now);
    }

    /// <summary>The server committed a turn that it will answer.</summary>
    public void ExpectAnswer(long now)
    {
        AnswerDueAt = now + session.Settings.AutoResponseTimeout;
        Move(SlotTrigger.AnswerExpected);
    }

    /// <summary>The server's own answer did not come, or the user went on speaking.</summary>
    public void StopExpecting()
    {
        AnswerDueAt = 0;
        Move(SlotTrigger.AnswerOverdue);
    }

    /// <summary>The create that a response belongs to; null when it is somebody else's.</summary>
    public Create? FindCreate(in SessionFact created, long now, out ResponseOwner owner)
    {
        bool serverTakesTurns = session.Detection is { IsStated: false } or { CreatesResponse: true };
        bool serverOwesAnswer = AnswerDueAt != 0 || session.IsIdleTriggered || (session.Detection.CreatesResponse && (session.UserSpeaks || now < session.HoldUntil));
        owner = MatchByToken.OwnerOf(created, Outstanding, serverTakesTurns, serverOwesAnswer);
        if (owner is ResponseOwner.Ours or ResponseOwner.OursUnmarked)
        {
            return Outstanding;
        }

        foreach (Create lost in _lost)
        {
            if (lost.Token is { } own && Utf8IdComparer.Instance.Equals(created.Token, own))
            {
                return lost;
            }
        }

        return null;
    }

    /// <summary>A response took the place.</summary>
    /// <param name="response">Which one.</param>
    /// <param name="create">The create it answers; null when it answers none of ours.</param>
    public void Began(TrackedResponse response, Create? create)
    {
        if (create is not null && ReferenceEquals(create, Outstanding))
        {
            Outstanding = null;
        }

        AnswerDueAt = 0;
        Current = response;
        Move(create is null ? SlotTrigger.CreatedOther : SlotTrigger.CreatedOurs);
    }

    /// <summary>A response is over. One that does not hold the place frees nothing (RC-14).</summary>
    [LifecycleRule("RC-14")]
    public void Done(TrackedResponse response, long now)
    {
        if (!ReferenceEquals(Current, response))
        {
            return;
        }

        Current = null;
        if (Outstanding is { } open && ReferenceEquals(open.PerhapsAnswer, response))
        {
            Outstanding = null; // no refusal came while it ran, so it was the answer
        }

        if (Outstanding is not null)
        {
            Move(SlotTrigger.DoneCreateOpen);
        }
        else if (AnswerDueAt != 0)
        {
            AnswerDueAt = now + session.Settings.AutoResponseTimeout;
            Move(SlotTrigger.DoneAnswerExpected);
        }
        else
        {
            Move(SlotTrigger.Done);
        }
    }

    /// <summary>Our create failed.</summary>
    public void Refused(long now)
    {
        Outstanding = null;
        Move(SlotTrigger.Refused);
        if (Phase is SlotPhase.Idle && AnswerDueAt != 0)
        {
            ExpectAnswer(now);
        }
    }

    /// <summary>Our create met another response, and goes back to the head of the queue unless it was given up meanwhile.</summary>
    /// <param name="inTheWay">The response that was named and still runs; null when none was named.</param>
    /// <param name="isOver">The response in the way has ended already.</param>
    /// <param name="now">The time.</param>
    public void RefusedByOther(TrackedResponse? inTheWay, bool isOver, long now)
    {
        Create create = Outstanding!;
        Outstanding = null;
        create.EventId = null;
        create.Token = null;
        create.PerhapsAnswer = null;
        create.Refusals++;
        if (!create.IsGivenUp)
        {
            _waiting.Insert(0, create);
        }

        if (isOver)
        {
            Move(SlotTrigger.Refused);
        }
        else if (inTheWay is not null)
        {
            Current ??= inTheWay;
            Move(SlotTrigger.RefusedByNamed);
        }
        else
        {
            Move(SlotTrigger.RefusedByUnnamed);
            AnswerDueAt = Phase is SlotPhase.AutoPending ? now + session.Settings.AutoResponseTimeout : AnswerDueAt;
        }
    }

    /// <summary>Nothing runs, so the create that was probed for is lost. Should its response begin after all, its token still tells.</summary>
    public void CreateLost(Create create)
    {
        if (ReferenceEquals(create, Outstanding) && Phase is SlotPhase.Requested)
        {
            Outstanding = null;
            _lost.Add(create);
            Move(SlotTrigger.CreateLost);
        }
    }

    private void SendCancel(Operation operation, string? responseId, long now)
    {
        session.Operations.Remember(operation, now);
        session.Effects.Send(new SessionCommand.CancelResponse(operation.EventId, responseId));
    }

    private void Move(SlotTrigger trigger)
    {
        if (SlotTable.TryNext(Phase, trigger, out SlotPhase next))
        {
            Phase = next;
        }
    }
}
