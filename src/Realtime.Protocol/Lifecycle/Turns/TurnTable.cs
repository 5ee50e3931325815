namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The turns that live, and the only code that ends one. A turn ends once: with its last response, when it is given up before it has one, or with the connection.
/// </summary>
internal sealed class TurnTable(SessionCore session, Slot slot)
{
    // More calls than any session of an hour has; beyond it the oldest is forgotten.
    private const int MaxCalls = 10_000;

    private readonly List<TurnState> _live = [];
    private readonly Queue<string> _oldestCalls = new();
    private readonly Dictionary<string, TrackedCall> _calls = new(Utf8IdComparer.Instance);
    private int _lastNumber;

    /// <summary>The turns that have not ended, oldest first, as a copy: ending them changes the table.</summary>
    public TurnState[] Live => [.. _live];

    public TurnState? Find(int number) => _live.Find(turn => turn.Number == number);

    public TrackedCall? FindCall(string callId) => _calls.GetValueOrDefault(callId);

    public TurnState Begin(TurnOrigin origin, ResponseRequest request)
    {
        var turn = new TurnState(++_lastNumber, origin, request);
        _live.Add(turn);
        session.Effects.Tell(new SessionChange.TurnBegan(turn.Number, origin));
        return turn;
    }

    /// <summary>A turn for a request of the application: a waiting one that the request may join, or a new one.</summary>
    public TurnState Ask(ResponseRequest request)
    {
        if (MergeAutomaticCreates.CanJoin(slot.LastWaiting, request.IsAutomatic))
        {
            slot.LastWaiting!.Reads = session.Items.LastSequence;
            return slot.LastWaiting.Turn;
        }

        TurnState turn = Begin(TurnOrigin.Application, request);
        Request(turn);
        return turn;
    }

    /// <summary>Its response began.</summary>
    public void Started(TurnState turn, TrackedResponse response)
    {
        turn.Create = null;
        turn.Response = response;
        response.Turn = turn;
        session.Effects.Tell(new SessionChange.ResponseStarted(turn.Number, response.Id, response.Origin));
    }

    /// <summary>Its response is done: the turn ends, unless tool calls carry it on.</summary>
    public void ResponseEnded(TurnState turn, TrackedResponse response, FactStatus status, TurnOutcome outcome)
    {
        session.Effects.Tell(new SessionChange.ResponseEnded(turn.Number, response.Id, status));
        if (turn.Decided is { } decided)
        {
            End(turn, decided);
        }
        else if (outcome is TurnOutcome.Completed && response.Calls.Count > 0)
        {
            Continue(turn);
        }
        else
        {
            End(turn, outcome);
        }
    }

    /// <summary>A call is complete: the application is to run it.</summary>
    public void CallReady(TrackedItem item, string callId, string name, string arguments)
    {
        TrackedResponse response = item.Response!;
        var call = new TrackedCall(callId, response.Turn!, response);
        item.Call = call;
        if (!_calls.TryAdd(callId, call))
        {
            session.Effects.Tell(new SessionChange.ViolationTolerated("FC-02", "The server used one call_id for two calls; the first is run, the second is not."));
            return;
        }

        _oldestCalls.Enqueue(callId);
        if (_oldestCalls.Count > MaxCalls)
        {
            _calls.Remove(_oldestCalls.Dequeue());
        }

        response.Calls.Add(call);
        session.Effects.Tell(new SessionChange.ToolCallReady(call.Turn.Number, response.Id, item.Id, callId, name, arguments));
    }

    /// <summary>An output was sent, or a response with calls is done: asks for the next response when nothing is missing.</summary>
    public void Continue(TurnState turn)
    {
        switch (AnswerEveryCallFirst.Next(turn, session.Settings.MaxToolRounds))
        {
            case ToolRound.Ask:
                turn.ToolRounds++;
                Request(turn);
                break;
            case ToolRound.GiveUp:
                End(turn, new TurnOutcome.ToolRoundLimit());
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
            create.IsGivenUp = true;
            turn.Create = null;
            slot.Withdraw(create);
        }

        if (turn.Response is not { IsDone: false } response)
        {
            End(turn, outcome);
            return;
        }

        turn.Decided = outcome;
        response.IsDropped = true;
        WithdrawCalls(turn);
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
        WithdrawCalls(turn);
        session.Effects.Tell(new SessionChange.TurnEnded(turn.Number, outcome));
    }

    /// <summary>The next create of this turn: in the place of a waiting automatic one, whose turn is thereby answered too, or at the end of the queue.</summary>
    private void Request(TurnState turn)
    {
        turn.Create = new Create(turn, turn.Request, session.Items.LastSequence);
        if (!MergeAutomaticCreates.CanJoin(slot.LastWaiting, turn.Request.IsAutomatic))
        {
            slot.Enqueue(turn.Create);
            return;
        }

        Create replaced = slot.LastWaiting!;
        slot.Replace(replaced, turn.Create);
        End(replaced.Turn, new TurnOutcome.Merged(turn.Number));
    }

    /// <summary>Nobody waits for the turn's open calls; their outputs may still come, and only complete the conversation.</summary>
    [LifecycleRule("FC-06")]
    [LifecycleRule("FC-07")]
    private void WithdrawCalls(TurnState turn)
    {
        foreach (TrackedCall call in turn.Response?.Calls ?? [])
        {
            if (!call.HasOutput && !call.IsWithdrawn)
            {
                call.IsWithdrawn = true;
                session.Effects.Tell(new SessionChange.ToolCallWithdrawn(turn.Number, call.CallId));
            }
        }
    }
}
