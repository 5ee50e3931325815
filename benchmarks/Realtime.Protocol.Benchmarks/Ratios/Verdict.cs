using Realtime.Protocol.Benchmarks.Results;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>A goal, and what was measured for it. Against a peer that is the ratio of every round, since both ways ran side by side in each.</summary>
/// <param name="Goal">The goal.</param>
/// <param name="Target">What the processor's row asks for; null when it asks for nothing.</param>
/// <param name="Measured">Over the rounds.</param>
/// <param name="Rounds">How many there were.</param>
public sealed record Verdict(Goal Goal, double? Target, Spread Measured, int Rounds)
{
    /// <summary>A row without a goal is not missed.</summary>
    public bool IsReached => Target is not { } target || (Goal.Bound == Bound.CostAtMost ? Measured.Median <= target : Measured.Median >= target);

    public static Verdict Of(Goal goal, GoalRow row, IReadOnlyCollection<Series> measured)
    {
        Series ours = Of(goal.Ours);
        if (goal.Peer is null)
        {
            return new(goal, goal.Targets.On(row), Spread.Of(ours.Values), ours.Values.Count);
        }

        IReadOnlyList<double> peer = Of(goal.Peer).Values;
        IReadOnlyList<double>? floor = goal.Floor is null ? null : Of(goal.Floor).Values;
        IEnumerable<double> ratios = ours.Values.Select((_, round) =>
        {
            double below = floor?[round] ?? 0;
            (double mine, double theirs) = (ours.Values[round] - below, peer[round] - below);
            return goal.Bound == Bound.CostAtMost ? mine / theirs : theirs / mine;
        });
        return new(goal, goal.Targets.On(row), Spread.Of(ratios), ours.Values.Count);

        Series Of(string way) => measured.Single(series => series.Comparison == goal.Comparison && series.Way == way);
    }

    public override string ToString()
    {
        string judged = Target is { } target ? $"goal {In(target)} {(IsReached ? "ok   " : "short")}" : "no goal";
        string rounds = Rounds == 1 ? "" : $" ({In(Measured.Low)} to {In(Measured.High)} in {Rounds} rounds)";
        return $"{Goal.Id} {In(Measured.Median)} {judged}  {Goal.What}{rounds}";

        string In(double value) => Figures.Of(Goal.Unit, value);
    }
}
