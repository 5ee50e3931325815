namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A response reads the whole conversation, so several creates that state nothing and wait for the same moment are one create, and everyone who asked gets its response or its
/// failure. A create that states something keeps its own response and its place, and nothing is merged across it. What is already on the wire has read what it read: a create asked after
/// that is a new one.
/// </summary>
internal static class MergeAutomaticCreates
{
    [LifecycleRule("RC-07")]
    public static bool CanJoin(Create? lastWaiting, bool isAutomatic) => isAutomatic && lastWaiting is { IsAutomatic: true };
}
