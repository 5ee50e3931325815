using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The calls of the model: what is known of each, when one is handed to the application, and how it ends. Each is handed out once, on whatever evidence the service gives, and ends
/// with an output of the tool's or, when that does not come in time, with one of ours.
/// </summary>
internal sealed class ToolTable(SessionCore session, TurnTable turns)
{
    /// <summary>What the model is told when a tool does not answer in its time.</summary>
    public const string OverdueOutput = """{"error":"The tool did not answer in time."}""";

    private readonly Queue<TrackedCall> _oldest = new();
    private readonly Dictionary<string, TrackedCall> _byCallId = new(StringComparer.Ordinal);
    private readonly PriorityQueue<TrackedCall, long> _due = new();

    // By call_id, the newest of each. Made when there is one.
    private Dictionary<string, ToldCall>? _told;

    /// <summary>When the first tool has had long enough; never, when none runs.</summary>
    public long DueAt
    {
        get
        {
            while (_due.TryPeek(out TrackedCall? call, out long dueAt))
            {
                if (call.State is CallState.Ready)
                {
                    return dueAt;
                }

                _due.Dequeue();
            }

            return long.MaxValue;
        }
    }

    /// <summary>The newest call with this id; with an item's id as well, exactly that one.</summary>
    public TrackedCall? Find(string callId, string? itemId)
    {
        TrackedCall? call = itemId is null ? _byCallId.GetValueOrDefault(callId) : session.Items.Find(itemId)?.Call;
        return call?.CallId == callId ? call : null;
    }

    /// <summary>This session tells the conversation an item. A call of which only its loss is told may be made again.</summary>
    public void Told(ConversationItem item)
    {
        if (item is ConversationItem.FunctionCall call)
        {
            string arguments = TrackedCall.OrNone(call.Arguments);
            bool hasOutput = _told?.GetValueOrDefault(call.CallId) is { HasOutput: true } before && before.Name == call.Name && before.Arguments == arguments;
            (_told ??= new(StringComparer.Ordinal))[call.CallId] = new ToldCall(call.Name, arguments, hasOutput);
        }
        else if (item is ConversationItem.FunctionOutput output && _told?.GetValueOrDefault(output.CallId) is { } told)
        {
            _told[output.CallId] = told with { HasOutput = output.Output != ReplayPlanner.FailedOutput };
        }
    }

    /// <summary>The conversation does not hold what it was told: the server refused it, or it was deleted. An output that goes leaves its call, which may be told another one.</summary>
    public void Untold(TrackedItem item)
    {
        if (item is not { Sequence: > 0, CallId: { } callId } || _told?.GetValueOrDefault(callId) is not { } told)
        {
            return;
        }

        if (item.Kind is ItemFactKind.FunctionCall)
        {
            _told.Remove(callId);
        }
        else
        {
            _told[callId] = told with { HasOutput = false };
        }
    }

    /// <summary>An event says something of a call. What it leaves out stays as it was.</summary>
    /// <param name="item">The item that makes the call.</param>
    /// <param name="words">Its words.</param>
    /// <param name="evidence">What follows from the event's coming.</param>
    /// <param name="now">The time.</param>
    public void Hear(TrackedItem item, in SessionFact words, CallEvidence evidence, long now)
    {
        TrackedCall call = item.Call ??= new TrackedCall(item);
        if (call.State is not CallState.Open)
        {
            return;
        }

        call.IsHalfMade |= words.Status is FactStatus.Incomplete;
        if (!words.CallId.IsEmpty)
        {
            call.CallId = Encoding.UTF8.GetString(words.CallId);
            evidence |= CallEvidence.Named;
        }

        call.Name = words.Name.IsEmpty ? call.Name : Encoding.UTF8.GetString(words.Name);
        call.Arguments = words.Arguments.IsEmpty ? call.Arguments : Encoding.UTF8.GetString(words.Arguments);
        call.Evidence |= evidence;
        HandOut(call, now);
    }

