using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>Measures what the goals ask for and prints a line for each: its id, the ratio, the goal, and whether it is reached.</summary>
public static class RatiosCommand
{
    private const int Rounds = 41;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.2);

    /// <param name="output">Where the lines go.</param>
    /// <param name="only">The ids of the goals to measure; all when empty.</param>
    /// <returns>The exit code: 0 when every goal is reached, 1 when one is short.</returns>
    public static int Print(TextWriter output, IReadOnlyCollection<string> only)
    {
        Priority.Raise();
        bool hasVbmi = Avx512Vbmi.IsSupported;
        Goal[] goals = [.. Goals.All.Where(goal => only.Count == 0 || only.Contains(goal.Id))];
        output.WriteLine(hasVbmi ? "AVX-512 VBMI: the first goals hold." : "No AVX-512 VBMI: the goals in brackets hold where there are some.");
        Series[] measured = Catalogue.Measure([.. goals.Select(static goal => goal.Comparison)], new InterleavedRounds(Rounds, WarmUp));
        Verdict[] verdicts = [.. goals.Select(goal => Verdict.Of(goal, hasVbmi, measured))];
        foreach (Verdict verdict in verdicts)
        {
            output.WriteLine(verdict);
        }

        foreach (Series series in measured)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{series.Comparison,-30} {series.Way,-18} {Spread.Of(series.Nanoseconds).Median,12:F1} ns {series.BytesAllocated,10:F0} B"));
        }

        return verdicts.All(static verdict => verdict.IsReached) ? 0 : 1;
    }
}
