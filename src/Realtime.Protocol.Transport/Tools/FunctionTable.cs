namespace Realtime.Protocol.Transport;

/// <summary>What the model may call: functions by name, and remote MCP servers by label. A response keeps the table that was in force when it began, whatever is configured while it runs.</summary>
internal sealed class FunctionTable(IReadOnlyList<VoiceTool>? tools)
{
    private readonly Dictionary<string, VoiceTool.Function> _functions =
        ToolList.Functions(tools).ToDictionary(static function => function.Name, StringComparer.Ordinal);

    private readonly VoiceTool.McpServer[] _servers = [.. ToolList.Servers(tools)];

    /// <summary>The remote MCP server of this label.</summary>
    public VoiceTool.McpServer? FindServer(string label) => Array.Find(_servers, server => server.Label == label);

    public VoiceTool.Function? Find(string name) => _functions.GetValueOrDefault(name);
}
