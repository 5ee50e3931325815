using System.Globalization;
using System.Text;
using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Results;

/// <summary>
/// Writes a run into a page, between the two markers of the row whose goals it was held to. Other rows, and what was written by hand,
/// stay as they are.
/// </summary>
public static class Report
{
    /// <returns>The page with the run in it.</returns>
    /// <exception cref="InvalidDataException">The page does not have both markers of the run's row, in this order.</exception>
    public static string Insert(string page, MeasuredRun run)
    {
        (string begin, string end) = ($"<!-- measured, {run.Machine.Row.Name()}: begin -->", $"<!-- measured, {run.Machine.Row.Name()}: end -->");
        int from = page.IndexOf(begin, StringComparison.Ordinal);
        int to = page.IndexOf(end, StringComparison.Ordinal);
        return from < 0 || to < from
            ? throw new InvalidDataException($"The page needs a line {begin} and behind it a line {end}.")
            : $"{page[..(from + begin.Length)]}\n\n{Of(run)}\n{page[to..]}";
    }

    private static string Of(MeasuredRun run)
    {
        var text = new StringBuilder();
        Machine machine = run.Machine;
        Line(text, $"{run.Date:yyyy-MM-dd HH:mm} UTC, {machine.Processor}, {machine.Cores} cores, {machine.Architecture}, {machine.Vectors}; {machine.OperatingSystem}; {machine.Runtime}. Command:");
        Line(text, $"`{run.Command}`\n");
        Line(text, $"The goals are those for {machine.Row.Name()}.\n");
        Line(text, $"| goal | what | measured | 80 % lie in | goal | |\n|---|---|---:|---:|---:|---|");
        foreach (Verdict verdict in run.Goals)
        {
            Unit unit = verdict.Goal.Unit;
            string goal = verdict.Target is { } target ? $"{(verdict.Goal.Bound == Bound.CostAtMost ? "≤" : "≥")} {Figures.Of(unit, target)}" : "none";
            string judged = verdict switch { { Target: null } => "", { IsReached: true } => "ok", _ => "**short**" };
            Line(text, $"| {verdict.Goal.Id} | {verdict.Goal.What} | {Figures.Of(unit, verdict.Measured.Median)} | {Figures.Of(unit, verdict.Measured.Low)} – {Figures.Of(unit, verdict.Measured.High)} | {goal} | {judged} |");
        }

        foreach (SkippedGoal skipped in run.Skipped)
        {
            Line(text, $"| {skipped.Goal.Id} | {skipped.Goal.What} | skipped | | | {skipped.Why} |");
        }

        Line(text, $"\n| job | way | median | 80 % lie in | allocated |\n|---|---|---:|---:|---:|");
        foreach (Series series in run.Series)
        {
            var spread = Spread.Of(series.Values);
            string allocated = series.BytesAllocated is { } bytes ? Figures.Bytes(bytes) : "";
            Line(text, $"| {series.Comparison} | {series.Way} | {Figures.Of(series.Unit, spread.Median)} | {Figures.Of(series.Unit, spread.Low)} – {Figures.Of(series.Unit, spread.High)} | {allocated} |");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
