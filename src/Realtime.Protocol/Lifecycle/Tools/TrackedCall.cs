namespace Realtime.Protocol.Lifecycle;

/// <summary>One tool call that the application was told to run.</summary>
internal sealed class TrackedCall(string callId, TurnState turn, TrackedResponse response)
{
    public string CallId { get; } = callId;

    public TurnState Turn { get; } = turn;

    public TrackedResponse Response { get; } = response;

    /// <summary>Its output was sent.</summary>
    public bool HasOutput { get; set; }

    /// <summary>Nobody waits for it; its output asks for no response (FC-06).</summary>
    public bool IsWithdrawn { get; set; }
}
