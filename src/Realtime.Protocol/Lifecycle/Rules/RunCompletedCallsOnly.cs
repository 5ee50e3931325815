namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A tool runs when its call's item is done with status <c>completed</c>, and only once. The event that ends the arguments comes for interrupted calls as well, with half of them;
/// it is no reason to run anything.
/// </summary>
internal static class RunCompletedCallsOnly
{
    [LifecycleRule("FC-01")]
    [LifecycleRule("FC-02")]
    public static bool Allows(TrackedItem item, ReadOnlySpan<byte> callId) =>
        !callId.IsEmpty
        && item is { Kind: ItemFactKind.FunctionCall, Status: FactStatus.Completed, Call: null, Response: { IsDropped: false, Turn: { HasEnded: false, Decided: null } } };
}
