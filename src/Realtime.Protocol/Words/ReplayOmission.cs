namespace Realtime.Protocol;

/// <summary>Something that a new connection does not get of what was there before.</summary>
/// <param name="What">The id of an item, a turn (<c>turn 3</c>), or a place in the configuration (<c>session.tools[0].authorization</c>).</param>
/// <param name="Reason">Why.</param>
public sealed record ReplayOmission(string What, OmissionReason Reason);
