namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// One response at a time. It holds the conversation's one place for a response, the answer that the server owes, the create that is on the wire, and the creates that wait; it moves by
/// <see cref="SlotTable"/> alone, and it is the only code that makes a <see cref="SessionCommand.CreateResponse"/> or a <see cref="SessionCommand.CancelResponse"/>.
/// Out-of-band responses (RC-22) never take the place: they have a table of their own beside it (<see cref="Asides"/>), and only their events leave here.
/// </summary>
internal sealed class ResponseSlot(SessionCore core)
{
    // A lost create's response can still begin, but not after sixty-four others were lost.
    private const int MaxLost = 64;

    // A server that leaves a cancel unanswered, because it came too late, is not asked about it again.
    private const int MaxCancels = 64;

    private readonly List<Create> _waiting = [];
    private readonly List<Create> _lost = [];
    private readonly List<Operation> _cancels = [];

    public SlotPhase Phase { get; private set; }

    /// <summary>The response that holds the place, in <see cref="SlotPhase.Active"/> and <see cref="SlotPhase.Cancelling"/>.</summary>
    public TrackedResponse? Current { get; private set; }

    /// <summary>Our create on the wire. It outlives <see cref="SlotPhase.Requested"/> when somebody else's response came first.</summary>
    public Create? Outstanding { get; private set; }

    /// <summary>The create that a refusal can be about: the one that is open, or one that counts as answered by order alone.</summary>
    public Create? Refusable => Outstanding ?? Current?.ByOrder?.Create;

    /// <summary>The answer that the server owes for a turn that it took; null when it owes none.</summary>
    public OwedAnswer? Owed { get; private set; }

    /// <summary>Until when a response that nobody named may still show itself, in <see cref="SlotPhase.Blocked"/>; in every other phase it means nothing.</summary>
    public long BlockedUntil { get; private set; }

    public bool HasWaiting => _waiting.Count > 0;

    public Create? FirstWaiting => _waiting.Count > 0 ? _waiting[0] : null;

    public Create? LastWaiting => _waiting.Count > 0 ? _waiting[^1] : null;

    /// <summary>How many creates have waited so far.</summary>
    public int Asked { get; private set; }

    /// <summary>The first waiting create whose turn was begun after this one; null when there is none.</summary>
    public Create? FirstWaitingBehind(TurnState turn) => _waiting.Find(create => create.Turn.Number > turn.Number);

    /// <summary>Lets a create wait, at the end or before another.</summary>
    public void Enqueue(Create create, Create? before = null)
    {
        create.Number = ++Asked;
        _waiting.Insert(before is null ? _waiting.Count : _waiting.IndexOf(before), create);
    }

    /// <summary>Puts <paramref name="create"/> where <paramref name="replaced"/> waits.</summary>
    public void Replace(Create replaced, Create create)
    {
        create.Number = replaced.Number;
        _waiting[_waiting.IndexOf(replaced)] = create;
    }

    /// <summary>Takes a waiting create out; false when it is on the wire already.</summary>
    public bool Withdraw(Create create) => _waiting.Remove(create);

    /// <summary>Sends the first waiting create, if its time has come; before it the updates that wait for the same (SE-06).</summary>
    public void Flush(long now)
    {
        if (core.Configurations.HasWaiting && SendCreateOnlyWhenIdle.Allows(Phase))
        {
            ConfigurationIntents.SendWaiting(core, now);
        }

        if (FirstWaiting is null || Next() is not { } create || !SendCreateOnlyWhenIdle.Allows(Phase) || core.Asides.IsInDoubt || HoldWhileUserSpeaks.Holds(create, core, now) || HoldUntilToolsAreListed.Holds(create, core.McpServers, now))
        {
            return;
        }

        _waiting.Remove(create);
        Outstanding = create;
        Move(SlotTrigger.CreateSent, now);
        Send(create, now);
    }

