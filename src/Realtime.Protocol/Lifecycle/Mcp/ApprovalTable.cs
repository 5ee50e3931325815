namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The service's questions whether it may call a tool of a remote MCP server. Each is answered once: by the application or, when nobody answers in time or its turn is over, with a no of ours. The
/// calls themselves are in <see cref="McpCallTable"/>.
/// </summary>
internal sealed class ApprovalTable(SessionCore session, TurnTable turns)
{
    private PriorityQueue<TrackedApproval, long>? _asked;

    /// <summary>When the first question has waited long enough; never, when none waits.</summary>
    public long DueAt
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

    /// <summary>The service asks whether it may call a tool. The answer to a question that nobody asks for any more is no: the call would be made for a turn that is over.</summary>
    public void Ask(TrackedItem item, in SessionFact words, long now)
    {
        if (item is { Mcp: not null } or { Presence: ItemPresence.Deleted } || item.Response is { Turn: null } || (item.Response is null && (session.Slot.Current is not null || session.Settings.Purpose is SessionPurpose.Transcription)))
        {
            return; // said before, deleted, somebody else's, of a response that is still to be named, or in a session that has none (RC-24)
        }

        var approval = new TrackedApproval(item);
        item.Mcp = approval;
        approval.Learn(words);
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
        session.Effects.Tell(new SessionChange.McpApprovalAsked(approval.Turn?.Number ?? 0, item.Id, approval.Server, approval.Name, approval.TakeArguments()));
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

    /// <summary>Its turn is over: the answer is no, so that no call is made for it, and one that comes later is dropped.</summary>
    /// <param name="approval">A question of the turn.</param>
    /// <param name="isConnected">False when nothing can be sent any more.</param>
    [LifecycleRule("MCP-03")]
    public void Withdraw(TrackedApproval approval, bool isConnected)
    {
        if (approval.State is not ApprovalState.Asked)
        {
            return;
        }

        Withdraw(approval);
        if (isConnected && approval is { Turn: not { IsOutOfBand: true }, Item.IsLeaving: false })
        {
            Forbid(approval, ApprovalState.Withdrawn, now: 0); // nobody waits for the server's word on it, so no time counts from now
        }
    }

    /// <summary>Questions that nobody answered are answered no: a caller who hears nothing hangs up.</summary>
    [LifecycleRule("MCP-03")]
    public void ForbidOverdue(long now)
    {
        while (DueAt <= now)
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

        Withdraw(approval);
        if (approval.Turn is { } turn)
        {
            turns.Continue(turn);
        }
    }

    private void Withdraw(TrackedApproval approval)
    {
        approval.State = ApprovalState.Withdrawn;
        approval.MayBeLate = true;
        session.Effects.Tell(new SessionChange.McpApprovalWithdrawn(approval.Turn?.Number ?? 0, approval.Item.Id));
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
