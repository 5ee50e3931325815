using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>What rounds say of a goal.</summary>
public class VerdictTests
{
    private static readonly Goal Cost = new("P0", "ours / peer", Bound.CostAtMost, Targets.Everywhere(0.5), "job", "peer", "ours");
    private static readonly Goal Speed = Cost with { What = "times as fast", Bound = Bound.TimesAsFast, Targets = Targets.Everywhere(2) };

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    [InlineData(10, true)]
    public void CostAtMost_IsReachedAtTheGoalAndBelow(double ours, bool isReached) => Assert.Equal(isReached, Judge(Cost, [ours], [100]).IsReached);

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    [InlineData(10, true)]
    public void TimesAsFast_IsReachedAtTheGoalAndAbove(double ours, bool isReached) => Assert.Equal(isReached, Judge(Speed, [ours], [100]).IsReached);

    [Fact]
    public void Ratio_IsTakenRoundByRound_NotOfTheMedians()
    {
        // The machine was slow in the first and the last round; ours costs half in each of them.
        Verdict verdict = Judge(Cost, [500, 10, 400], [1_000, 20, 800]);

        Assert.Equal(new Spread(0.5, 0.5, 0.5), verdict.Measured);
    }

    [Fact]
    public void Spread_LeavesOutTheOutermostTenths()
    {
        var spread = Spread.Of(Enumerable.Range(0, 11).Select(static value => (double)value).Reverse());

        Assert.Equal(new Spread(1, 5, 9), spread);
    }

    [Fact]
    public void Line_BeginsWithIdRatioGoalAndVerdict()
    {
        Assert.StartsWith("P0 0.40 goal 0.50 ok ", Judge(Cost, [40], [100]).ToString());
        Assert.StartsWith("P0 0.60 goal 0.50 short ", Judge(Cost, [60], [100]).ToString());
    }

    [Fact]
    public void TheFloor_IsTakenFromBothBeforeTheyAreDivided()
    {
        Verdict verdict = Verdict.Of(Cost with { Floor = "floor" }, GoalRow.Avx2, [Runs.Series("job", "ours", 14, 114), Runs.Series("job", "peer", 20, 120), Runs.Series("job", "floor", 10, 110)]);

        Assert.Equal(new Spread(0.4, 0.4, 0.4), verdict.Measured);
    }

    [Fact]
    public void WithoutAPeer_WhatItCostsIsTheFigure_InItsUnit()
    {
        Goal size = new("P0", "held", Bound.CostAtMost, Targets.Everywhere(40 * 1_024), "job", Peer: null, "ours", Unit: Unit.Bytes);
        Goal time = size with { What = "taken", Targets = Targets.Everywhere(12_000_000), Unit = Unit.Nanoseconds };

        Assert.Equal("P0 30.0 KB goal 40.0 KB ok     held", Verdict.Of(size, GoalRow.Avx2, [Runs.Series("job", "ours", 30 * 1_024)]).ToString());
        Assert.Equal("P0 12.3 ms goal 12.0 ms short  taken", Verdict.Of(time, GoalRow.Avx2, [Runs.Series("job", "ours", 12_300_000)]).ToString());
    }

    [Fact]
    public void EachRow_IsHeldToItsOwn_AndOneWithoutAGoalTellsItsFigure()
    {
        Goal goal = Cost with { Targets = new(0.3, 0.5, null) };
        string[] lines = [.. GoalRows.All.Select(row => Verdict.Of(goal, row, [Runs.Series("job", "ours", 40, 40), Runs.Series("job", "peer", 100, 100)])).Select(static verdict => $"{verdict.IsReached}: {verdict}")];

        Assert.Equal(
        [
            "False: P0 0.40 goal 0.30 short  ours / peer (0.40 to 0.40 in 2 rounds)",
            "True: P0 0.40 goal 0.50 ok     ours / peer (0.40 to 0.40 in 2 rounds)",
            "True: P0 0.40 no goal  ours / peer (0.40 to 0.40 in 2 rounds)",
        ], lines);
    }

    private static Verdict Judge(Goal goal, double[] ours, double[] peer) => Verdict.Of(goal, GoalRow.Avx512, [Runs.Series("job", "ours", ours), Runs.Series("job", "peer", peer), Runs.Series("another job", "ours", 1)]);
}