    /// <summary>Puts a create on the wire, under an id and a token of its own.</summary>
    public void Send(Create create, long now)
    {
        create.EventId = core.Ids.NewEventId();
        create.Token = core.Settings.Capabilities.EchoesMetadata is Knowledge.No || create.Request?.Metadata.Pairs.Length >= MetadataFits.MaxPairs ? null : core.Ids.NewToken();
        create.SentAt = now;
        core.Operations.Remember(new Operation(OperationKind.Create, create.EventId) { Create = create }, now);
        core.Effects.Send(new SessionCommand.CreateResponse(create.EventId, create.Token, ReferToKnownItems.Next(create.Turn, core.Items)));
    }

    /// <summary>Cancels a response by name, if the rules leave anything to cancel.</summary>
    /// <param name="response">Which one.</param>
    /// <param name="now">The time.</param>
    /// <param name="isSilent">It has been silent for so long that a cancel that was refused may be sent once more.</param>
    public void Cancel(TrackedResponse response, long now, bool isSilent = false)
    {
        if (response.IsOutside ? CancelByNameOnce.AllowsOutside(response, isSilent) : CancelByNameOnce.Allows(Phase, Current, response, isSilent))
        {
            CancelSent(response, now);
            SendCancel(new Operation(OperationKind.Cancel, core.Ids.NewEventId()) { Response = response }, response.Id, now);
        }
    }

    /// <summary>
    /// The application sends a cancel by itself. One that hits the response that holds the place, by its name or by naming none, is that response's cancel like one of ours; any other
    /// is only known, so that no answer to it is taken for the answer to ours.
    /// </summary>
    /// <param name="responseId">UTF-8; empty when it names none.</param>
    /// <param name="eventId">Its own.</param>
    /// <param name="now">The time.</param>
    public void CancelledByApplication(ReadOnlySpan<byte> responseId, string eventId, long now)
    {
        TrackedResponse? hit = Current is { } current && (responseId.IsEmpty || ReferenceEquals(core.Responses.Find(responseId), current)) && CancelByNameOnce.Allows(Phase, Current, current, isSilent: false)
            ? current
            : null;
        if (core.Responses.Find(responseId) is { } beside && CancelByNameOnce.AllowsOutside(beside, isSilent: false))
        {
            hit = beside;
        }

        if (hit is not null)
        {
            CancelSent(hit, now);
        }

        Await(new Operation(OperationKind.Cancel, eventId) { Response = hit, SentAt = now, IsApplications = true }, now);
    }

    /// <summary>The server refused a cancel, and not because nothing runs: the response runs on, and is asked to stop once more when it falls silent (RC-11).</summary>
    public void CancelRefused(TrackedResponse response, long now)
    {
        response.IsCancelOut = false;
        response.CancelRefusedAt = response.IsOutside ? now : response.CancelRefusedAt;
        if (ReferenceEquals(Current, response) && Phase is SlotPhase.Cancelling)
        {
            response.CancelRefusedAt = now;
            Move(SlotTrigger.CancelRefused, now);
        }
    }

    /// <summary>Asks a server that leaves our create unanswered whether anything runs. It is the one cancel without a name, since the response never got one.</summary>
    public void Probe(Create create, long now)
    {
        create.ProbedAt = now;
        SendCancel(new Operation(OperationKind.Cancel, core.Ids.NewEventId()) { Create = create }, null, now);
    }

    /// <summary>The cancel that an error without an id answers: a server answers in order, so it is the oldest one that nothing has answered yet; null when there is none.</summary>
    public Operation? OldestUnansweredCancel => _cancels.Count > 0 ? _cancels[0] : null;

    /// <summary>The server answered a cancel.</summary>
    public void CancelAnswered(Operation cancel) => _cancels.Remove(cancel);

    /// <summary>The server took a turn that it will answer. It owes one answer, however often it says so.</summary>
    public void ExpectAnswer(TurnOrigin cause, long now)
    {
        Owed ??= new OwedAnswer(cause);
        Owed.DueAt = now + core.Settings.AutoResponseTimeout;
        Move(SlotTrigger.AnswerExpected, now);
    }

