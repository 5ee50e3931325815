namespace Realtime.Protocol.Lifecycle;

/// <summary>What a part of a turn's input is.</summary>
internal enum ContributionKind
{
    /// <summary>A bare request: it adds nothing to the conversation, so nothing of it can be refused but the create itself.</summary>
    Request,

    /// <summary>The user's audio, committed.</summary>
    Commit,

    /// <summary>A written message.</summary>
    Message,

    /// <summary>The output of a tool call.</summary>
    ToolOutput,

    /// <summary>The answer whether a remote MCP server may be called.</summary>
    Approval,
}
