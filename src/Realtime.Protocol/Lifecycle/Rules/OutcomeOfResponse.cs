using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// How a response's last status ends its turn. An interruption is told by its reason and not by its status: some services report <c>turn_detected</c> under
/// <c>incomplete</c>, and one sends the reason as a bare string.
/// </summary>
internal static class OutcomeOfResponse
{
    /// <summary>The response ended, and its status is not one that a response can end with. One that is left out says nothing, and is judged by the items.</summary>
    public static bool IsUnheardOf(in SessionFact done) => done.IsStatusStated && done.Status is FactStatus.Unknown or FactStatus.InProgress;

    /// <summary>The turn's outcome, were it to end now; <see cref="TurnOutcome.Completed"/> still lets tool calls go on.</summary>
    [LifecycleRule("CX-06")]
    [LifecycleRule("ER-02")]
    [LifecycleRule("ER-03")]
    [LifecycleRule("RC-13")]
    public static TurnOutcome Of(in SessionFact done)
    {
        if (done.StatusReason.SequenceEqual("turn_detected"u8))
        {
            return new TurnOutcome.Interrupted(InterruptionReason.UserSpeech);
        }

        if (done.StatusReason.SequenceEqual("client_cancelled"u8))
        {
            return new TurnOutcome.Interrupted(InterruptionReason.Application);
        }

        return done.Status switch
        {
            FactStatus.Cancelled => new TurnOutcome.Interrupted(InterruptionReason.Application),
            FactStatus.Incomplete => new TurnOutcome.Incomplete(done.StatusReason.IsEmpty ? "incomplete" : Encoding.UTF8.GetString(done.StatusReason)),
            FactStatus.Failed => new TurnOutcome.Failed(ErrorReach.Describe(done)),
            _ => new TurnOutcome.Completed(),
        };
    }
}
