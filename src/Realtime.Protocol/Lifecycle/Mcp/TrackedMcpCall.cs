namespace Realtime.Protocol.Lifecycle;

/// <summary>Where a call is that the service makes by itself.</summary>
internal enum McpCallState
{
    /// <summary>The model makes it, or it runs.</summary>
    Open,

    /// <summary>It is said to have ended, and its item, which says how, has not come yet.</summary>
    Ending,

    /// <summary>It gave its output.</summary>
    Completed,

    /// <summary>It failed; the model is told so by the service.</summary>
    Failed,

    /// <summary>Nothing was heard of it for so long that nobody waits any more (MCP-02).</summary>
    Overdue,

    /// <summary>Its item was deleted, so there is nothing left to speak about.</summary>
    Withdrawn,
}

/// <summary>One call of a tool of a remote MCP server.</summary>
/// <param name="item">The item that it is.</param>
/// <param name="asksAgain">The service does not go on by itself when it has ended (<see cref="Capabilities.AsksAgainAfterMcpCall"/>).</param>
internal sealed class TrackedMcpCall(TrackedItem item, bool asksAgain) : McpStep(item)
{
    private int _itemsBefore;

    public McpCallState State { get; private set; }

    /// <summary>It runs: its response may be silent meanwhile (RC-11).</summary>
    public bool IsRunning { get; set; }

    /// <summary>The application was told that it began.</summary>
    public bool IsTold { get; set; }

    /// <summary>Until when something has to be heard of it.</summary>
    public long DueAt { get; set; }

    public override bool IsOpen => State is McpCallState.Open or McpCallState.Ending;

    public override bool IsRefused => false;

    public override bool WantsAnswer => !IsOpen && State is not McpCallState.Withdrawn && asksAgain && !IsSpokenOf;

    /// <summary>A service may go on in the same response when a call ends while it runs: then the model has spoken about it.</summary>
    private bool IsSpokenOf
    {
        get
        {
            for (int i = _itemsBefore; i < Item.Response?.Items.Count; i++)
            {
                if (Item.Response.Items[i].Kind is ItemFactKind.AssistantMessage)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>What it gave; kept only for a turn whose next response does not read the conversation.</summary>
    public string? Output { get; set; }

    /// <summary>It is said to have failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>It ended; what its item says of that is still to come.</summary>
    public void AwaitItem(bool hasFailed) => (State, HasFailed) = (McpCallState.Ending, hasFailed);

    public void End(McpCallState state)
    {
        State = state;
        IsRunning = false;
        _itemsBefore = Item.Response?.Items.Count ?? 0;
    }
}
