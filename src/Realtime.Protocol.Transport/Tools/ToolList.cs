namespace Realtime.Protocol.Transport;

/// <summary>What is asked of a configuration's tools: which run here, how long they may take, and what the server is told of them.</summary>
internal static class ToolList
{
    /// <summary>The tools that run here.</summary>
    public static IEnumerable<VoiceTool.Function> Functions(IReadOnlyList<VoiceTool>? tools) => (tools ?? []).OfType<VoiceTool.Function>();

    /// <summary>The remote MCP servers.</summary>
    /// <summary>The names of those that may run twice.</summary>
    public static IEnumerable<string> Idempotent(IReadOnlyList<VoiceTool>? tools) => Functions(tools).Where(static tool => tool.IsIdempotent).Select(static tool => tool.Name);

    public static IEnumerable<VoiceTool.McpServer> Servers(IReadOnlyList<VoiceTool>? tools) => (tools ?? []).OfType<VoiceTool.McpServer>();

    /// <summary>The tools as the server is told of them.</summary>
    /// <exception cref="ArgumentException">One is null, two have one name or one label, or a member cannot be written.</exception>
    public static Tool[] Declared(IReadOnlyList<VoiceTool> tools, string argument, McpTokens tokens)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var labels = new HashSet<string>(StringComparer.Ordinal);
        var declared = new Tool[tools.Count];
        for (int i = 0; i < declared.Length; i++)
        {
            VoiceTool tool = tools[i] ?? throw new ArgumentException($"Tool {i} is null.", argument);
            if (tool is VoiceTool.Function function && !names.Add(function.Name))
            {
                throw new ArgumentException($"Two tools are named \"{function.Name}\".", argument);
            }

            if (tool is VoiceTool.McpServer server && !labels.Add(server.Label ?? ""))
            {
                throw new ArgumentException($"Two MCP servers are labelled \"{server.Label}\".", argument);
            }

            declared[i] = tool.ToWire(argument, tokens);
        }

        return declared;
    }

    /// <summary>How long an answer about each remote MCP server may take, in milliseconds by label.</summary>
    public static Dictionary<string, long> ApprovalTimeouts(IReadOnlyList<VoiceTool> tools) =>
        Servers(tools).ToDictionary(static server => server.Label, static server => (long)server.ApprovalTimeout.TotalMilliseconds, StringComparer.Ordinal);

    /// <summary>How long each may take, in milliseconds by name.</summary>
    public static Dictionary<string, long> Timeouts(IReadOnlyList<VoiceTool> tools) =>
        Functions(tools).ToDictionary(static tool => tool.Name, static tool => (long)tool.Timeout.TotalMilliseconds, StringComparer.Ordinal);
}
