namespace Realtime.Protocol.CommandLine;

/// <summary>How the program ended, as a number for scripts. The numbers are a promise; <see cref="ExitCodes.Table"/> is the one place that explains them.</summary>
internal enum ExitCode
{
    Done = 0,
    DoneWithProblems = 1,
    UnusableInput = 2,
    NotConnected = 3,
    Disconnected = 4,
    Defect = 70,
    Cancelled = 130,
    Terminated = 143,
}

/// <summary>What each <see cref="ExitCode"/> means, as <c>--help</c> and README.md show it.</summary>
internal static class ExitCodes
{
    public static IReadOnlyList<(ExitCode Code, string Meaning)> Table { get; } =
    [
        (ExitCode.Done, "All went well."),
        (ExitCode.DoneWithProblems, "It ran to its end and something was wrong: the turn was not completed, the server sent a malformed event or an error, the input was cut short, the answer, the log or the text could not be written to its end, a line given to decode or view is not an event, a client broke a rule at or above --fail-on, chaos found a fault."),
        (ExitCode.UnusableInput, "The command line is wrong, or a file can't be read, written or spoken; or a line given to lint is not an event, or none given to view is."),
        (ExitCode.NotConnected, "No session could be established: refused, unknown host, wrong key, timeout; or serve or gateway can't listen there, such as on a port that is taken."),
        (ExitCode.Disconnected, "The connection ended before the answer did. What had arrived is written."),
        (ExitCode.Defect, "A defect of this program, also one that ended a session of serve."),
        (ExitCode.Cancelled, "Ctrl-C. What had arrived is written. (serve and gateway end with 0.)"),
        (ExitCode.Terminated, "SIGTERM, likewise."),
    ];

    /// <summary>The table as text, one line an exit code.</summary>
    public static string Text => string.Join("\n", Table.Select(row => $"  {(int)row.Code,3}  {row.Meaning}"));
}
