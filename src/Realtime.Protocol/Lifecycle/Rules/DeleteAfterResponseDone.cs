namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// An item of a running response is deleted after <c>response.done</c>, never before: its closing events are still to come and would bring it back. An item that the conversation
/// does not hold is not deleted at all.
/// </summary>
internal static class DeleteAfterResponseDone
{
    [LifecycleRule("TR-08")]
    public static bool Allows(TrackedItem item) => item is { Presence: ItemPresence.Present, Response: null or { IsDone: true } };
}
