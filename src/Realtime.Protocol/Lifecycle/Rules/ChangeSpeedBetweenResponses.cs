namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The service refuses another speed while a response is in progress, with everything else in the update. So an update that states one waits until the place for a response is free, and goes out before
/// any create that waits. Updates are answered in order, so those that are asked for after it wait behind it.
/// </summary>
internal static class ChangeSpeedBetweenResponses
{
    /// <param name="asked">What the update says.</param>
    /// <param name="phase">Of the place.</param>
    /// <param name="othersWait">Whether an update waits already.</param>
    [LifecycleRule("SE-06")]
    public static bool MustWait(Session asked, SlotPhase phase, bool othersWait) =>
        othersWait || (asked.Audio.Output.Speed is not null && !SendCreateOnlyWhenIdle.Allows(phase));
}
