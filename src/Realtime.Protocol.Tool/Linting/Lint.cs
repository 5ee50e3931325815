using System.Globalization;
using Realtime.Protocol.CommandLine.Decoding;
using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.CommandLine.Linting;

/// <summary>What <c>realtime lint</c> was asked for.</summary>
internal sealed record LintSettings
{
    /// <summary>A file, or <c>-</c> for standard input.</summary>
    public required string File { get; init; }

    /// <summary>From which level on a broken rule is a failure; null for never.</summary>
    public ViolationLevel? FailOn { get; init; }

    public bool Json { get; init; }
}

/// <summary>
/// <c>realtime lint</c>: a recorded session of any client and any server, one event a line, read by the client's grammar. It streams, and prints at the end what was found,
/// each entry with the number of its line.
/// </summary>
internal sealed class Lint(LintSettings settings, Surroundings world)
{
    private readonly ClientGrammar _grammar = new();
    private readonly LogReader _reader = new();
    private long _unreadable;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        await using Stream source = EventFile.Open(settings.File, world.AudioIn);
        var lines = new LineSplitter(source, EventFile.MaxLineBytes);
        while (await EventFile.ReadAsync(lines, settings.File, cancellationToken))
        {
            if (_reader.Read(lines, _grammar) is { } fault)
            {
                _unreadable++;
                world.Error.WriteLine($"line {Number(lines.Number)}: {fault}");
            }
        }

        _grammar.End(_reader.LastAt);
        IReadOnlyList<Violation> found = _grammar.Violations;
        Print(found);
        return _unreadable > 0 || _reader.Events == 0 ? throw Unreadable() : settings.FailOn.IsReached(found) ? ExitCode.DoneWithProblems : ExitCode.Done;
    }

    private void Print(IReadOnlyList<Violation> found)
    {
        foreach (Violation violation in found.OrderBy(static violation => violation.Event == 0 ? long.MaxValue : violation.Event))
        {
            world.Output.WriteLine(settings.Json ? violation.ToJson() : Text(violation));
        }

        if (!settings.Json && _reader.Events > 0)
        {
            world.Output.WriteLine(Summary(found));
        }
    }

    private ToolException Unreadable() => new(ExitCode.UnusableInput, _reader.Events == 0 && _unreadable == 0
        ? "There is no event in it. A line is an event with its sender, such as {\"dir\":\"client\",\"event\":{…}}."
        : $"{Number(_unreadable)} {(_unreadable == 1 ? "line is" : "lines are")} no event, so what the client did is known in part only.");

    private static string Text(Violation violation)
    {
        string place = violation.Event == 0 ? "at the end" : $"line {Number(violation.Event)}";
        string time = violation.At is { } at ? string.Create(CultureInfo.InvariantCulture, $" ({at / 1000:0.000} s)") : "";
        string times = violation.Times == 1 ? "" : $", {Number(violation.Times)} times";
        string level = violation.IsCounted ? violation.Level.ToString().ToLowerInvariant() : "race, not counted";
        return $"{place}{time}: {violation.Says} {violation.Instead} [{violation.Rule}, {level}{times}]";
    }

    private string Summary(IReadOnlyList<Violation> found)
    {
        int Count(ViolationLevel level) => found.Count(violation => violation.Level == level);
        int broken = found.Count(static violation => violation.IsCounted);
        string races = Count(ViolationLevel.Race) is > 0 and int count ? $"; {Number(count)} {(count == 1 ? "race" : "races")}" : "";
        string events = $"{Number(_reader.Events)} events";
        return broken == 0
            ? $"No rule is broken in {events}{races}."
            : $"{Number(broken)} {(broken == 1 ? "rule is" : "rules are")} broken in {events}: {Count(ViolationLevel.Harmful)} harmful, {Count(ViolationLevel.Refused)} refused, {Count(ViolationLevel.Wasteful)} wasteful{races}.";
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
