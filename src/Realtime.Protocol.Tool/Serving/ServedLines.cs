using System.Globalization;
using Realtime.Protocol.CommandLine.Linting;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.CommandLine.Serving;

/// <summary>
/// What <c>serve</c> says while it serves: a line when a client comes, breaks a rule, is answered by a turn, and has gone; and what all of it comes to, as a last line and an exit code.
/// It starts and ends nothing. Any thread may tell it something.
/// </summary>
/// <param name="log">Where the lines go.</param>
/// <param name="time">Lines begin with the seconds that have passed on it.</param>
/// <param name="failOn">From which level on a rule that a client broke is a failure; null for never.</param>
internal sealed class ServedLines(TextOutput log, TimeProvider time, ViolationLevel? failOn) : IProgress<HostedConnection>
{
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _counting = new();
    private int _broken;
    private bool _isFailed;
    private int _came;
    private int _defects;

    /// <summary>A client came, or has gone.</summary>
    public void Report(HostedConnection value)
    {
        if (value.End == ConnectionEnd.None)
        {
            Interlocked.Increment(ref _came);
        }
        else if (value.Defect is { } defect)
        {
            Interlocked.Increment(ref _defects);
            Tell($"#{Number(value.Number)} defect of realtime: {(defect is BrokenOrderException ? Timeline.Printable.Line(defect.Message) : $"{defect.GetType().Name}{Place(defect)}")}");
        }

        Tell(Timeline.Printable.Line(value.ToString()));
    }

    /// <summary>A client broke a rule.</summary>
    /// <remarks>Counted as it is told: whoever starts afresh with <c>DELETE /violations</c> starts afresh for the eye, and not for the exit code.</remarks>
    public void Broke(Violation violation)
    {
        lock (_counting)
        {
            _broken += violation.IsCounted ? 1 : 0;
            _isFailed |= failOn.IsReached([violation]);
        }

        Tell($"#{Number(violation.Connection)} {violation}");
    }

    /// <summary>A turn of a scenario answered.</summary>
    public void Answered(int connection, string report) => Tell($"#{Number(connection)} {Timeline.Printable.Line(report)}");

    /// <summary>A scenario was read again, or could not be.</summary>
    public void Changed(string line) => Tell(Timeline.Printable.Line(line));

    /// <summary>What is known when everybody is gone, for some rules are broken by how a client goes: one line, if anybody came, and the exit code.</summary>
    /// <param name="ending">How the program ended for which it was started, if there was one.</param>
    /// <param name="logs">The folder of the logs; null for none.</param>
    /// <param name="areLogsWhole">Whether every log was written to its end.</param>
    public ExitCode Conclude(ExitCode ending, string? logs, bool areLogsWhole)
    {
        int defects = Volatile.Read(ref _defects);
        if (Volatile.Read(ref _came) is > 0 and int came)
        {
            string ours = defects == 0 ? "" : $", {Count(defects, "defect")} of realtime, please report it";
            Tell($"{Count(came, "connection")}, {Count(_broken, "rule")} broken{ours}{(logs is null ? "" : $" · logs in {logs}")}");
        }

        return defects > 0 ? ExitCode.Defect
            : ending == ExitCode.Done && (_isFailed || !areLogsWhole) ? ExitCode.DoneWithProblems
            : ending;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Count(int number, string what) => $"{Number(number)} {what}{(number == 1 ? "" : "s")}";

    // Where it happened, without what was said: a message may quote it.
    private static string Place(Exception defect) => defect.StackTrace is { } trace && trace.Split('\n') is [string top, ..] ? $" {Timeline.Printable.Line(top.Trim())}" : "";

    private void Tell(string line)
    {
        string seconds = time.GetElapsedTime(_start).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        log.WriteLine($"{seconds} {line}");
        log.Flush();
    }
}
