using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>What rounds say of a goal.</summary>
public class VerdictTests
{
    private static readonly Goal Cost = new("P0", "ours / peer", Bound.CostAtMost, 0.5, null, "job", "peer", "ours");
    private static readonly Goal Speed = Cost with { What = "times as fast", Bound = Bound.TimesAsFast, Value = 2 };

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

        Assert.Equal(new Spread(0.5, 0.5, 0.5), verdict.Ratio);
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

    private static Verdict Judge(Goal goal, double[] ours, double[] peer) => Verdict.Of(goal, hasAvx512: true, [Runs.Series("job", "ours", ours), Runs.Series("job", "peer", peer), Runs.Series("another job", "ours", 1)]);
}
