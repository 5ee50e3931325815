using System.Globalization;
using System.Text.RegularExpressions;
using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>The goals as a table: complete, measured, and a row for every processor.</summary>
public partial class GoalsTests
{
    private static readonly IReadOnlyCollection<(string, string)> Measured = Catalogue.Everything;

    [Fact]
    public void EveryGoal_ComparesTwoWaysThatAreMeasured() => Assert.All(Goals.All, static goal =>
    {
        Assert.Contains((goal.Comparison, goal.Ours), Measured);
        Assert.NotEqual(goal.Ours, goal.Peer);
        Assert.All(new[] { goal.Peer, goal.Floor }.OfType<string>(), other => Assert.Contains((goal.Comparison, other), Measured));
    });

    [Fact]
    public void GoalsAreNumbered_InOrder() =>
        Assert.Equal(Enumerable.Range(1, 14).Select(static number => $"P{number}"), Goals.All.Select(static goal => goal.Id).Distinct());

    [Theory]
    [InlineData(GoalRow.Avx512, "P1 0.7 | P2 1 | P3 0.85 2 | P4 1.1 0.85 | P5 9 20 60 10 8 | P6 8 15 25 7 7 | P7 1 | P8 0.85 0.85 1.1 5 10 1.5 1.5 | P9 0.97 1.7 0.5 | P10 0.35 0.1 | P11 40960 0.75 | P12 0.45 0.45 0.45 | P13 1.05 0.5 | P14 40000000")]
    [InlineData(GoalRow.Avx2, "P1 0.8 | P2 1.1 | P3 0.88 2.1 | P4 1.1 0.92 | P5 4.4 12 36 7.5 5.9 | P6 4.2 8 15 5.2 5.4 | P7 0.92 | P8 0.72 0.75 1.1 5 10 1.5 1.5 | P9 0.97 1.7 0.5 | P10 0.35 0.1 | P11 40960 0.75 | P12 0.45 0.45 0.45 | P13 1.05 0.5 | P14 40000000")]
    [InlineData(GoalRow.Neither, "P9 0.97 1.7 0.5 | P10 0.35 0.1 | P11 40960 0.75 | P12 0.45 0.45 0.45 | P13 1.05 0.5 | P14 40000000")]
    public void ARow_IsNeverLoosened(GoalRow row, string targets) => Assert.Equal(targets, string.Join(" | ",
        from goal in Goals.All
        let target = goal.Targets.On(row)
        where target is not null
        group string.Create(CultureInfo.InvariantCulture, $"{target}") by goal.Id into line
        select $"{line.Key} {string.Join(' ', line)}"));

    [Theory]
    [InlineData(true, true, GoalRow.Avx512)]
    [InlineData(false, true, GoalRow.Avx2)]
    [InlineData(false, false, GoalRow.Neither)]
    public void TheRow_IsThatOfTheWidestVectors(bool hasAvx512, bool hasAvx2, GoalRow row) => Assert.Equal(row, GoalRows.For(hasAvx512, hasAvx2));

    [Fact]
    public void EveryRow_HasANameOfItsOwn() => Assert.Equal(GoalRows.All.Count, GoalRows.All.Select(GoalRows.Name).Distinct().Count());

    /// <summary>The page has a table with a column for each row of goals, in their order.</summary>
    [Theory]
    [InlineData(GoalRow.Avx512, 2)]
    [InlineData(GoalRow.Avx2, 3)]
    [InlineData(GoalRow.Neither, 4)]
    public void ThePage_ShowsWhatARowAsksFor(GoalRow row, int column)
    {
        string page = File.ReadAllText(RepositoryFolder.PathOf("benchmarks", "README.md")).ReplaceLineEndings("\n");
        string[][] lines = [.. page.Split("| goal | what | AVX-512 | AVX2 | neither |\n")[1].Split("\n\n")[0].Split('\n')[1..].Select(static line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))];

        var shown = from cells in lines
                    let cell = cells.Length <= column ? "" : cells[column] == "the same" ? cells[2] : cells[column]
                    from Match number in Number().Matches(cell)
                    select (Id: cells[0], Value: double.Parse(number.Value, CultureInfo.InvariantCulture));
        Assert.Equal(
            from goal in Goals.All
            let target = goal.Targets.On(row)
            where target is not null
            select (goal.Id, goal.Unit switch { Unit.Bytes => target.Value / 1_024, Unit.Nanoseconds => target.Value / 1e6, _ => target.Value }),
            shown);
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();
}
