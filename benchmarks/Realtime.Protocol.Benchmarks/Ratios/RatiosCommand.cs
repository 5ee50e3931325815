using System.Runtime.Intrinsics.X86;
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
        bool hasVbmi = Avx512Vbmi.IsSupported;
        Goal[] goals = [.. Goals.All.Where(goal => only.Count == 0 || only.Contains(goal.Id))];
        output.WriteLine(hasVbmi ? "AVX-512 VBMI: the first goals hold." : "No AVX-512 VBMI: the goals in brackets hold where there are some.");
        Series[] measured = Catalogue.Measure([.. goals.Select(static goal => goal.Comparison)], new InterleavedRounds(Rounds, WarmUp));
        Verdict[] verdicts = [.. goals.Select(goal => Verdict.Of(goal, hasVbmi, measured))];
        foreach (Verdict verdict in verdicts)
        {
            output.WriteLine(verdict);
        }

        if (json is not null)
        {
            RunFile.Write(json, new MeasuredRun(DateTimeOffset.UtcNow, CommandOf(only, json), Machine.OfThisProcess(), verdicts, measured));
        }

        return verdicts.All(static verdict => verdict.IsReached) ? 0 : 1;
    }

    // As it is typed. A setting that takes vectors away belongs to it.
    private static string CommandOf(IReadOnlyCollection<string> only, string json)
    {
        string[] settings = [.. new[] { "DOTNET_EnableAVX512", "DOTNET_EnableHWIntrinsic" }.Where(static name => Environment.GetEnvironmentVariable(name) is not null).Select(static name => $"{name}={Environment.GetEnvironmentVariable(name)}")];
        string[] command = [.. settings, "dotnet run -c Release --project benchmarks/Realtime.Protocol.Benchmarks -- ratios", .. only.Count == 0 ? Array.Empty<string>() : ["--only", string.Join(',', only)], "--json", Path.GetFileName(json)];
        return string.Join(' ', command);
    }
}
