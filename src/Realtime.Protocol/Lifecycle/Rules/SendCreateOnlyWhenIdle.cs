namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// One response writes to the conversation at a time. A second create, sent while one is wanted, running or about to begin, is answered with
/// <c>conversation_already_has_active_response</c> and nothing else: no response follows it. The place counts as taken from the moment our create is queued for the wire,
/// because the server's <c>response.created</c> comes 100 ms later. Nothing else holds a create back: an added item or a tool output brings no response that could be waited for.
/// </summary>
internal static class SendCreateOnlyWhenIdle
{
    [LifecycleRule("RC-01")]
    [LifecycleRule("RC-02")]
    [LifecycleRule("RC-12")]
    public static bool Allows(SlotPhase phase) => phase is SlotPhase.Idle;
}
