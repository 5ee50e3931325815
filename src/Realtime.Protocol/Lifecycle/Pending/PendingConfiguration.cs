namespace Realtime.Protocol.Lifecycle;

/// <summary>One <c>session.update</c> of ours.</summary>
/// <param name="handle">What whoever asked for it waits for.</param>
internal sealed class PendingConfiguration(int handle)
{
    public int Handle { get; } = handle;

    /// <summary>Unanswered for too long. Whoever waited was told so, but its acknowledgement may still come, so it keeps its place.</summary>
    public bool IsTombstone { get; set; }

    /// <summary>An acknowledgement came since it was sent, whichever configuration it was booked on.</summary>
    public bool HasSeenUpdate { get; set; }
}
