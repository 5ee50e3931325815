namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A session that is about to expire goes over to another connection at a moment at which nobody notices: no turn, no answer that is owed, no speech, nothing in the input buffer, and all that came was played. Without
/// the last of these, answers that had been made and not been heard were given a second time by whoever went on.
/// </summary>
internal static class ChangeConnectionsWhenQuiet
{
    /// <summary>Nothing goes on.</summary>
    [LifecycleRule("SE-08")]
    public static bool IsQuiet(SessionCore session, long now) => IsHeardOut(session, now)
        && session is { UserSpeaks: false, HoldUntil: null }
        && session.Commits.Oldest(now) is null
        && (session.Detection.IsEnabled || session.InputBytes == 0); // what a server hears besides speech is silence

    /// <summary>Nothing of an answer is to come or to be played, whatever the user does.</summary>
    public static bool IsHeardOut(SessionCore session, long now) =>
        session.Slot is { Phase: SlotPhase.Idle, Owed: null, HasWaiting: false } && session.Turns.Live.Length == 0 && session.Playback.PlaysUntil <= now;
}
