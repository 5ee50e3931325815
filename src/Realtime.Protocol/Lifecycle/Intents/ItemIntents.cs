namespace Realtime.Protocol.Lifecycle;

/// <summary>What concerns single items of the conversation: adding, deleting, the output of a tool. All checks come before the first change.</summary>
internal sealed class ItemIntents(SessionCore session, Slot slot, TurnTable turns, Silencing silencing)
{
    [LifecycleRule("FC-03")]
    public SubmitResult ToolOutput(in SessionIntent intent, long now)
    {
        if (turns.FindCall(intent.Id!) is not { HasOutput: false } call)
        {
            return SessionIntents.Refuse("FC-03", "You gave the output of a tool call that this session did not make, or that has its output already.");
        }

        TrackedItem item = session.Items.Announce(session.Ids.NewItemId(), ItemFactKind.FunctionCallOutput);
        var command = new SessionCommand.CreateToolOutput(session.Ids.NewEventId(), item.Id, call.CallId, intent.Content!);
        session.Effects.Send(command);
        session.Operations.Remember(new Operation(OperationKind.TurnItem, command.EventId) { Turn = call.Turn, Item = item }, now);
        call.HasOutput = true;
        turns.Continue(call.Turn);
        slot.Flush(now);
        return new SubmitResult(SubmitVerdict.Accepted, call.Turn.Number);
    }

    public SubmitResult AddText(in SessionIntent intent, long now)
    {
        var role = (ItemRole)intent.ContentIndex;
        TrackedItem item = session.Items.Announce(session.Ids.NewItemId(), KindOf(role));
        item.AddHandle = session.Operations.NewHandle();
        var command = new SessionCommand.CreateMessage(session.Ids.NewEventId(), item.Id, role, intent.Content!);
        session.Operations.Remember(new Operation(OperationKind.AddItem, command.EventId) { Item = item, Handle = item.AddHandle }, now);
        session.Effects.Send(command);
        return new SubmitResult(SubmitVerdict.Accepted, Operation: item.AddHandle);
    }

    [LifecycleRule("IT-06")]
    public SubmitResult DeleteItem(in SessionIntent intent, long now)
    {
        if (session.Items.Find(intent.Id!) is not { Presence: ItemPresence.Present or ItemPresence.Expected, DeleteHandle: 0 } item)
        {
            return SessionIntents.Refuse("IT-06", "You deleted an item that the conversation does not hold, or that is being deleted already.");
        }

        item.DeleteHandle = session.Operations.NewHandle();
        return new SubmitResult(silencing.Delete(item, now) ? SubmitVerdict.Accepted : SubmitVerdict.Queued, Operation: item.DeleteHandle);
    }

    private static ItemFactKind KindOf(ItemRole role) => role switch
    {
        ItemRole.Assistant => ItemFactKind.AssistantMessage,
        ItemRole.System => ItemFactKind.SystemMessage,
        _ => ItemFactKind.UserMessage,
    };
}
