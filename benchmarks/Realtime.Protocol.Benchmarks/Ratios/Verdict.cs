using System.Globalization;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>A goal, and what was measured for it: the ratio of every round, since both ways ran side by side in each.</summary>
public sealed record Verdict(Goal Goal, double GoalValue, Spread Ratio, int Rounds)
{
    public bool IsReached => Goal.Bound == Bound.CostAtMost ? Ratio.Median <= GoalValue : Ratio.Median >= GoalValue;

    public static Verdict Of(Goal goal, bool hasAvx512, IReadOnlyCollection<Series> measured)
    {
        Series ours = measured.Single(series => series.Comparison == goal.Comparison && series.Way == goal.Ours);
        Series peer = measured.Single(series => series.Comparison == goal.Comparison && series.Way == goal.Peer);
        IEnumerable<double> ratios = ours.Nanoseconds.Zip(peer.Nanoseconds, (mine, theirs) => goal.Bound == Bound.CostAtMost ? mine / theirs : theirs / mine);
        return new(goal, goal.ValueOn(hasAvx512), Spread.Of(ratios), ours.Nanoseconds.Count);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Goal.Id} {Ratio.Median:F2} goal {GoalValue:F2} {(IsReached ? "ok   " : "short")}  {Goal.What} ({Ratio.Low:F2} to {Ratio.High:F2} in {Rounds} rounds)");
}