    /// <summary>The call's item is done, as the event says that ends it, or its response.</summary>
    public void ItemDone(TrackedItem item, in SessionFact words, long now) =>
        Hear(item, words, CallEvidence.ArgumentsWhole | CallEvidence.ItemDone | (words.Status is FactStatus.Completed ? CallEvidence.StatusCompleted : CallEvidence.None), now);

    /// <summary>The response is done, so what it says of its calls is all there will be.</summary>
    /// <param name="response">Which one.</param>
    /// <param name="isCompleted">Its status does not say otherwise.</param>
    /// <param name="now">The time.</param>
    public void ResponseDone(TrackedResponse response, bool isCompleted, long now)
    {
        foreach (TrackedItem item in response.Items)
        {
            if (item.Call is not { State: CallState.Open } call)
            {
                continue;
            }

            if (isCompleted)
            {
                call.Evidence |= CallEvidence.ResponseCompleted;
                HandOut(call, now);
            }
            else
            {
                call.Arguments = "";
            }
        }
    }

    /// <summary>The tool gave its output. It goes to the model, unless the model was told already that it came too late.</summary>
    /// <returns>False when no output is waited for.</returns>
    [LifecycleRule("FC-03")]
    [LifecycleRule("FC-08")]
    public bool TryAnswer(TrackedCall call, string output, bool isSilent, long now)
    {
        if (call is { State: CallState.Ready or CallState.Withdrawn, Item.IsLeaving: true })
        {
            Gone(call.Item);
        }

        if (call.MayBeLate)
        {
            call.MayBeLate = false;
            session.Effects.Tell(new SessionChange.ToolOutputDropped(call.Turn!.Number, call.Item.Id, call.CallId, call.Name, call.State is CallState.Overdue ? "FC-08" : "FC-03"));
            return true;
        }

        if (call.State is not (CallState.Ready or CallState.Withdrawn))
        {
            return false;
        }

        call.State = CallState.Answered;
        call.IsSilent = isSilent;
        Send(call, output, now);
        return true;
    }

    /// <summary>Every tool that has had long enough is given up, and the model is told, so that its turn goes on.</summary>
    [LifecycleRule("FC-08")]
    public void EndOverdue(long now)
    {
        while (DueAt <= now)
        {
            TrackedCall call = _due.Dequeue();
            if (call.Item.IsLeaving)
            {
                Gone(call.Item);
                continue;
            }

            call.State = CallState.Overdue;
            call.MayBeLate = true;
            session.Effects.Tell(new SessionChange.ToolCallOverdue(call.Turn!.Number, call.Item.Id, call.CallId, call.Name));
            Send(call, OverdueOutput, now);
        }
    }

    /// <summary>The conversation does not hold the item any more: the server would refuse an output, so one that comes later is dropped and reported, and the turn does not wait for it.</summary>
    [LifecycleRule("FC-03")]
    public void Gone(TrackedItem item)
    {
        if (item.Call is not { State: CallState.Ready or CallState.Withdrawn, MayBeLate: false, Turn: { } turn } call)
        {
            return;
        }

        if (call.State is CallState.Ready)
        {
            session.Effects.Tell(new SessionChange.ToolCallWithdrawn(turn.Number, item.Id, call.CallId));
        }

        call.State = CallState.Withdrawn;
        call.IsSilent = true;
        call.MayBeLate = true;
        turns.Continue(turn);
    }

