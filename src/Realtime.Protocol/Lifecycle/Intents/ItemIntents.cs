namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What concerns single items of the conversation: adding, deleting, retrieving, truncating, the output of a tool, the answer to a question about one. All checks come before the first change.
/// </summary>
internal sealed class ItemIntents(SessionCore session, TurnTable turns, ToolTable tools, Silencing silencing)
{
    public SubmitResult ToolOutput(in SessionIntent intent, long now)
    {
        if (tools.Find(intent.Id!, intent.ItemId) is not { } call || !tools.TryAnswer(call, intent.Content!, intent.IsSilent, now))
        {
            return SessionIntents.Refuse("FC-03", "You gave the output of a tool call that this session did not make, or that has its output already.");
        }

        return new SubmitResult(SubmitVerdict.Accepted, call.Turn!.Number);
    }

    public SubmitResult AnswerApproval(in SessionIntent intent, long now) => session.Approvals.TryAnswer(intent.Id!, intent.IsApproved, intent.Content, now)
        ? new SubmitResult(SubmitVerdict.Accepted, session.Items.Find(intent.Id!)?.Mcp?.Turn?.Number ?? 0)
        : SessionIntents.Refuse("MCP-03", "You answered a question about a remote MCP server that this session was not asked, or that has its answer already.");

    public SubmitResult AddText(in SessionIntent intent, long now)
    {
        var role = (ItemRole)intent.ContentIndex;
        TrackedItem item = session.Items.Announce(session.Ids.NewItemId(), KindOf(role));
        item.Sent = new ConversationItem.Message(role, [intent.Content!]);
        item.AddHandle = session.Operations.Open(now, item);
        var command = new SessionCommand.CreateMessage(session.Ids.NewEventId(), item.Id, role, intent.Content!);
        session.Operations.Remember(new Operation(OperationKind.AddItem, command.EventId) { Item = item, Handle = item.AddHandle }, now);
        session.Effects.Send(command);
        return new SubmitResult(SubmitVerdict.Accepted, Operation: item.AddHandle);
    }

    [LifecycleRule("IT-06")]
    public SubmitResult DeleteItem(in SessionIntent intent, long now)
    {
        if (session.Items.Find(intent.Id!) is not { Presence: ItemPresence.Present or ItemPresence.Expected, DeleteHandle: 0, IsOutside: false } item)
        {
            return SessionIntents.Refuse("IT-06", "You deleted an item that the conversation does not hold, or that is being deleted already.");
        }

        item.DeleteHandle = session.Operations.Open(now, item);
        return new SubmitResult(silencing.Delete(item, now) ? SubmitVerdict.Accepted : SubmitVerdict.Queued, Operation: item.DeleteHandle);
    }

    /// <summary>Everything is checked first; then the item is sent at once, so that whatever is asked next reads it. One that was made beside the conversation enters it as a new item, under an id of its own.</summary>
    public SubmitResult AddItem(in SessionIntent intent, long now)
    {
        ConversationItem given = intent.Item!;
        TrackedItem? known = given.Id.Length > 0 ? session.Items.Find(given.Id) : null;
        if (known is { IsOutside: false })
        {
            return AddAgain(known, intent, now);
        }

        if ((SendWhatTheServiceTakes.Refusal(given) ?? PutBehindKnownItem.Refusal(intent.Position, session.Items)) is { } unfit)
        {
            return unfit;
        }

        TrackedCall? answered = null;
        if (given is ConversationItem.FunctionOutput output && !MayAnswer(output.CallId, out answered))
        {
            return SessionIntents.Refuse("FC-03", "You added the output of a call that the conversation does not hold, or that has its output already.");
        }

        TrackedItem item = session.Items.Announce(given.Id.Length > 0 && known is null ? given.Id : session.Ids.NewItemId(), KindOf(given), intent.Position);
        item.CallId = (given as ConversationItem.FunctionCall)?.CallId ?? (given as ConversationItem.FunctionOutput)?.CallId;
        Send(item, intent, answered, now);
        return new SubmitResult(SubmitVerdict.Accepted, Turn: answered?.Turn?.Number ?? 0, Operation: item.AddHandle, ItemId: item.Id);
    }

    public SubmitResult RetrieveItem(in SessionIntent intent, long now)
    {
        string id = intent.Id!;
        if (session.Items.Find(id) is { Presence: ItemPresence.Deleting or ItemPresence.Deleted } or { IsOutside: true })
        {
            return SessionIntents.Refuse("IT-09", "You retrieved an item that was deleted, or that was made beside the conversation, which does not hold it.");
        }

        int handle = session.Retrievals.Find(id);
        if (handle == 0)
        {
            handle = session.Retrievals.Open(id, now);
            var command = new SessionCommand.RetrieveItem(session.Ids.NewEventId(), id);
            session.Operations.Remember(new Operation(OperationKind.Retrieve, command.EventId) { Handle = handle }, now);
            session.Effects.Send(command);
        }

        return new SubmitResult(SubmitVerdict.Accepted, Operation: handle, ItemId: id);
    }

