using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>Remote tools: they are there once they are listed, and an approval answers its request.</summary>
internal sealed class McpRules(Seen seen, Verdicts verdicts) : RuleFamily(seen, verdicts)
{
    private const int Most = 64;

    private readonly HashSet<string> _listing = [];

    public override Asked Said(Asked asked, JsonElement json)
    {
        if (asked.Type == "response.create" && _listing.Count > 0 && Seen.Active is null)
        {
            Verdicts.Broke("mcp-used-before-listed", asked, "You asked for a response before the tools of an MCP server were listed: the model does not have them yet.");
        }

        return asked.Type == "conversation.item.create" && json.Text("item.type") == "mcp_approval_response"
            ? asked with { Suspicion = "mcp-approval-unknown", SuspicionSays = $"No approval request {Words.Name(asked.Target)} waits for an answer." }
            : asked;
    }

    public override void Heard(string type, JsonElement json)
    {
        if (json.Text("item_id") is not { } id)
        {
            return;
        }

        if (type == "mcp_list_tools.in_progress" && _listing.Count < Most)
        {
            _listing.Add(id);
        }
        else if (type is "mcp_list_tools.completed" or "mcp_list_tools.failed")
        {
            _listing.Remove(id);
        }
    }

    public override bool Refused(Asked asked, in HeardError error)
    {
        if (asked.Suspicion != "mcp-approval-unknown" || error.Param is not (null or "item.approval_request_id"))
        {
            return false;
        }

        Verdicts.Broke("mcp-approval-unknown", asked, asked.SuspicionSays);
        return true;
    }
}
