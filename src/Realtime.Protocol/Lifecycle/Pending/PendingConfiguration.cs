namespace Realtime.Protocol.Lifecycle;

/// <summary>One <c>session.update</c> on the wire.</summary>
/// <param name="handle">What whoever asked for it waits for.</param>
/// <param name="toolTimeouts">How long its tools may take; null when it leaves the tools as they are.</param>
internal sealed class PendingConfiguration(int handle, IReadOnlyDictionary<string, long>? toolTimeouts)
{
    public int Handle { get; } = handle;

    public IReadOnlyDictionary<string, long>? ToolTimeouts { get; } = toolTimeouts;

    /// <summary>The application sent it by itself, and nobody waits for it.</summary>
    public bool IsApplications { get; set; }

    /// <summary>How long the application may take about calls of its remote MCP servers; null when it leaves the tools as they are.</summary>
    public IReadOnlyDictionary<string, long>? ApprovalTimeouts { get; set; }

    /// <summary>The labels of its remote MCP servers; null when it leaves the tools as they are.</summary>
    public string[]? McpServers { get; set; }

    /// <summary>Unanswered for too long. Whoever waited was told so, but its acknowledgement may still come, so it keeps its place.</summary>
    public bool IsTombstone { get; set; }

    /// <summary>An acknowledgement came since it was sent, whichever configuration it was booked on.</summary>
    public bool HasSeenUpdate { get; set; }
}
