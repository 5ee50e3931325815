using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Conversation;

/// <summary>
/// Reads the items of MCP that only a server makes, where a client states them: in the input of a response, which may be any item that a conversation can hold. A call that was made beside the
/// conversation, or the request to allow it, is in no conversation, so what comes next has to bring it along.
/// </summary>
internal static class McpItems
{
    /// <summary>Reads one; false when it is an item of another kind.</summary>
    public static bool TryRead(ItemView view, WireIds ids, out SimulatedItem item)
    {
        if (view.TryGetMcpApprovalRequest(out McpApprovalRequestItemView request))
        {
            item = new(IdOr(request.Id, ids), ItemKind.McpApprovalRequest) { ServerLabel = request.ServerLabel.ToString(), Name = request.Name.ToString(), Arguments = request.Arguments.ToString() };
            return true;
        }

        if (view.TryGetMcpCall(out McpCallItemView call))
        {
            item = new(IdOr(call.Id, ids), ItemKind.McpCall)
            {
                ServerLabel = call.ServerLabel.ToString(),
                Name = call.Name.ToString(),
                Arguments = call.Arguments.ToString(),
                Output = call.Output.HasValue ? call.Output.ToString() : "",
                Error = call.Error.HasValue ? call.Error.Message.ToString() : null,
                ApprovalRequestId = call.ApprovalRequestId.HasValue ? call.ApprovalRequestId.ToString() : "",
            };
            return true;
        }

        if (view.TryGetMcpListTools(out McpListToolsItemView listing))
        {
            var tools = new List<SimulatedMcpTool>();
            foreach (McpToolDescriptionView tool in listing.Tools)
            {
                tools.Add(new(tool.Name.ToString()));
            }

            item = new(IdOr(listing.Id, ids), ItemKind.McpListTools) { ServerLabel = listing.ServerLabel.ToString(), McpTools = tools };
            return true;
        }

        item = null!;
        return false;
    }

    private static string IdOr(TextView stated, WireIds ids) => stated.HasValue && stated.ToString() is { Length: > 0 } id ? id : ids.Item();
}
