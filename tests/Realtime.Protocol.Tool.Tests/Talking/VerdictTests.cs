using Realtime.Protocol.CommandLine.Talking;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

public class VerdictTests
{
    private static readonly ServerError Error = new("rate_limit_exceeded", "server_error", "Slow\ndown.", null, null);

    public static TheoryData<TurnOutcome, string, int> Outcomes => new()
    {
        { new TurnOutcome.Completed(), "completed", 0 },
        { new TurnOutcome.Interrupted(InterruptionReason.Application), "interrupted", 0 },
        { new TurnOutcome.Incomplete("max_output_tokens"), "incomplete", 1 },
        { new TurnOutcome.Failed(Error), "failed", 1 },
        { new TurnOutcome.Rejected(Error), "rejected", 1 },
        { new TurnOutcome.TimedOut(), "timed_out", 1 },
        { new TurnOutcome.AudioOverrun(), "audio_overrun", 1 },
        { new TurnOutcome.ToolRoundLimit(), "tool_round_limit", 1 },
        { new TurnOutcome.Withdrawn(), "withdrawn", 1 },
        { new TurnOutcome.Disconnected(new(RealtimeCloseKind.ConnectionLost, null, "")), "disconnected", 4 },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void EveryOutcome_HasAName_AnExitCode_AndAComplaintUnlessItIsWell(TurnOutcome outcome, string name, int exitCode)
    {
        Verdict verdict = Verdict.Of(outcome);

        Assert.Equal((name, (ExitCode)exitCode), (verdict.Outcome, verdict.ExitCode));
        Assert.Equal(exitCode == 0, verdict.Complaint is null);
        Assert.DoesNotContain('\n', verdict.Complaint ?? "");
    }

    [Fact]
    public void Failure_IsToldInTheServersWords() => Assert.Equal("The model failed (rate_limit_exceeded: Slow down.). Try again.", Verdict.Of(new TurnOutcome.Failed(Error)).Complaint);

    [Fact]
    public void Disconnection_IsToldWithItsReason() => Assert.Equal(
        "The connection ended in the middle of the turn: closed by the peer (1011): Boom. Try again.",
        Verdict.Of(new TurnOutcome.Disconnected(new(RealtimeCloseKind.ByPeer, 1011, "Boom."))).Complaint);
}