    /// <summary>The server's own answer did not come, or the user went on speaking before it could.</summary>
    public void StopExpecting(long now)
    {
        Owed = null;
        Move(SlotTrigger.AnswerOverdue, now);
    }

    /// <summary>The user goes on speaking: an answer that was about to begin does not come, and one that comes later answers other words.</summary>
    public void UserSpeaksAgain(long now)
    {
        if (Phase is SlotPhase.AnswerDue)
        {
            StopExpecting(now);
        }
        else if (Owed is not null)
        {
            Owed.IsUnwanted = false;
        }
    }

    /// <summary>The answer that was owed has begun.</summary>
    public void OwesNothing() => Owed = null;

    /// <summary>The application interrupted: an answer that is still owed will not be heard.</summary>
    public void RefuseOwedAnswer()
    {
        if (Owed is not null)
        {
            Owed.IsUnwanted = true;
        }
    }

    /// <summary>The response that nobody named has not shown itself.</summary>
    public void StopBlocking(long now) => Move(SlotTrigger.BlockOver, now);

    /// <summary>Whose response it is that <paramref name="fact"/> names for the first time.</summary>
    public ResponseOwner OwnerOf(in SessionFact fact, long now)
    {
        if (MatchByToken.IsRepeated(fact.Token, Current?.ByOrder?.Create))
        {
            return ResponseOwner.Ours; // and the one that holds the place was not
        }

        bool isForeign = !fact.Token.IsEmpty && !core.Ids.HasMade(fact.Token);
        return MatchByToken.OwnerOf(fact, Outstanding, core.EchoesMetadata, core.StatesConversation is Knowledge.Yes || isForeign, IsAnswerOwed(now));
    }

    /// <summary>A response of the server's own is to be expected: it took a turn, or the user is speaking to a server that answers.</summary>
    public bool IsAnswerOwed(long now) => Owed is not null || (core.Detection.CreatesResponse && (core.UserSpeaks || now < core.HoldUntil));

    /// <summary>The create with this token that was taken for lost; null when there is none.</summary>
    public Create? FindLost(ReadOnlySpan<byte> token)
    {
        foreach (Create lost in _lost)
        {
            if (MatchByToken.IsRepeated(token, lost))
            {
                return lost;
            }
        }

        return null;
    }

    /// <summary>A response took the place.</summary>
    /// <param name="response">Which one.</param>
    /// <param name="create">The create it answers; null when it answers none of ours.</param>
    /// <param name="now">The time.</param>
    public void Began(TrackedResponse response, Create? create, long now)
    {
        Outstanding = ReferenceEquals(create, Outstanding) ? null : Outstanding;
        Owed = null;
        Current = response;
        Move(SlotTrigger.Began, now);
    }

    /// <summary>
    /// Nothing is expected of the create on the wire any more: it is lost, or was answered by a response that began as another's. A response that bears its token after all is cancelled unheard.
    /// </summary>
    public void CreateOver(Create create, long now)
    {
        if (!ReferenceEquals(create, Outstanding))
        {
            return;
        }

        Outstanding = null;
        Lose(create);
        Move(SlotTrigger.NothingRuns, now);
    }

    /// <summary>Nobody wants the answer to a create any more that is not on the wire. A response that bears its token after all is cancelled unheard.</summary>
    public void Lose(Create create)
    {
        create.IsUnwanted = true;
        _lost.Add(create);
        if (_lost.Count > MaxLost)
        {
            _lost.RemoveAt(0);
        }
    }

    /// <summary>A response is over. One that does not hold the place frees nothing (RC-14).</summary>
    [LifecycleRule("RC-14")]
    public void Ended(TrackedResponse response, long now)
    {
        _cancels.RemoveAll(cancel => cancel.Response == response && response.IsCancelled);
        if (!ReferenceEquals(Current, response))
        {
            return;
        }

        Current = null;
        Move(SlotTrigger.Ended, now);
    }