    /// <summary>A deletion that is on the wire or waits has the last word on its item: a truncation would overtake it, and is refused (TR-11).</summary>
    [LifecycleRule("TR-11")]
    public SubmitResult TruncateItem(in SessionIntent intent, long now)
    {
        if (LetTheServerTruncate.Applies(session.Settings.Capabilities))
        {
            return SessionIntents.Refuse("CX-08", "You truncated an item in a session beside a call; the server knows what was heard, and truncates by itself.");
        }

        TrackedItem? item = session.Items.Find(intent.Id!);
        if (item is { Presence: ItemPresence.Deleting or ItemPresence.Deleted } or { DeleteHandle: not 0 } or { IsUnheard: true } or { IsOutside: true })
        {
            return SessionIntents.Refuse("TR-11", "You truncated an item that was deleted, that is being deleted, or that was made beside the conversation.");
        }

        if (TruncateOnlyHeardAudio.Refusal(item, intent.Bytes) is { } refusal)
        {
            return refusal;
        }

        item!.TruncateHandle = session.Operations.Open(now, item);
        if (TruncateOnlyHeardAudio.IsWhole(item, intent.Bytes))
        {
            session.Operations.Complete(item.TruncateHandle);
        }
        else
        {
            silencing.Truncate(item, new Cut(0, intent.Bytes), now);
        }

        return new SubmitResult(SubmitVerdict.Accepted, Operation: item.TruncateHandle, ItemId: item.Id);
    }

    /// <summary>An item with this id is there, is on its way, or was deleted.</summary>
    private SubmitResult AddAgain(TrackedItem known, in SessionIntent intent, long now)
    {
        switch (known)
        {
            case { Presence: ItemPresence.Deleting or ItemPresence.Deleted } or { DeleteHandle: not 0 }:
                return NameItemsOnce.Refusal(known.Id, session.Items)!.Value;
            case { Presence: ItemPresence.Expected, Sequence: > 0 } when session.Operations.IsOpen(known.AddHandle):
                break;
            case { Presence: ItemPresence.Expected, Sequence: > 0, Contribution: null }:
                Send(known, intent, null, now); // nothing answered when it was sent first
                break;
            default:
                known.AddHandle = session.Operations.Open(now, known);
                session.Operations.Complete(known.AddHandle);
                break;
        }

        return new SubmitResult(SubmitVerdict.Accepted, Operation: known.AddHandle, ItemId: known.Id);
    }

    private void Send(TrackedItem item, in SessionIntent intent, TrackedCall? answered, long now)
    {
        item.Sent = ItemReading.WithoutBytes(intent.Item!);
        item.AddHandle = session.Operations.Open(now, item);
        tools.Told(intent.Item!);
        var command = new SessionCommand.CreateItem(session.Ids.NewEventId(), item.Id, ItemWriting.Named(intent.WireItem!, item.Id), intent.Position.PreviousItemId);
        session.Effects.Send(command);
        if (answered is null)
        {
            session.Operations.Remember(new Operation(OperationKind.AddItem, command.EventId) { Item = item, Handle = item.AddHandle }, now);
            return;
        }

        answered.State = CallState.Answered;
        var contribution = new Contribution(ContributionKind.ToolOutput, answered.Turn!) { Item = item, Call = answered };
        turns.Give(contribution, null, now);
        session.Operations.Remember(new Operation(OperationKind.Contribute, command.EventId) { Contribution = contribution, Handle = item.AddHandle }, now);
        turns.Continue(answered.Turn!);
    }

    /// <summary>An output belongs to a call of the model's that waits for it, or to one that the application put into the conversation by itself, once for each.</summary>
    private bool MayAnswer(string callId, out TrackedCall? answered)
    {
        answered = tools.Find(callId, null);
        if (answered is not null)
        {
            return answered is { State: CallState.Ready or CallState.Withdrawn, Turn.IsOutOfBand: false }; // beside the conversation the call is not in it
        }

        int open = 0; // a call_id may have come again
        foreach (TrackedItem item in session.Items.All)
        {
            if (item.CallId == callId && item.Presence is ItemPresence.Expected or ItemPresence.Present)
            {
                open += item.Kind switch
                {
                    ItemFactKind.FunctionCall => 1,
                    ItemFactKind.FunctionCallOutput => -1,
                    _ => 0,
                };
            }
        }

        return open > 0;
    }

    private static ItemFactKind KindOf(ConversationItem item) => item switch
    {
        ConversationItem.Message message => KindOf(message.Role),
        ConversationItem.FunctionCall => ItemFactKind.FunctionCall,
        _ => ItemFactKind.FunctionCallOutput,
    };

    internal static ItemFactKind KindOf(ItemRole role) => role switch
    {
        ItemRole.Assistant => ItemFactKind.AssistantMessage,
        ItemRole.System => ItemFactKind.SystemMessage,
        _ => ItemFactKind.UserMessage,
    };
}
