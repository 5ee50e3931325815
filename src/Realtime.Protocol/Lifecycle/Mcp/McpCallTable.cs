using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The calls that the service makes of remote MCP servers. A call may end after its response did, so it is kept by its item, and its turn stays open for it. What follows an end is decided by
/// <see cref="AnswerEveryCallFirst"/>; whether a call may be made is asked in <see cref="ApprovalTable"/>.
/// </summary>
internal sealed class McpCallTable(SessionCore session, TurnTable turns)
{
    // More than any turn has; a call beyond it is not waited for.
    private const int MaxOpen = 1_000;

    // The item that says how a call ended comes with the event that says that it did.
    private const long DetailsTimeout = 1_000;

    // In the words of a server, as every reason why a call failed.
    private static readonly ServerError Deleted = new("item_deleted", null, "The call was deleted before it ended (MCP-02).", null, null);

    private readonly List<TrackedMcpCall> _open = [];

    /// <summary>When the first call was not heard of for long enough; never, when none is open.</summary>
    public long DueAt
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

        call.Learn(words);
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

    /// <summary>The turn is over: its open questions are answered no, so that no call is made for it; its calls run on at the service, and nobody waits for them.</summary>
    /// <param name="turn">Which one.</param>
    /// <param name="isConnected">False when nothing can be sent any more.</param>
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
            else if (step is TrackedApproval approval)
            {
                session.Approvals.Withdraw(approval, isConnected);
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
    public void EndOverdue(long now)
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

    /// <summary>The conversation does not hold the call any more: whatever comes of it, the model would not read it, so nobody waits for it.</summary>
    [LifecycleRule("MCP-02")]
    public void Gone(TrackedItem item)
    {
        if (item.Mcp is not TrackedMcpCall { IsOpen: true } call)
        {
            return;
        }

        call.End(McpCallState.Withdrawn);
        Forget(call);
        if (call.Turn is not { HasEnded: false } turn)
        {
            return;
        }

        if (call.IsTold)
        {
            session.Effects.Tell(new SessionChange.McpCallFailed(turn.Number, item.Id, Deleted));
        }

        turns.Continue(turn);
    }

    private TrackedMcpCall? Of(TrackedItem item)
    {
        if (item is { Mcp: null, Presence: not ItemPresence.Deleted } && _open.Count < MaxOpen)
        {
            var call = new TrackedMcpCall(item, session.Settings.Capabilities.AsksAgainAfterMcpCall);
            item.Mcp = call;
            _open.Add(call);
        }

        return item.Mcp as TrackedMcpCall;
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
            session.Effects.Tell(new SessionChange.McpCallStarted(turn.Number, call.Item.Id, call.Server, call.Name, call.TakeArguments()));
        }
    }

    private void End(TrackedMcpCall call, McpCallState state, ServerError? error)
    {
        Begin(call);
        call.End(state);
        Forget(call);
        bool isNews = !call.Item.IsFinal;
        call.Item.Status = state is McpCallState.Completed ? FactStatus.Completed : FactStatus.Failed;
        if (isNews && call.Item.IsInConversation)
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
}
