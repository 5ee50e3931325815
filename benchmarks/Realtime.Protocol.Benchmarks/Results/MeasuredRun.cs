using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Results;

/// <summary>
/// One run of the ratios, whole: where, when and by which command, what every way cost in every round, and how each goal
/// fared. Chart and report are drawn from it, so that neither can say what was not measured.
/// </summary>
public sealed record MeasuredRun(DateTimeOffset Date, string Command, Machine Machine, IReadOnlyList<Verdict> Goals, IReadOnlyList<SkippedGoal> Skipped, IReadOnlyList<Series> Series)
{
    /// <exception cref="InvalidDataException">The run did not measure it.</exception>
    public Series Find(string comparison, string way) =>
        Series.FirstOrDefault(series => series.Comparison == comparison && series.Way == way)
            ?? throw new InvalidDataException($"This run did not measure \"{comparison}\" by {way}; a run with --only measures a part.");
}
