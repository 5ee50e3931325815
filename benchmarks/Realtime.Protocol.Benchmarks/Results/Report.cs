using System.Globalization;
using System.Text;
using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Results;

/// <summary>Writes a run into a page: everything between two markers is replaced, everything else stays as it was written by hand.</summary>
public static class Report
{
    private const string Begin = "<!-- measured: begin -->";
    private const string End = "<!-- measured: end -->";

    /// <returns>The page with the run in it.</returns>
    /// <exception cref="InvalidDataException">The page does not have both markers, in this order.</exception>
    public static string Insert(string page, MeasuredRun run)
    {
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        return begin < 0 || end < begin
            ? throw new InvalidDataException($"The page needs a line {Begin} and behind it a line {End}.")
            : $"{page[..(begin + Begin.Length)]}\n\n{Of(run)}\n{page[end..]}";
    }

    private static string Of(MeasuredRun run)
    {
        var text = new StringBuilder();
        Machine machine = run.Machine;
        Line(text, $"{run.Date:yyyy-MM-dd HH:mm} UTC, {machine.Processor}, {machine.Cores} cores, {machine.Architecture}, {machine.Vectors}; {machine.OperatingSystem}; {machine.Runtime}. Command:");
        Line(text, $"`{run.Command}`\n");
        Line(text, $"The goals are those {(machine.HasAvx512 ? "for AVX-512" : "for machines without AVX-512, where there are such")}.\n");
        Line(text, $"| goal | what | ratio | 80 % lie in | goal | |\n|---|---|---:|---:|---:|---|");
        foreach (Verdict verdict in run.Goals)
        {
            string side = verdict.Goal.Bound == Bound.CostAtMost ? "≤" : "≥";
            Line(text, $"| {verdict.Goal.Id} | {verdict.Goal.What} | {verdict.Ratio.Median:F2} | {verdict.Ratio.Low:F2} – {verdict.Ratio.High:F2} | {side} {verdict.GoalValue:F2} | {(verdict.IsReached ? "ok" : "**short**")} |");
        }

        Line(text, $"\n| job | way | median | 80 % lie in | allocated |\n|---|---|---:|---:|---:|");
        foreach (Series series in run.Series)
        {
            var spread = Spread.Of(series.Nanoseconds);
            Line(text, $"| {series.Comparison} | {series.Way} | {Figures.Time(spread.Median)} | {Figures.Time(spread.Low)} – {Figures.Time(spread.High)} | {Figures.Bytes(series.BytesAllocated)} |");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
