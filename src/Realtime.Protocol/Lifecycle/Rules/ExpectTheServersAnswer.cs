namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A turn that the server detected is a turn that the server answers. Between its commit and its <c>response.created</c> a create of ours would collide: the most frequent
/// collision in production. While a response runs that speech does not interrupt, the server does not start another, so nothing is to be expected.
/// </summary>
internal static class ExpectTheServersAnswer
{
    [LifecycleRule("RC-06")]
    public static bool IsExpected(ServerTurns detection, ResponseSlot slot) =>
        (slot.Owed is { Cause: TurnOrigin.ServerIdleTimeout } || detection.CreatesResponse)
        && (slot.Phase is not (SlotPhase.Active or SlotPhase.Cancelling) || detection.InterruptsResponse);
}
