using System.Text.Json.Nodes;

namespace Realtime.Protocol.Testing.Simulation.Configuration;

/// <summary>An MCP server as a session or a response declares it: which of its tools may be used, and which need an approval for each call.</summary>
internal sealed class McpDeclaration(JsonObject tool)
{
    public string Label { get; } = (string)tool["server_label"]!;

    public bool Allows(string name) => tool["allowed_tools"] switch
    {
        JsonArray names => Names(names).Contains(name),
        JsonObject filter => filter["tool_names"] is not JsonArray names || Names(names).Contains(name),
        _ => true,
    };

    // Published: a call waits for an approval unless the declaration says otherwise.
    public bool NeedsApproval(string name) => tool["require_approval"] switch
    {
        JsonValue word => word.ToString() != "never",
        JsonObject filter when Picks(filter["always"], name) => true,
        JsonObject filter => !Picks(filter["never"], name),
        _ => true,
    };

    private static bool Picks(JsonNode? filter, string name) => (filter as JsonObject)?["tool_names"] is JsonArray names && Names(names).Contains(name);

    private static IEnumerable<string> Names(JsonArray names) => names.OfType<JsonValue>().Select(static name => name.ToString());
}
