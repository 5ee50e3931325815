namespace Realtime.Protocol.Lifecycle;

/// <summary>What the rules ask about items of remote MCP servers. A call has no status of its own: its output says that it is completed, its error that it failed. An error is an object of one of three kinds, or a text.</summary>
internal static class McpWords
{
    /// <summary>An item of one of the four kinds; a fact of nothing for any other.</summary>
    public static SessionFact Of(ItemView item, Originals originals)
    {
        if (item.TryGetMcpCall(out McpCallItemView call))
        {
            return OfCall(call, originals);
        }

        if (item.TryGetMcpApprovalRequest(out McpApprovalRequestItemView request))
        {
            return new()
            {
                Kind = SessionFactKind.None,
                ItemKind = ItemFactKind.McpApprovalRequest,
                Server = FactOf.Utf8(request.ServerLabel),
                Name = FactOf.Utf8(request.Name),
                Arguments = ItemWords.Arguments(request.Arguments, request.Json, originals),
            };
        }

        if (item.TryGetMcpListTools(out McpListToolsItemView list))
        {
            return new() { Kind = SessionFactKind.None, ItemKind = ItemFactKind.McpListTools, Server = FactOf.Utf8(list.ServerLabel), Tools = list.Tools };
        }

        return new() { Kind = SessionFactKind.None, ItemKind = item.TryGetMcpApprovalResponse(out _) ? ItemFactKind.McpApprovalResponse : ItemFactKind.Other };
    }

    /// <summary>How a list of tools, or a call, goes on; the event names its item and nothing else.</summary>
    public static SessionFact Changed(SessionFactKind kind, FactStatus status, TextView itemId, int? outputIndex, scoped in ServerEvent e) =>
        (status is FactStatus.Failed ? Failure(e.Json, Originals.Of(e)) : new() { Kind = SessionFactKind.None }) with
        {
            Kind = kind,
            Status = status,
            ItemId = FactOf.Utf8(itemId),
            OutputIndex = outputIndex,
            IsMended = Originals.IsOdd(e),
        };

    private static SessionFact OfCall(McpCallItemView call, Originals originals)
    {
        bool hasFailed = call.Error.HasValue || HasText(call.Json, originals);
        return (hasFailed ? Failure(call.Json, originals) : new() { Kind = SessionFactKind.None }) with
        {
            ItemKind = ItemFactKind.McpCall,
            Status = hasFailed ? FactStatus.Failed : call.Output.HasValue ? FactStatus.Completed : FactStatus.Unknown,
            Server = FactOf.Utf8(call.ServerLabel),
            ApprovalId = FactOf.Utf8(call.ApprovalRequestId),
            McpOutput = FactOf.Utf8(call.Output),
            Name = FactOf.Utf8(call.Name),
            Arguments = ItemWords.Arguments(call.Arguments, call.Json, originals),
        };
    }

    /// <summary>The error of an object that has one, whatever its form.</summary>
    private static SessionFact Failure(ReadOnlySpan<byte> json, Originals originals)
    {
        ReadOnlySpan<byte> error = default;
        if (!originals.TryFind(json, "error"u8, out error))
        {
            Originals.TryFindIn(json, "error"u8, out error);
        }

        return error switch
        {
            [(byte)'{', ..] => new() { Kind = SessionFactKind.None, ErrorCode = At(error, "code"u8), ErrorType = At(error, "type"u8), ErrorMessage = At(error, "message"u8) },
            [(byte)'"', ..] => new() { Kind = SessionFactKind.None, ErrorMessage = Originals.Words(error) },
            _ => new() { Kind = SessionFactKind.None },
        };
    }

    /// <summary>The fact has an error.</summary>
    public static bool IsStated(in SessionFact fact) => !fact.ErrorCode.IsEmpty || !fact.ErrorType.IsEmpty || !fact.ErrorMessage.IsEmpty;

    private static bool HasText(ReadOnlySpan<byte> json, Originals originals) => originals.TryFind(json, "error"u8, out ReadOnlySpan<byte> error) && error[0] == (byte)'"';

    private static ReadOnlySpan<byte> At(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) => Originals.TryFindIn(json, name, out ReadOnlySpan<byte> value) ? Originals.Words(value) : default;
}
