using System.Collections;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.EndToEnd;
using Realtime.Protocol.Benchmarks.FirstEvents;
using Realtime.Protocol.Benchmarks.Results;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>Measures what the goals ask for and prints a line for each: its id, the ratio, the goal, and whether it is reached.</summary>
public static class RatiosCommand
{
    private const int Rounds = 41;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.2);

    /// <param name="output">Where the lines go.</param>
    /// <param name="only">The ids of the goals to measure; all when empty.</param>
    /// <param name="isPatient">Measures also what takes minutes.</param>
    /// <param name="json">The file for everything that was measured; none when null.</param>
    /// <returns>The exit code: 0 when every goal is reached, 1 when one is short.</returns>
    public static int Print(TextWriter output, IReadOnlyCollection<string> only, bool isPatient, string? json)
    {
        Priority.Raise();
        var machine = Machine.OfThisProcess();
        Goal[] goals = [.. Goals.All.Where(goal => (only.Count == 0 || only.Contains(goal.Id)) && (isPatient || !goal.TakesPatience))];
        output.WriteLine($"Goals for {machine.Row.Name()} ({machine.Processor}, {machine.Vectors})");
        Measured measured = Catalogue.Measure([.. goals.Select(static goal => goal.Comparison)], new InterleavedRounds(Rounds, WarmUp));
        var verdicts = new List<Verdict>();
        var skipped = new List<SkippedGoal>();
        foreach (Goal goal in goals)
        {
            if (measured.Skips.FirstOrDefault(skip => skip.Comparison == goal.Comparison) is { } skip)
            {
                skipped.Add(new SkippedGoal(goal, skip.Why));
                output.WriteLine(skipped[^1]);
            }
            else
            {
                verdicts.Add(Verdict.Of(goal, machine.Row, measured.Series));
                output.WriteLine(verdicts[^1]);
            }
        }

        string[] allocating = [.. measured.Series.Where(AllocatesThoughOurs).Select(static series => $"{series.Comparison} {series.BytesAllocated:F1} B")];
        output.WriteLine(allocating.Length == 0 ? "0 B allocated by ours per event: ok" : $"0 B allocated by ours per event: short ({string.Join(", ", allocating)})");
        if (json is not null)
        {
            RunFile.Write(json, new MeasuredRun(DateTimeOffset.UtcNow, CommandOf(only, isPatient, json), machine, verdicts, skipped, measured.Series));
        }

        return allocating.Length == 0 && verdicts.All(static verdict => verdict.IsReached) ? 0 : 1;
    }

    // A process allocates for its first event, which makes the reader. A client allocates a little for asking, shared by all the messages that it gets.
    private static bool AllocatesThoughOurs(Series series) =>
        series.Way == Ways.RealtimeProtocol && series.Comparison switch
        {
            FirstEventRounds.Comparison => false,
            EndToEndRounds.Elapsed or EndToEndRounds.Processor => series.BytesAllocated >= 1,
            _ => series.BytesAllocated > 0,
        };

    // As it is typed. A setting that takes vectors away belongs to it.
    private static string CommandOf(IReadOnlyCollection<string> only, bool isPatient, string json)
    {
        IEnumerable<string> settings = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(static setting => $"{setting.Key}={setting.Value}")
            .Where(static setting => setting.StartsWith("DOTNET_EnableAVX", StringComparison.Ordinal) || setting.StartsWith("DOTNET_EnableHWIntrinsic", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        string[] command = [.. settings, "dotnet run -c Release --project benchmarks/Realtime.Protocol.Benchmarks -- ratios", .. only.Count == 0 ? Array.Empty<string>() : ["--only", string.Join(',', only)], .. isPatient ? ["--patient"] : Array.Empty<string>(), "--json", Path.GetFileName(json)];
        return string.Join(' ', command);
    }
}
