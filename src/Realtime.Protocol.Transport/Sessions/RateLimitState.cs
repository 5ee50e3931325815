namespace Realtime.Protocol;

/// <summary>What is left of one of the account's limits, as the server stated it. It is news and holds nothing up (RL-01).</summary>
/// <param name="Name">What is limited: <c>requests</c>, <c>tokens</c>, or what else a service limits.</param>
/// <param name="Limit">The most that is allowed in the window; null where the service does not say.</param>
/// <param name="Remaining">What is left of it; null where the service does not say.</param>
/// <param name="ResetsAfter">How long it is until the window starts anew, from when this was stated; null where the service does not say.</param>
public sealed record RateLimitState(string Name, long? Limit, long? Remaining, TimeSpan? ResetsAfter);
