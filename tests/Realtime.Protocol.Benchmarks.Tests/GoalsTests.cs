using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>The goals as a table: complete, measured, and loosened on no machine but by their bracket.</summary>
public class GoalsTests
{
    [Fact]
    public void EveryGoal_ComparesTwoWaysThatAreMeasured() => Assert.All(Goals.All, static goal =>
    {
        Assert.Contains((goal.Comparison, goal.Ours), Catalogue.Everything);
        Assert.Contains((goal.Comparison, goal.Peer), Catalogue.Everything);
        Assert.NotEqual(goal.Ours, goal.Peer);
    });

    [Fact]
    public void GoalsAreNumberedP1ToP10_InOrder() =>
        Assert.Equal(Enumerable.Range(1, 10).Select(static number => $"P{number}"), Goals.All.Select(static goal => goal.Id).Distinct());

    [Fact]
    public void WithoutAvx512_OnlyP1AndP2HaveGoalsOfTheirOwn()
    {
        Goal[] others = [.. Goals.All.Where(static goal => goal.ValueOn(hasAvx512: true) != goal.ValueOn(hasAvx512: false))];

        Assert.Equal([("P1", 0.70, 1.05), ("P2", 1.0, 1.25)], others.Select(static goal => (goal.Id, goal.ValueOn(hasAvx512: true), goal.ValueOn(hasAvx512: false))));
    }
}
