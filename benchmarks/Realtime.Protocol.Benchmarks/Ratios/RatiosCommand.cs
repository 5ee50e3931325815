using System.Runtime.Intrinsics.X86;
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
    /// <param name="json">The file for everything that was measured; none when null.</param>
    /// <returns>The exit code: 0 when every goal is reached, 1 when one is short.</returns>
    public static int Print(TextWriter output, IReadOnlyCollection<string> only, string? json)
    {
        Priority.Raise();
        bool hasAvx512 = Avx512BW.IsSupported;
        Goal[] goals = [.. Goals.All.Where(goal => only.Count == 0 || only.Contains(goal.Id))];
        output.WriteLine(hasAvx512 ? "AVX-512: the first goals hold." : "No AVX-512: the goals in brackets hold where there are some.");
        Series[] measured = Catalogue.Measure([.. goals.Select(static goal => goal.Comparison)], new InterleavedRounds(Rounds, WarmUp));
        Verdict[] verdicts = [.. goals.Select(goal => Verdict.Of(goal, hasAvx512, measured))];
        foreach (Verdict verdict in verdicts)
        {
            output.WriteLine(verdict);
        }

        string[] allocating = [.. measured.Where(AllocatesThoughOurs).Select(static series => $"{series.Comparison} {series.BytesAllocated:F1} B")];
        output.WriteLine(allocating.Length == 0 ? "0 B allocated by ours per event: ok" : $"0 B allocated by ours per event: short ({string.Join(", ", allocating)})");
        if (json is not null)
        {
            RunFile.Write(json, new MeasuredRun(DateTimeOffset.UtcNow, CommandOf(only, json), Machine.OfThisProcess(), verdicts, measured));
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
    private static string CommandOf(IReadOnlyCollection<string> only, string json)
    {
        string[] settings = [.. new[] { "DOTNET_EnableAVX512", "DOTNET_EnableHWIntrinsic" }.Where(static name => Environment.GetEnvironmentVariable(name) is not null).Select(static name => $"{name}={Environment.GetEnvironmentVariable(name)}")];
        string[] command = [.. settings, "dotnet run -c Release --project benchmarks/Realtime.Protocol.Benchmarks -- ratios", .. only.Count == 0 ? Array.Empty<string>() : ["--only", string.Join(',', only)], "--json", Path.GetFileName(json)];
        return string.Join(' ', command);
    }
}
