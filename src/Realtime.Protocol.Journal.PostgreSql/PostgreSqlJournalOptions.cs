namespace Realtime.Protocol;

/// <summary>Where a <see cref="PostgreSqlJournal"/> keeps its calls.</summary>
public sealed record PostgreSqlJournalOptions
{
    /// <summary>The schema of the table; null for the first one of the connection's search path. Taken as it is written, with capitals and all. Default: null.</summary>
    public string? Schema { get; init; }

    /// <summary>The table. Two journals with tables of their own know nothing of each other. Taken as it is written. Default: <c>realtime_call</c>.</summary>
    public string Table { get; init; } = "realtime_call";
}
