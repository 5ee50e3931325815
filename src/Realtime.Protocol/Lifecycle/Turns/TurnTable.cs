namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The turns that live, and the only code that ends one. A turn ends once: with its last response, when it is given up before it has one, or with the connection.
/// </summary>
internal sealed class TurnTable(SessionCore session, ResponseSlot slot)
{
    private readonly List<TurnState> _live = [];

    /// <summary>The turns that have not ended, oldest first, as a copy: ending them changes the table.</summary>
    public TurnState[] Live => [.. _live];

    /// <summary>The same, for who ends none.</summary>
    public IReadOnlyList<TurnState> All => _live;

    /// <summary>Those that take part in the conversation.</summary>
    public TurnState[] InConversation => [.. _live.Where(static turn => !turn.IsOutOfBand)];

    public TurnState? Find(int number)
    {
        foreach (TurnState turn in _live)
        {
            if (turn.Number == number)
            {
                return turn;
            }
        }

        return null;
    }

    /// <param name="origin">Who began it.</param>
    /// <param name="request">What it asks for.</param>
    /// <param name="number">The number that it has already; 0 for a new one.</param>
    public TurnState Begin(TurnOrigin origin, ResponseParameters? request, int number = 0)
    {
        var turn = new TurnState(number == 0 ? session.Settings.Numbers.NextTurn() : number, origin, request);
        _live.Add(turn);
        session.Effects.Tell(new SessionChange.TurnBegan(turn.Number, origin, turn.IsOutOfBand));
        return turn;
    }

    /// <summary>A turn for a request of the application: a waiting one that the request may join, or a new one.</summary>
    public TurnState Ask(ResponseParameters? request, int number = 0)
    {
        if (number == 0 && MergeAutomaticCreates.CanJoin(slot.LastWaiting, request is null))
        {
            slot.LastWaiting!.Reads = session.Items.LastSequence;
            return slot.LastWaiting.Turn;
        }

        TurnState turn = Begin(TurnOrigin.Application, request, number);
        Request(turn);
        return turn;
    }

    /// <summary>Takes out the turns of the application that were not answered yet and whose request was not sent. They have not ended: whoever takes them asks for them elsewhere.</summary>
    /// <param name="unsent">The creates that count as sent and never came to the socket.</param>
    public IReadOnlyList<WaitingRequest> TakeWaiting(IReadOnlyCollection<string> unsent)
    {
        TurnState[] waiting = [.. _live.Where(turn => turn is { Origin: TurnOrigin.Application, HasStarted: false, Decided: null, Create: { } create } && (create.EventId is null || unsent.Contains(create.EventId)))];
        foreach (TurnState turn in waiting)
        {
            slot.Withdraw(turn.Create!);
            session.Asides.Over(turn);
            _live.Remove(turn);
        }

        return [.. waiting.Select(static turn => new WaitingRequest(turn.Number, SessionIntent.Waiting(turn)))];
    }

    /// <summary>A turn for a request of the application that is answered beside the conversation.</summary>
    public TurnState AskBeside(ResponseParameters request, int number = 0)
    {
        TurnState turn = Begin(TurnOrigin.Application, request, number);
        session.Asides.Begin(turn);
        return turn;
    }

    /// <summary>Somebody gives something to a turn, for its next response to read. To a turn that has ended it is given for the conversation's sake alone.</summary>
    /// <param name="contribution">What is given.</param>
    /// <param name="eventId">The event that carries it to the server; null for a bare request, which has none of its own.</param>
    /// <param name="now">The time.</param>
    public void Give(Contribution contribution, string? eventId, long now)
    {
        if (!contribution.Turn.HasEnded)
        {
            contribution.Turn.Input.Add(contribution);
        }

        if (contribution.Item is { } item)
        {
            item.Contribution = contribution;
        }

        if (eventId is not null)
        {
            session.Operations.Remember(new Operation(OperationKind.Contribute, eventId) { Contribution = contribution }, now);
        }
    }