    private void HandOut(TrackedCall call, long now)
    {
        if (!RunCompletedCallsOnly.IsComplete(call))
        {
            return;
        }

        switch (RunCompletedCallsOnly.Next(call, _byCallId.GetValueOrDefault(call.CallId), _told?.GetValueOrDefault(call.CallId)))
        {
            case CompletedCall.Run when call.Item.Presence is ItemPresence.Deleted:
                call.State = CallState.Unanswerable;
                session.Tolerate("FC-03", "The server completed a call that had been deleted; it is not run, for no output of it could be given.");
                break;
            case CompletedCall.Run:
                Run(call, call.Item.Response!, now);
                break;
            case CompletedCall.HasOutput:
                session.Tolerate("FC-02", "The server made a call again that it was told with its output; it is not run again, and the model goes on with that output.");
                Rest(call, call.Item.Response!);
                break;
            case CompletedCall.IsOurs:
                call.State = CallState.Unanswerable;
                session.Tolerate("FC-02", "The server made a call under the id of an item that this session added; it is not run.");
                break;
            case CompletedCall.IsAmbiguous:
                call.State = CallState.Unanswerable;
                session.Tolerate("FC-02", "The server used the call_id of a call that is still open for another one; the first is run, the second is not.");
                break;
            case CompletedCall.IsTooLate:
                call.State = CallState.Unanswerable;
                session.Tolerate("FC-01", "The server completed a call after its turn had ended or gone on; it is not run.");
                break;
        }
    }

    /// <summary>The conversation holds its output, so the turn goes on as behind any other.</summary>
    private void Rest(TrackedCall call, TrackedResponse response)
    {
        call.State = CallState.Answered;
        call.Arguments = "";
        Join(call, response);
        turns.Continue(call.Turn!);
    }

    private void Run(TrackedCall call, TrackedResponse response, long now)
    {
        string arguments = call.ArgumentsOrNone;
        call.State = CallState.Ready;
        Join(call, response);
        call.Arguments = call.Turn!.IsOutOfBand ? arguments : ""; // its next response is told of the call itself
        _due.Enqueue(call, now + (call.Turn.ToolTimeouts ?? response.ToolTimeouts).GetValueOrDefault(call.Name, session.Settings.ToolTimeout));
        Remember(call);
        session.Effects.Tell(new SessionChange.ToolCallReady(call.Turn.Number, response.Id, call.Item.Id, call.CallId, call.Name, arguments));
    }

    private void Join(TrackedCall call, TrackedResponse response)
    {
        TurnState turn = call.Turn = response.Turn!;
        turn.AskedBeforeRound = response.Calls.Count == 0 ? session.Slot.Asked : turn.AskedBeforeRound;
        response.Calls.Add(call);
    }

    private void Remember(TrackedCall call)
    {
        _byCallId[call.CallId] = call;
        _oldest.Enqueue(call);
        // The oldest is forgotten, and an output for it is refused.
        if (_oldest.Count > session.Settings.Remembered && _oldest.Dequeue() is var forgotten && _byCallId.GetValueOrDefault(forgotten.CallId) == forgotten)
        {
            _byCallId.Remove(forgotten.CallId);
        }
    }

    private void Send(TrackedCall call, string output, long now)
    {
        TurnState turn = call.Turn!;
        if (turn.IsOutOfBand)
        {
            // No conversation holds the call, so none can take its output: both go to the turn's next response, and to nobody when there is none.
            turn.Exchanged.Add(new FunctionCallItem { CallId = call.CallId, Name = call.Name, Arguments = call.Arguments });
            turn.Exchanged.Add(new FunctionCallOutputItem { CallId = call.CallId, Output = output });
            call.Arguments = "";
            turns.Continue(turn);
            return;
        }

        TrackedItem item = session.Items.Announce(session.Ids.NewItemId(), ItemFactKind.FunctionCallOutput);
        item.Sent = new ConversationItem.FunctionOutput(call.CallId, output);
        var command = new SessionCommand.CreateToolOutput(session.Ids.NewEventId(), item.Id, call.CallId, output);
        session.Effects.Send(command);
        ReferToKnownItems.Add(turn, call.Item, item);
        turns.Give(new Contribution(ContributionKind.ToolOutput, turn) { Item = item, Call = call }, command.EventId, now);
        turns.Continue(turn);
    }
}
