namespace Realtime.Protocol.Lifecycle;

/// <summary>What concerns single items of the conversation: adding, deleting, the output of a tool, the answer to a question about one. All checks come before the first change.</summary>
internal sealed class ItemIntents(SessionCore session, ToolTable tools, Silencing silencing)
{
    public SubmitResult ToolOutput(in SessionIntent intent, long now)
    {
        if (tools.Find(intent.Id!, intent.ItemId) is not { } call || !tools.TryAnswer(call, intent.Content!, intent.IsSilent, now))
        {
            return SessionIntents.Refuse("FC-03", "You gave the output of a tool call that this session did not make, or that has its output already.");
        }

        return new SubmitResult(SubmitVerdict.Accepted, call.Turn!.Number);
    }

    public SubmitResult AnswerApproval(in SessionIntent intent, long now) => session.Mcp.TryAnswer(intent.Id!, intent.IsApproved, intent.Content, now)
        ? new SubmitResult(SubmitVerdict.Accepted, session.Items.Find(intent.Id!)?.Mcp?.Turn?.Number ?? 0)
        : SessionIntents.Refuse("MCP-03", "You answered a question about a remote MCP server that this session was not asked, or that has its answer already.");

    public SubmitResult AddText(in SessionIntent intent, long now)
    {
        var role = (ItemRole)intent.ContentIndex;
        TrackedItem item = session.Items.Announce(session.Ids.NewItemId(), KindOf(role));
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

    private static ItemFactKind KindOf(ItemRole role) => role switch
    {
        ItemRole.Assistant => ItemFactKind.AssistantMessage,
        ItemRole.System => ItemFactKind.SystemMessage,
        _ => ItemFactKind.UserMessage,
    };
}
