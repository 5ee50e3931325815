namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>What was measured, and what this machine could not.</summary>
public sealed record Measured(IReadOnlyList<Series> Series, IReadOnlyList<Skip> Skips)
{
    public Measured(IEnumerable<Series> series)
        : this([.. series], [])
    {
    }
}

/// <summary>A comparison that was not measured.</summary>
/// <param name="Comparison">Its name.</param>
/// <param name="Why">What is missing, and how to get it.</param>
public sealed record Skip(string Comparison, string Why);

/// <summary>A goal that was not judged.</summary>
public sealed record SkippedGoal(Goal Goal, string Why)
{
    public override string ToString() => $"{Goal.Id} skipped: {Goal.What}: {Why}";
}
