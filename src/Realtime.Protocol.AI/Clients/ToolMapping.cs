using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>The tools of Microsoft.Extensions.AI as tools of a session. Functions are declared, not run: who reads the messages runs them, since that is what its middleware and its users expect.</summary>
internal static class ToolMapping
{
    /// <exception cref="NotSupportedException">A tool is none of a voice session.</exception>
    /// <exception cref="ArgumentException">A function cannot be declared; the message says why.</exception>
    public static VoiceTool[] Of(IEnumerable<AITool> tools, string member) => [.. tools.Select(tool => Of(tool, member))];

    public static ToolUse Of(ChatToolMode mode, string member) => mode switch
    {
        AutoChatToolMode => ToolUse.Auto,
        NoneChatToolMode => ToolUse.None,
        RequiredChatToolMode { RequiredFunctionName: { } name } => ToolUse.Function(name),
        RequiredChatToolMode => ToolUse.Required,
        _ => throw new NotSupportedException($"{member}: a voice session has no {mode.GetType().Name}."),
    };

    private static VoiceTool Of(AITool tool, string member) => tool switch
    {
        AIFunctionDeclaration function => VoiceTool.Declare(function.Name, function.Description, FunctionSchema.TextOf(function)),
        HostedMcpServerTool { ApprovalMode: HostedMcpServerToolNeverRequireApprovalMode } server => Of(server),
        HostedMcpServerTool server => throw new NotSupportedException(
            $"{member}: who approves the calls of the MCP server \"{server.ServerName}\" cannot be said here. With HostedMcpServerToolApprovalMode.NeverRequire nobody does; give it to the VoiceSessionOptions as a VoiceTool.McpServer with McpApprovalPolicy.Ask otherwise."),
        null => throw new ArgumentException($"{member}: a tool is null.", member),
        _ => throw new NotSupportedException($"{member}: a voice session has no tool of the kind {tool.GetType().Name}."),
    };

    private static VoiceTool.McpServer Of(HostedMcpServerTool server)
    {
        bool isUrl = Uri.TryCreate(server.ServerAddress, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https";
        return new()
        {
            Label = server.ServerName,
            Approval = McpApprovalPolicy.Never,
            Url = isUrl ? url : null,
            ConnectorId = isUrl ? null : server.ServerAddress,
            Description = server.ServerDescription,
            AllowedTools = server.AllowedTools is null ? null : [.. server.AllowedTools],
            Headers = server.Headers is null ? null : new Dictionary<string, string>(server.Headers),
        };
    }
}
