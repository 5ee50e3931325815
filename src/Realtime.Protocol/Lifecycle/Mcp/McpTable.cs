using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The calls that the service makes of remote MCP servers, and its questions whether it may. A call may end after its response did, so it is kept by its item, and its turn stays open for it;
/// a question is answered once: by the application or, when nobody answers in time or the turn is over, with a no of ours. What follows an end is decided by <see cref="AnswerEveryCallFirst"/>.
/// </summary>
internal sealed class McpTable(SessionCore session, TurnTable turns)
{
    // More than any turn has; a call beyond it is not waited for.
    private const int MaxOpen = 1_000;

    // The item that says how a call ended comes with the event that says that it did.
    private const long DetailsTimeout = 1_000;

    private readonly List<TrackedMcpCall> _open = [];
    private PriorityQueue<TrackedApproval, long>? _asked;

    /// <summary>When the first call was not heard of for long enough; never, when none is open.</summary>
    public long CallsDueAt
    {
        get
        {
            long due = long.MaxValue;
            foreach (TrackedMcpCall call in _open)
            {
                due = Math.Min(due, call.DueAt);
            }

            return due;
        }
    }

    /// <summary>When the first question has waited long enough; never, when none waits.</summary>
    public long ApprovalsDueAt
    {
        get
        {
            TrackedApproval? approval = null;
            long dueAt = long.MaxValue;
            while (_asked?.TryPeek(out approval, out dueAt) is true && approval!.State is not ApprovalState.Asked)
            {
                _asked.Dequeue();
            }

            return _asked is { Count: > 0 } ? dueAt : long.MaxValue;
        }
    }

