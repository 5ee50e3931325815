namespace Realtime.Protocol;

/// <summary>Where a <see cref="RedisJournal"/> keeps its calls, and for how long.</summary>
public sealed record RedisJournalOptions
{
    /// <summary>What the key of each call begins with; the call's id stands behind it in braces. Two journals with prefixes of their own know nothing of each other. It has no braces. Default: <c>realtime:call:</c>.</summary>
    public string KeyPrefix { get; init; } = "realtime:call:";

    /// <summary>
    /// How long a call can be claimed after its last claim or save; null for ever. It has to be longer than any pause between two saves: a session whose call has expired ends as
    /// <see cref="RealtimeCloseKind.HandedOver"/> at its next one. Default: 2 hours.
    /// </summary>
    public TimeSpan? ClaimableFor { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long a call that was ended is remembered, by its fence alone. Longer than any clock of the servers may be put back. Default: 10 minutes.</summary>
    public TimeSpan EndedFor { get; init; } = TimeSpan.FromMinutes(10);
}