    /// <summary>The server refused a part of a turn's input: that part is out, and the turn goes on with the rest, if there is any.</summary>
    /// <returns>False when nobody is concerned any more.</returns>
    public bool Refuse(Contribution contribution, ServerError error, long now)
    {
        contribution.Refuse();
        if (contribution.Call is { } call)
        {
            call.State = CallState.Unanswerable;
        }

        if (contribution.Approval is { } approval)
        {
            approval.State = ApprovalState.Unanswerable;
        }

        TurnState turn = contribution.Turn;
        if (turn.HasEnded)
        {
            return false;
        }

        turn.Refusal = error;
        session.Effects.Tell(new SessionChange.InputRejected(turn.Number, contribution.Item?.Id, error));
        if (RejectWhenNothingIsLeft.Rejects(turn))
        {
            GiveUp(turn, new TurnOutcome.Rejected(error), now);
        }
        else
        {
            Continue(turn);
        }

        return true;
    }

    /// <summary>Its response began.</summary>
    public void Started(TurnState turn, TrackedResponse response)
    {
        turn.Create = null;
        turn.Input.Clear();
        turn.Response = response;
        McpCallTable.Read(turn);
        response.Turn = turn;
        response.Sound = turn.Sound;
        session.Effects.Tell(new SessionChange.ResponseStarted(turn.Number, response.Id, response.Origin, response.Encoding));
    }

    /// <summary>
    /// A response that was taken for the turn's answer is not. Where nothing of its output has come, it is a turn of the server's own. Otherwise it stays where it was heard, for a stream is not cut in
    /// two, and the turn goes on after it.
    /// </summary>
    public void TakeBack(AnswerByOrder taken, TrackedResponse response)
    {
        TurnState turn = taken.Create.Turn;
        turn.Create = taken.Create;
        turn.Input.InsertRange(0, taken.Input);
        if (!response.HasOutput)
        {
            turn.Response = taken.Before;
            session.Effects.Tell(new SessionChange.ResponseTakenBack(turn.Number, response.Id));
            response.Origin = taken.Otherwise;
            Started(Begin(response.Origin, request: null), response);
        }
    }

    /// <summary>Its response is done: the turn ends, unless tool calls or remote MCP servers carry it on, or it waits for its answer still.</summary>
    public void ResponseEnded(TurnState turn, TrackedResponse response, FactStatus status, TurnOutcome outcome, TokenUsage? usage)
    {
        session.Effects.Tell(new SessionChange.ResponseEnded(turn.Number, response.Id, status, usage));
        if (turn.Decided is { } decided)
        {
            End(turn, decided);
        }
        else if (outcome is TurnOutcome.Completed && (response.Calls.Count > 0 || turn.IsHeldByMcp))
        {
            if (turn.Create is { } waiting)
            {
                slot.Withdraw(waiting); // it would leave before the outputs; the round's own create stands for it (FC-04)
                turn.Create = null;
            }

            turn.AskedBeforeRound = response.Calls.Count == 0 ? slot.Asked : turn.AskedBeforeRound; // with calls it was when the first was told
            Continue(turn);
        }
        else if (turn.Create is null)
        {
            End(turn, outcome);
        }
    }

    /// <summary>An output or an approval was sent, a call of a remote MCP server has ended, or a response with calls is done: asks for the next response when nothing is missing.</summary>
    public void Continue(TurnState turn)
    {
        switch (AnswerEveryCallFirst.Next(turn, session.Settings.MaxToolRounds))
        {
            case ToolRound.Ask:
                turn.ToolRounds++;
                Request(turn);
                break;
            case ToolRound.Rest:
                End(turn, new TurnOutcome.Completed());
                break;
            case ToolRound.GiveUp:
                End(turn, new TurnOutcome.ToolRoundLimit());
                break;
            case ToolRound.Reject:
                End(turn, new TurnOutcome.Rejected(turn.Refusal!));
                break;
        }
    }