    /// <summary>A call of this response runs, so the response may be silent for as long as the call may.</summary>
    public bool RunsIn(TrackedResponse response)
    {
        foreach (TrackedMcpCall call in _open)
        {
            if (call.IsRunning && call.Item.Response == response)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An event says something of a call. What it leaves out stays as it was.</summary>
    /// <param name="item">The item that is the call.</param>
    /// <param name="words">Its words; their status says how far it has come.</param>
    /// <param name="isWhole">The model has made it to its end, so the service makes it.</param>
    /// <param name="now">The time.</param>
    public void Hear(TrackedItem item, in SessionFact words, bool isWhole, long now)
    {
        if (Of(item) is not { IsOpen: true } call)
        {
            return;
        }

        Learn(call, words);
        Join(call, words.ApprovalId);
        call.Output = call.Turn is { IsOutOfBand: true } && !words.McpOutput.IsEmpty ? Encoding.UTF8.GetString(words.McpOutput) : call.Output;
        call.DueAt = call.State is McpCallState.Open ? now + session.Settings.McpCallTimeout : call.DueAt;
        call.IsRunning |= isWhole || words.Status is FactStatus.InProgress;
        if (isWhole && (call.Arguments.Length > 0 || words.Status is not FactStatus.InProgress))
        {
            Begin(call); // one that runs before its arguments came is told with them
        }

        switch (words.Status)
        {
            case FactStatus.Completed when call.Turn is { IsOutOfBand: true } && call.Output is null:
                Await(call, hasFailed: false, now);
                break;
            case FactStatus.Completed:
                End(call, McpCallState.Completed, null);
                break;
            case FactStatus.Failed when isWhole:
                End(call, McpCallState.Failed, ErrorReach.Describe(words));
                break;
            case FactStatus.Failed:
                Await(call, hasFailed: true, now);
                break;
        }
    }

    /// <summary>The response is done, so its calls are as whole as they get.</summary>
    /// <param name="response">Which one.</param>
    /// <param name="isCompleted">Its status does not say otherwise.</param>
    public void ResponseDone(TrackedResponse response, bool isCompleted)
    {
        foreach (TrackedItem item in response.Items)
        {
            if (item.Mcp is not TrackedMcpCall { IsOpen: true } call)
            {
                continue;
            }

            if (isCompleted)
            {
                Begin(call);
            }
            else if (!call.IsRunning)
            {
                Forget(call); // half-made, and never begun
            }
        }
    }

    /// <summary>The service asks whether it may call a tool. The answer to a question that nobody asks for any more is no: the call would be made for a turn that is over.</summary>
    public void Ask(TrackedItem item, in SessionFact words, long now)
    {
        if (item.Mcp is not null || item.Response is { Turn: null } || (item.Response is null && (session.Slot.Current is not null || session.Settings.Purpose is SessionPurpose.Transcription)))
        {
            return; // said before, somebody else's, of a response that is still to be named, or in a session that has none (RC-24)
        }

        var approval = new TrackedApproval(item);
        item.Mcp = approval;
        Learn(approval, words);
        if (item.Response is { } response)
        {
            approval.Turn = response.Turn;
            if (response.IsDropped || response.Turn!.HasEnded)
            {
                Forbid(approval, ApprovalState.Withdrawn, now);
                return;
            }

            response.Turn.Mcp.Add(approval);
        }

        (_asked ??= new()).Enqueue(approval, now + session.ApprovalTimeouts.GetValueOrDefault(approval.Server, session.Settings.ApprovalTimeout));
        session.Effects.Tell(new SessionChange.McpApprovalAsked(approval.Turn?.Number ?? 0, item.Id, approval.Server, approval.Name, ArgumentsOf(approval)));
    }

    /// <summary>The application answers a question. One that the session has answered already takes no other answer, and it is told that this one was dropped.</summary>
    /// <returns>False when no such question was asked, or when it has its answer.</returns>
    [LifecycleRule("MCP-03")]
    public bool TryAnswer(string itemId, bool isApproved, string? reason, long now)
    {
        if (session.Items.Find(itemId)?.Mcp is not TrackedApproval approval)
        {
            return false;
        }

        if (approval.Item.IsLeaving)
        {
            Gone(approval.Item);
        }

        if (approval.MayBeLate)
        {
            approval.MayBeLate = false;
            session.Effects.Tell(new SessionChange.McpAnswerDropped(approval.Turn?.Number ?? 0, itemId, approval.Server, approval.Name));
            return true;
        }

        if (approval.State is not ApprovalState.Asked)
        {
            return false;
        }

        approval.State = ApprovalState.Answered;
        Send(approval, isApproved, reason, now);
        return true;
    }

    /// <summary>The application has answered an open question by an event of its own. Its turn goes on when the caller says so.</summary>
    /// <returns>What it gave to its turn.</returns>
    public Contribution TakeAnswer(TrackedApproval approval, TrackedItem? answer, long now)
    {
        approval.State = ApprovalState.Answered;
        var contribution = new Contribution(ContributionKind.Approval, approval.Turn ?? turns.Ask(null)) { Item = answer, Approval = approval };
        if (answer is not null)
        {
            ReferToKnownItems.Add(contribution.Turn, approval.Item, answer);
        }

        turns.Give(contribution, null, now);
        return contribution;
    }

    /// <summary>The turn is over: its open questions are answered no, so that no call is made for it; its calls run on at the service, and nobody waits for them.</summary>
    /// <param name="turn">Which one.</param>
    /// <param name="isConnected">False when nothing can be sent any more.</param>
    [LifecycleRule("MCP-03")]
    public void Withdraw(TurnState turn, bool isConnected)
    {
        if (!turn.HasMcp)
        {
            return;
        }

        foreach (McpStep step in turn.Mcp)
        {
            if (step is TrackedMcpCall call)
            {
                _open.Remove(call);
            }
            else if (step is TrackedApproval { State: ApprovalState.Asked } approval)
            {
                session.Effects.Tell(new SessionChange.McpApprovalWithdrawn(turn.Number, approval.Item.Id));
                approval.MayBeLate = true;
                approval.State = ApprovalState.Withdrawn;
                if (isConnected && !turn.IsOutOfBand && !approval.Item.IsLeaving)
                {
                    Forbid(approval, ApprovalState.Withdrawn, now: 0); // nobody waits for the server's word on it, so no time counts from now
                }
            }
        }

        turn.Mcp.Clear();
    }

    /// <summary>What one turn waits for is another's from now on: its request has joined that one's.</summary>
    public static void Move(TurnState from, TurnState to)
    {
        if (from.HasMcp)
        {
            from.Mcp.ForEach(step => step.Turn = to);
            to.Mcp.AddRange(from.Mcp);
            from.Mcp.Clear();
        }
    }

    /// <summary>A response began: it reads how everything ended that has ended.</summary>
    public static void Read(TurnState turn)
    {
        if (turn.HasMcp)
        {
            turn.Mcp.RemoveAll(static step => !step.IsOpen);
        }
    }

    /// <summary>Calls that were not heard of for long are not waited for any more.</summary>
    [LifecycleRule("MCP-02")]
    public void EndOverdueCalls(long now)
    {
        foreach (TrackedMcpCall call in _open.ToArray())
        {
            if (call.DueAt > now)
            {
                continue;
            }

            if (call.State is McpCallState.Ending)
            {
                End(call, call.HasFailed ? McpCallState.Failed : McpCallState.Completed, null);
                continue;
            }

            Begin(call);
            call.End(McpCallState.Overdue);
            Forget(call);
            if (call.Turn is { HasEnded: false } turn)
            {
                session.Effects.Tell(new SessionChange.McpCallOverdue(turn.Number, call.Item.Id, call.Server, call.Name));
                Exchange(call, turn, "The tool did not answer in time.");
                turns.Continue(turn);
            }
        }
    }

    /// <summary>Questions that nobody answered are answered no: a caller who hears nothing hangs up.</summary>
    [LifecycleRule("MCP-03")]
    public void ForbidOverdue(long now)
    {
        while (ApprovalsDueAt <= now)
        {
            TrackedApproval approval = _asked!.Dequeue();
            if (approval.Item.IsLeaving)
            {
                Gone(approval.Item);
                continue;
            }

            approval.MayBeLate = true;
            session.Effects.Tell(new SessionChange.McpApprovalOverdue(approval.Turn?.Number ?? 0, approval.Item.Id, approval.Server, approval.Name));
            Forbid(approval, ApprovalState.Overdue, now);
        }
    }

    /// <summary>The conversation does not hold the question any more: the server would refuse an answer, so one that comes later is dropped and reported, and the turn does not wait for it.</summary>
    [LifecycleRule("MCP-03")]
    public void Gone(TrackedItem item)
    {
        if (item.Mcp is not TrackedApproval { State: ApprovalState.Asked } approval)
        {
            return;
        }

        approval.State = ApprovalState.Withdrawn;
        approval.MayBeLate = true;
        session.Effects.Tell(new SessionChange.McpApprovalWithdrawn(approval.Turn?.Number ?? 0, item.Id));
        if (approval.Turn is { } turn)
        {
            turns.Continue(turn);
        }
    }

    private TrackedMcpCall? Of(TrackedItem item)
    {
        if (item.Mcp is null && _open.Count < MaxOpen)
        {
            var call = new TrackedMcpCall(item, session.Settings.Capabilities.AsksAgainAfterMcpCall);
            item.Mcp = call;
            _open.Add(call);
        }

        return item.Mcp as TrackedMcpCall;
    }

    private static void Learn(McpStep step, in SessionFact words)
    {
        step.Server = words.Server.IsEmpty ? step.Server : Encoding.UTF8.GetString(words.Server);
        step.Name = words.Name.IsEmpty ? step.Name : Encoding.UTF8.GetString(words.Name);
        step.Arguments = words.Arguments.IsEmpty ? step.Arguments : Encoding.UTF8.GetString(words.Arguments);
    }

    /// <summary>The turn of its response waits for it; where it belongs to no response, the turn that was asked whether it may be made.</summary>
    private void Join(TrackedMcpCall call, ReadOnlySpan<byte> approvalId)
    {
        if (call.Turn is not null)
        {
            return;
        }

        TrackedResponse? response = call.Item.Response;
        TurnState? turn = response is null ? session.Items.Find(approvalId)?.Mcp?.Turn : response.Turn;
        if (turn is { HasEnded: false, Decided: null } && response is not { IsDropped: true })
        {
            call.Turn = turn;
            turn.Mcp.Add(call);
        }
    }

    private static void Await(TrackedMcpCall call, bool hasFailed, long now)
    {
        call.AwaitItem(hasFailed);
        call.DueAt = now + DetailsTimeout;
    }

    private void Begin(TrackedMcpCall call)
    {
        call.IsRunning = true;
        if (!call.IsTold && call.Turn is { HasEnded: false } turn)
        {
            call.IsTold = true;
            session.Effects.Tell(new SessionChange.McpCallStarted(turn.Number, call.Item.Id, call.Server, call.Name, ArgumentsOf(call)));
        }
    }

    private void End(TrackedMcpCall call, McpCallState state, ServerError? error)
    {
        Begin(call);
        call.End(state);
        Forget(call);
        bool isNews = !call.Item.IsFinal;
        call.Item.Status = state is McpCallState.Completed ? FactStatus.Completed : FactStatus.Failed;
        if (isNews && !call.Item.IsOutside)
        {
            session.Effects.Tell(new SessionChange.ItemDone(call.Item.Id, call.Item.Status));
        }

        if (call.Turn is { HasEnded: false } turn)
        {
            Exchange(call, turn, state is McpCallState.Failed ? error?.Message ?? "The tool failed." : null);
            session.Effects.Tell(state is McpCallState.Completed
                ? new SessionChange.McpCallCompleted(turn.Number, call.Item.Id)
                : new SessionChange.McpCallFailed(turn.Number, call.Item.Id, error));
            turns.Continue(turn);
        }
    }

    private void Forget(TrackedMcpCall call) => _open.Remove(call);

    /// <summary>The turn's next response reads only what its request names, so it is told of this.</summary>
    private static void Exchange(TrackedMcpCall call, TurnState turn, string? error)
    {
        if (!turn.IsOutOfBand)
        {
            ReferToKnownItems.Add(turn, call.Item);
            return;
        }

        turn.Exchanged.Add(new McpCallItem
        {
            Id = call.Item.Id,
            ServerLabel = call.Server,
            Name = call.Name,
            Arguments = call.Arguments.Length == 0 ? "{}" : call.Arguments,
            Output = error is null ? call.Output ?? Text.Null : Text.Null,
            Error = error is null ? default(Field<McpError>) : new McpToolExecutionError { Message = error },
        });
        (call.Arguments, call.Output) = ("", null);
    }

    private static string ArgumentsOf(McpStep step)
    {
        string arguments = step.Arguments.Length == 0 ? "{}" : step.Arguments;
        step.Arguments = step.Turn is { IsOutOfBand: true } ? arguments : ""; // its next response is told of the call itself
        return arguments;
    }

    private void Forbid(TrackedApproval approval, ApprovalState state, long now)
    {
        approval.State = state;
        Send(approval, isApproved: false, null, now);
    }

    private void Send(TrackedApproval approval, bool isApproved, string? reason, long now)
    {
        if (approval.Turn is { IsOutOfBand: true } beside)
        {
            // No conversation holds the question, so none can take its answer: both go to the turn's next response.
            beside.Exchanged.Add(new McpApprovalRequestItem { Id = approval.Item.Id, ServerLabel = approval.Server, Name = approval.Name, Arguments = approval.Arguments });
            beside.Exchanged.Add(new McpApprovalResponseItem { ApprovalRequestId = approval.Item.Id, Approve = isApproved, Reason = reason is null ? default : new Text(reason) });
            turns.Continue(beside);
            return;
        }

        TrackedItem item = session.Items.Announce(session.Ids.NewItemId(), ItemFactKind.McpApprovalResponse);
        var command = new SessionCommand.AnswerApproval(session.Ids.NewEventId(), item.Id, approval.Item.Id, isApproved, reason);
        session.Effects.Send(command);
        TurnState turn = approval.Turn ?? turns.Ask(null);
        ReferToKnownItems.Add(turn, approval.Item, item);
        turns.Give(new Contribution(ContributionKind.Approval, turn) { Item = item, Approval = approval }, command.EventId, now);
        turns.Continue(turn);
    }
}
