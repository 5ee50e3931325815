namespace Realtime.Protocol.Testing;

/// <summary>A store that <see cref="JournalConformance"/> asks, and what it may do to it.</summary>
/// <param name="open">Gives a journal over the store: a new one each time, as another process would have, over the same data.</param>
public sealed class JournalUnderTest(Func<ISessionJournal> open)
{
    /// <summary>A journal over the store.</summary>
    public ISessionJournal Open() => open();

    /// <summary>Makes the store unreachable, as a lost network or a stopped server does; null where that is not possible, and <see cref="JournalConformance.StoreGoneAndBack"/> then asks nothing.</summary>
    public Func<Task>? Break { get; init; }

    /// <summary>Makes it reachable again, with what it held.</summary>
    public Func<Task>? Mend { get; init; }

    /// <summary>How long one step may take before the store counts as hanging. Default: 30 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
