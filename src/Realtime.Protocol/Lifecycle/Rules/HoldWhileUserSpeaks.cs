namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// While the user speaks to a server that is going to answer, an automatic create stays where it is: sent now, the model would talk over the user and then collide with the answer
/// that the server owes. A create with parameters of its own is not held.
/// </summary>
internal static class HoldWhileUserSpeaks
{
    [LifecycleRule("RC-17")]
    public static bool Holds(Create create, SessionCore session, long now) =>
        create.IsAutomatic
        && session.Settings.HoldWhileUserSpeaks
        && session.Detection.CreatesResponse
        && (session.UserSpeaks || now < session.HoldUntil);
}
