namespace Realtime.Protocol.Lifecycle;

/// <summary>Where the question is whether the service may call a tool.</summary>
internal enum ApprovalState
{
    /// <summary>The application was asked.</summary>
    Asked,

    /// <summary>The answer was sent.</summary>
    Answered,

    /// <summary>The server refused the answer.</summary>
    Unanswerable,

    /// <summary>Its turn is over, so the call was forbidden; an answer that comes now is dropped.</summary>
    Withdrawn,

    /// <summary>Nobody answered in time, so the call was forbidden; an answer that comes now is dropped.</summary>
    Overdue,
}

/// <summary>One <c>mcp_approval_request</c> of the service.</summary>
internal sealed class TrackedApproval(TrackedItem item) : McpStep(item)
{
    public ApprovalState State { get; set; }

    /// <summary>An answer may still be given for it, though it was given by the session already.</summary>
    public bool MayBeLate { get; set; }

    public override bool IsOpen => State is ApprovalState.Asked;

    public override bool IsRefused => State is ApprovalState.Unanswerable;

    public override bool WantsAnswer => State is ApprovalState.Answered or ApprovalState.Overdue;
}
