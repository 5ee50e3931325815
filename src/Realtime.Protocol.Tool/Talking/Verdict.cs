using Realtime.Protocol.CommandLine.Timeline;

namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>
/// What the end of a turn means to the user: a name for scripts, an exit code, and, where something was wrong, one sentence about it and one about what to do. A table.
/// </summary>
internal readonly record struct Verdict(string Outcome, ExitCode ExitCode, string? Complaint)
{
    /// <summary>Judges a turn.</summary>
    /// <param name="outcome">How it ended.</param>
    public static Verdict Of(TurnOutcome outcome) => outcome switch
    {
        TurnOutcome.Completed => new("completed", ExitCode.Done, null),
        TurnOutcome.Interrupted => new("interrupted", ExitCode.Done, null),
        TurnOutcome.Incomplete { Reason: string reason } => Problem("incomplete", $"The model stopped early ({Printable.Line(reason)})."),
        TurnOutcome.Failed { Error: ServerError error } => Problem("failed", $"The model failed ({Show(error)}). Try again."),
        TurnOutcome.Rejected { Error: ServerError error } => Problem("rejected", $"The server rejected the turn ({Show(error)})."),
        TurnOutcome.TimedOut => Problem("timed_out", "The server did not answer in time. Try again."),
        TurnOutcome.AudioOverrun => Problem("audio_overrun", "The answer was too long and was cancelled."),
        TurnOutcome.ToolRoundLimit => Problem("tool_round_limit", "The model went on calling tools and was stopped."),
        TurnOutcome.Disconnected { Reason: RealtimeCloseReason reason } => new("disconnected", ExitCode.Disconnected, $"The connection ended in the middle of the turn: {Printable.Line(reason.ToString()).TrimEnd('.')}. Try again."),
        _ => Problem("withdrawn", "The turn was not answered."),
    };

    private static Verdict Problem(string outcome, string complaint) => new(outcome, ExitCode.DoneWithProblems, complaint);

    private static string Show(ServerError error)
    {
        string name = Printable.Line(error.ToString());
        return string.IsNullOrEmpty(error.Message) ? name : $"{name}: {Printable.Line(error.Message)}";
    }
}
