namespace Realtime.Protocol;

/// <summary>The service asks whether it may call a tool of a remote MCP server. Its text leaves the arguments out: they are what somebody said.</summary>
/// <param name="Server">The server's <see cref="VoiceTool.McpServer.Label"/>.</param>
/// <param name="Tool">The name of the tool.</param>
/// <param name="Arguments">JSON text, as the model wrote it.</param>
/// <param name="ItemId">The item of the conversation that is the question.</param>
public sealed record McpApprovalRequest(string Server, string Tool, string Arguments, string ItemId)
{
    /// <summary>The server and the tool.</summary>
    public override string ToString() => $"{Server}/{Tool} ({ItemId})";
}
