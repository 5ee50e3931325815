namespace Realtime.Protocol.Lifecycle;

/// <summary>A configuration that is not sent yet, because it states another speed while a response runs, or was asked for after one that does (SE-06).</summary>
/// <param name="Handle">What whoever asked for it waits for.</param>
/// <param name="Session">What it says.</param>
/// <param name="ToolTimeouts">How long its tools may take; null when it leaves the tools as they are.</param>
internal sealed record WaitingConfiguration(int Handle, Session Session, IReadOnlyDictionary<string, long>? ToolTimeouts)
{
    /// <summary>How long questions about calls may be answered; null when it leaves the tools as they are.</summary>
    public IReadOnlyDictionary<string, long>? ApprovalTimeouts { get; init; }
}