    /// <summary>Gives a turn up. It ends now, or, when a response of it runs, with that response's end.</summary>
    /// <param name="turn">Ending it twice is harmless.</param>
    /// <param name="outcome">Becomes its outcome.</param>
    /// <param name="now">The time.</param>
    /// <param name="serverCancels">The server cancels the response by itself (CX-04).</param>
    public void GiveUp(TurnState turn, TurnOutcome outcome, long now, bool serverCancels = false)
    {
        if (turn is { HasEnded: true } or { Decided: not null })
        {
            return;
        }

        if (turn.Create is { } create)
        {
            create.IsUnwanted = true;
            turn.Create = null;
            if (turn.IsOutOfBand)
            {
                session.Asides.Lose(create);
            }
            else
            {
                slot.Withdraw(create);
            }
        }

        if (turn.Response is not { IsDone: false } response)
        {
            End(turn, outcome);
            return;
        }

        turn.Decided = outcome;
        response.IsDropped = true;
        if (response.ByOrder is { } taken)
        {
            response.ByOrder = null;
            slot.Lose(taken.Create);
        }

        WithdrawCalls(turn);
        session.Mcp.Withdraw(turn, isConnected: true);
        if (!serverCancels)
        {
            slot.Cancel(response, now);
        }
    }

    /// <summary>The outcome of a turn that is silenced: nothing of it was answered, or something was.</summary>
    public static TurnOutcome Silenced(TurnState turn, InterruptionReason reason) => turn.HasStarted ? new TurnOutcome.Interrupted(reason) : new TurnOutcome.Withdrawn();

    /// <summary>The one end of a turn: every path that ends one comes through here, and the second time does nothing.</summary>
    [LifecycleRule("RC-08")]
    public void End(TurnState turn, TurnOutcome outcome)
    {
        if (turn.HasEnded)
        {
            return;
        }

        turn.HasEnded = true;
        turn.Create = null;
        _live.Remove(turn);
        session.Asides.Over(turn);
        WithdrawCalls(turn);
        session.Mcp.Withdraw(turn, isConnected: outcome is not TurnOutcome.Disconnected);
        session.Effects.Tell(new SessionChange.TurnEnded(turn.Number, outcome));
        session.Playback.TurnEnded(turn.Sound);
    }

    /// <summary>
    /// The next create of this turn: in the place of a waiting automatic one, whose turn is thereby answered too, or at the end of the queue. A turn that goes on goes before those that were asked for after it (FC-09).
    /// </summary>
    private void Request(TurnState turn)
    {
        if (turn.IsOutOfBand)
        {
            session.Asides.Ask(turn);
            return;
        }

        turn.Create = new Create(turn, turn.Request, session.Items.LastSequence);
        Create? behind = turn.HasStarted ? slot.FirstWaitingBehind(turn) : slot.LastWaiting;
        if (!MergeAutomaticCreates.CanJoin(behind, turn.Request is null))
        {
            slot.Enqueue(turn.Create, turn.HasStarted ? behind : null);
            return;
        }

        Create replaced = behind!;
        slot.Replace(replaced, turn.Create);
        foreach (Contribution contribution in replaced.Turn.Input)
        {
            contribution.Turn = turn;
            turn.Input.Add(contribution);
        }

        replaced.Turn.Input.Clear();
        McpCallTable.Move(replaced.Turn, turn);
        End(replaced.Turn, new TurnOutcome.Merged(turn.Number));
    }

    /// <summary>Nobody waits for the turn's open calls; their outputs may still come, and only complete the conversation.</summary>
    [LifecycleRule("FC-06")]
    [LifecycleRule("FC-07")]
    private void WithdrawCalls(TurnState turn)
    {
        foreach (TrackedCall call in turn.Response?.Calls ?? [])
        {
            if (call.State is CallState.Ready)
            {
                call.State = CallState.Withdrawn;
                session.Effects.Tell(new SessionChange.ToolCallWithdrawn(turn.Number, call.Item.Id, call.CallId));
            }
        }
    }
}
