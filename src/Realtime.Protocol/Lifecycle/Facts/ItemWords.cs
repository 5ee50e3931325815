namespace Realtime.Protocol.Lifecycle;

/// <summary>What the rules ask about an item, in whichever event it comes. Arguments that came as JSON, and not as text that holds JSON, are taken as they stand; null means none.</summary>
internal static class ItemWords
{
    /// <summary>An item of a response.</summary>
    public static SessionFact OfOutput(SessionFactKind kind, ItemView item, ReadOnlySpan<byte> responseId, int? outputIndex, Originals originals) => Words(item, originals) with
    {
        Kind = kind,
        ResponseId = responseId,
        ItemId = FactOf.Utf8(item.Id),
        OutputIndex = outputIndex,
        Item = item,
        IsMended = originals.Any,
    };

    /// <summary>An item of the conversation.</summary>
    public static SessionFact OfConversation(SessionFactKind kind, ItemView item, TextView previous, Originals originals) => OfOutput(kind, item, default, null, originals) with
    {
        PreviousItemId = FactOf.Utf8(previous),
        PreviousItem = previous.Presence,
    };

    /// <summary>The arguments of a call as JSON text.</summary>
    /// <param name="read">What the view has.</param>
    /// <param name="json">The object that holds them, as its view shows it.</param>
    /// <param name="originals">Where they stand if they are no text.</param>
    public static ReadOnlySpan<byte> Arguments(TextView read, ReadOnlySpan<byte> json, Originals originals)
    {
        if (read.HasValue)
        {
            return FactOf.Utf8(read);
        }

        bool isNull = read.Presence is Presence.Null;
        ReadOnlySpan<byte> sent = default;
        if (originals.TryFind(json, "arguments"u8, out sent))
        {
            isNull = sent.SequenceEqual("null"u8);
        }

        return isNull ? "{}"u8 : sent;
    }

    /// <summary>How far an item has come.</summary>
    public static FactStatus StatusOf(ItemView item) => KindAndStatus(item).Status;

    private static SessionFact Words(ItemView item, Originals originals)
    {
        if (item.TryGetFunctionCall(out FunctionCallItemView call))
        {
            return new()
            {
                Kind = SessionFactKind.None,
                ItemKind = ItemFactKind.FunctionCall,
                Status = StatusOf(call.Status.Value),
                CallId = FactOf.Utf8(call.CallId),
                Name = FactOf.Utf8(call.Name),
                Arguments = Arguments(call.Arguments, call.Json, originals),
            };
        }

        (ItemFactKind kind, FactStatus status) = KindAndStatus(item);
        if (item.TryGetFunctionCallOutput(out FunctionCallOutputItemView output))
        {
            return new() { Kind = SessionFactKind.None, ItemKind = kind, Status = status, CallId = FactOf.Utf8(output.CallId) };
        }

        return kind is ItemFactKind.Other ? McpWords.Of(item, originals) : new() { Kind = SessionFactKind.None, ItemKind = kind, Status = status };
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

        if (item.TryGetFunctionCall(out FunctionCallItemView call))
        {
            return (ItemFactKind.FunctionCall, StatusOf(call.Status.Value));
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
