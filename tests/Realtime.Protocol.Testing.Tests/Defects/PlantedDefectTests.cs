using System.Diagnostics;
using System.Globalization;
using Realtime.Protocol.Testing.Tests.Errors;
using Realtime.Protocol.Testing.Tests.Sequences;
using Realtime.Protocol.Testing.Tests.Simulation;

namespace Realtime.Protocol.Testing.Tests.Defects;

/// <summary>
/// Who watches the tests of the machine: each defect of <c>defects.json</c> is planted in a copy of it, and the grammar under random clients, the sequences or the
/// catalogue of errors have to fail. That takes minutes, so it is run on demand; that every defect still has its place is tested always.
/// </summary>
public class PlantedDefectTests(ITestOutputHelper output)
{
    // "all", or a part of the sentence of those that are wanted.
    private const string Wish = "REALTIME_PLANTED_DEFECTS";
    private const int Least = 24;

    private static readonly string[] Watchers = [nameof(SequenceTests), nameof(ErrorCatalogueTests), nameof(SimulatorPropertyTests)];
    private static readonly (string Name, string Value) FewRuns = ("REALTIME_SIMULATOR_RUNS", "300");

    public static TheoryData<string> Defects => [.. PlantedDefect.All.Select(static defect => defect.Defect)];

    [Theory]
    [MemberData(nameof(Defects))]
    public void EveryDefect_HasOnePlaceInTheMachine(string sentence)
    {
        PlantedDefect defect = PlantedDefect.All.Single(one => one.Defect == sentence);
        string source = File.ReadAllText(defect.PathIn(PlantedDefect.Repository));

        int place = source.IndexOf(defect.Was, StringComparison.Ordinal);
        Assert.True(place >= 0, $"'{defect.Was}' is no longer in {defect.File}: plant the defect anew.");
        Assert.Equal(place, source.LastIndexOf(defect.Was, StringComparison.Ordinal));
        Assert.NotEqual(defect.Was, defect.Is);
    }

    [Fact]
    public void ThereAreEnough() => Assert.InRange(PlantedDefect.All.Length, Least, int.MaxValue);

    [Fact]
    public async Task EveryDefect_IsCaught()
    {
        string? wish = Environment.GetEnvironmentVariable(Wish);
        Assert.SkipWhen(wish is null, $"Run on demand: {Wish}=all, or a part of a defect's sentence.");
        PlantedDefect[] defects = [.. PlantedDefect.All.Where(defect => wish == "all" || defect.Defect.Contains(wish, StringComparison.OrdinalIgnoreCase))];
        using DefectiveMachine machine = DefectiveMachine.Copy();
        Assert.Empty(await machine.CaughtByAsync(defect: null, Watchers, FewRuns));

        List<string> alive = [];
        foreach (PlantedDefect defect in defects)
        {
            long began = Stopwatch.GetTimestamp();
            IReadOnlyList<string> caught = await machine.CaughtByAsync(defect, Watchers, FewRuns);
            if (caught.Count == 0)
            {
                alive.Add(defect.Defect);
            }

            string line = string.Create(CultureInfo.InvariantCulture, $"{defect.Defect}: {(caught.Count == 0 ? "LIVES" : string.Join(", ", caught))} ({Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s)");
            output.WriteLine(line);
            TestContext.Current.SendDiagnosticMessage(line);
        }

        output.WriteLine($"{defects.Length - alive.Count} of {defects.Length} caught");
        Assert.True(defects.Length > 0, "There is no such defect.");
        Assert.True(alive.Count == 0, $"{defects.Length - alive.Count} of {defects.Length} caught. These live:\n{string.Join('\n', alive)}");
    }
}
