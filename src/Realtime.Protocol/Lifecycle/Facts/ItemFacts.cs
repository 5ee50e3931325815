namespace Realtime.Protocol.Lifecycle;

/// <summary>What the rules ask about an item, in whichever event it comes.</summary>
internal static class ItemFacts
{
    public static SessionFact Of(SessionFactKind kind, ItemView item, ReadOnlySpan<byte> responseId)
    {
        if (item.TryGetFunctionCall(out FunctionCallItemView call))
        {
            return new()
            {
                Kind = kind,
                ResponseId = responseId,
                ItemId = FactOf.Utf8(item.Id),
                ItemKind = ItemFactKind.FunctionCall,
                Status = StatusOf(call.Status.Value),
                CallId = FactOf.Utf8(call.CallId),
                Name = FactOf.Utf8(call.Name),
                Arguments = FactOf.Utf8(call.Arguments),
            };
        }

        (ItemFactKind itemKind, FactStatus status) = KindAndStatus(item);
        return new() { Kind = kind, ResponseId = responseId, ItemId = FactOf.Utf8(item.Id), ItemKind = itemKind, Status = status };
    }

    private static (ItemFactKind Kind, FactStatus Status) KindAndStatus(ItemView item)
    {
        if (item.TryGetMessage(out MessageItemView message))
        {
            ItemFactKind kind = message.Role.Value switch
            {
                MessageItemRole.Assistant => ItemFactKind.AssistantMessage,
                MessageItemRole.User => ItemFactKind.UserMessage,
                MessageItemRole.System => ItemFactKind.SystemMessage,
                _ => ItemFactKind.Other,
            };
            return (kind, StatusOf(message.Status.Value));
        }

        return item.TryGetFunctionCallOutput(out FunctionCallOutputItemView output)
            ? (ItemFactKind.FunctionCallOutput, StatusOf(output.Status.Value))
            : (ItemFactKind.Other, FactStatus.Unknown);
    }

    private static FactStatus StatusOf(ItemStatus status) => status switch
    {
        ItemStatus.InProgress => FactStatus.InProgress,
        ItemStatus.Completed => FactStatus.Completed,
        ItemStatus.Incomplete => FactStatus.Incomplete,
        _ => FactStatus.Unknown,
    };
}
