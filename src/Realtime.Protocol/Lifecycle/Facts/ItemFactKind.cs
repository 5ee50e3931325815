namespace Realtime.Protocol.Lifecycle;

/// <summary>What kind of item an event is about, as far as the session's rules tell them apart.</summary>
public enum ItemFactKind
{
    /// <summary>Not stated, or of no concern to any rule.</summary>
    Other = 0,

    /// <summary>A message of the assistant.</summary>
    AssistantMessage,

    /// <summary>A message of the user.</summary>
    UserMessage,

    /// <summary>A message of the system.</summary>
    SystemMessage,

    /// <summary>A function call.</summary>
    FunctionCall,

    /// <summary>The output of a function call.</summary>
    FunctionCallOutput,

    /// <summary>The tools that a remote MCP server offers.</summary>
    McpListTools,

    /// <summary>A call that the service makes of a remote MCP server.</summary>
    McpCall,

    /// <summary>The question whether the service may make such a call.</summary>
    McpApprovalRequest,

    /// <summary>The answer to that question.</summary>
    McpApprovalResponse,
}