    /// <summary>A response ended that nobody had announced. Where the place is blocked it was the one in the way, and where a probe is out it is the probe's answer.</summary>
    public void EndedUnseen(long now)
    {
        if (Phase is SlotPhase.Requested && Outstanding is { ProbedAt: not null } create)
        {
            CreateOver(create, now);
        }
        else if (Phase is SlotPhase.Blocked)
        {
            Move(SlotTrigger.Ended, now);
        }
    }

    /// <summary>Our create failed.</summary>
    public void Refused(long now)
    {
        Outstanding = null;
        Move(SlotTrigger.Refused, now);
    }

    /// <summary>Our create met another response, and goes back to the head of the queue unless it was given up meanwhile.</summary>
    /// <param name="create">The create; where it had counted as answered by order, the place stays with the response that holds it.</param>
    /// <param name="inTheWay">The response that was named and still runs; null when none was named.</param>
    /// <param name="isOver">The response in the way has ended already.</param>
    /// <param name="now">The time.</param>
    public void RefusedByOther(Create create, TrackedResponse? inTheWay, bool isOver, long now)
    {
        Outstanding = null;
        create.TakeBack();
        if (!create.IsUnwanted)
        {
            _waiting.Insert(0, create);
        }

        bool isSuperseded = Current is { IsDone: true }; // for the one that was named: it begins here
        if (!isOver && inTheWay is not null && (isSuperseded || Current is null))
        {
            Current = inTheWay;
        }

        Move((isOver, inTheWay) switch
        {
            (true, _) => SlotTrigger.Refused,
            (false, not null) => isSuperseded ? SlotTrigger.Began : SlotTrigger.RefusedByNamed,
            _ => SlotTrigger.RefusedByUnnamed,
        }, now);
    }

    /// <summary>The first that no turn ahead of it holds back.</summary>
    private Create? Next()
    {
        foreach (Create create in _waiting)
        {
            if (!WaitForTheRoundAhead.Holds(create, core.Turns))
            {
                return create;
            }
        }

        return null;
    }

    private void CancelSent(TrackedResponse response, long now)
    {
        response.CancelSentAt = now;
        response.Cancels++;
        response.IsCancelOut = response.IsOutside;
        if (!response.IsOutside)
        {
            Move(SlotTrigger.CancelSent, now);
        }
    }

    private void SendCancel(Operation operation, string? responseId, long now)
    {
        Await(operation, now);
        core.Effects.Send(new SessionCommand.CancelResponse(operation.EventId, responseId));
    }

    private void Await(Operation operation, long now)
    {
        _cancels.RemoveAll(IsLeftUnanswered);
        _cancels.Add(operation);
        if (_cancels.Count > MaxCancels)
        {
            _cancels.RemoveAt(0);
        }

        core.Operations.Remember(operation, now);

        // Some servers answer no cancel that came too late. It would take the answer to a later one, and be kept for good. A millisecond more or less decides nothing: it only says
        // how long such an answer is still expected.
        bool IsLeftUnanswered(Operation earlier) =>
            (earlier.Response is { } response ? (response.IsDone ? response.CancelSentAt : null) : earlier.Create is { } create ? create.ProbedAt : earlier.SentAt) is { } sentAt && now - sentAt > core.Settings.CancelTimeout;
    }

    private void Move(SlotTrigger trigger, long now)
    {
        if (!SlotTable.TryNext(Phase, trigger, Outstanding is not null, Owed is not null, out SlotPhase next))
        {
            return;
        }

        Phase = next;
        if (next is SlotPhase.AnswerDue)
        {
            Owed!.DueAt = now + core.Settings.AutoResponseTimeout; // what held it up is over
        }

        BlockedUntil = now + core.Settings.AutoResponseTimeout;
    }
}
