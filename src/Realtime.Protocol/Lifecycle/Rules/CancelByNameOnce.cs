namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A cancel names the response that holds the place, and each response is cancelled at most once. A cancel that names nothing hits whatever runs when it arrives: before
/// <c>response.created</c> that is nothing, or somebody else's response. So a create that is on the wire is marked instead, and its response cancelled when it begins. A cancel that the
/// server refused is sent once more, when the response has been silent for long.
/// </summary>
internal static class CancelByNameOnce
{
    /// <summary>After so many the server has shown that it stops no response for us.</summary>
    public const int MaxCancels = 2;

    // The phase alone keeps most callers to this: a turn is given up once, and its response holds the place while it runs. What it asks besides is the rule itself, whoever calls.
    [LifecycleRule("CX-01")]
    [LifecycleRule("CX-03")]
    [LifecycleRule("RC-10")]
    public static bool Allows(SlotPhase phase, TrackedResponse? current, TrackedResponse target, bool isSilent) =>
        phase is SlotPhase.Active && ReferenceEquals(current, target) && MayBeSent(target, isSilent);

    /// <summary>The same for a response outside the conversation, which holds no place.</summary>
    public static bool AllowsOutside(TrackedResponse target, bool isSilent) => target is { IsOutside: true, IsDone: false, IsCancelOut: false } && MayBeSent(target, isSilent);

    private static bool MayBeSent(TrackedResponse target, bool isSilent) => target.Cancels < (isSilent ? MaxCancels : 1);
}
