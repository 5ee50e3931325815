namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A turn that the server detected is a turn that the server answers. Between its commit and its <c>response.created</c> a create of ours would collide: the most frequent
/// collision in production. While a response runs that speech does not interrupt, the server does not start another, so nothing is to be expected. A server that speaks up because the user is silent says so
/// first, and answers then whatever its detection is set to.
/// </summary>
internal static class ExpectTheServersAnswer
{
    /// <summary>After this an answer of the server's own is to be expected.</summary>
    /// <param name="cause">What the server said: that the user is silent, or that a turn of the user's was taken.</param>
    /// <param name="detection">Who takes the turns.</param>
    /// <param name="slot">Who has the place.</param>
    [LifecycleRule("RC-06")]
    [LifecycleRule("TD-07")]
    public static bool IsExpected(TurnOrigin cause, ServerTurns detection, ResponseSlot slot) => cause is TurnOrigin.ServerIdleTimeout || IsAnswered(detection, slot);

    private static bool IsAnswered(ServerTurns detection, ResponseSlot slot) =>
        (slot.Owed is { Cause: TurnOrigin.ServerIdleTimeout } || detection.CreatesResponse)
        && (slot.Phase is not (SlotPhase.Active or SlotPhase.Cancelling) || detection.InterruptsResponse);
}
