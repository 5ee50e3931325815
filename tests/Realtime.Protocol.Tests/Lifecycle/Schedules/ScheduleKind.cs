namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>What the schedules of one kind have in common.</summary>
/// <param name="Server">Makes the server, whose choices come from the schedule's tape.</param>
/// <param name="Trouble">What may go wrong.</param>
internal sealed record ScheduleKind(ServerOfSchedule Server, Trouble Trouble = Trouble.None)
{
    /// <summary>Whether the witness also asks what was known of playback before an answer is deleted.</summary>
    public bool ChecksEvidence { get; init; } = true;

    public bool Has(Trouble trouble) => Trouble.HasFlag(trouble);
}

internal delegate IScheduleServer ServerOfSchedule(Tape tape, bool takesTurns, bool echoesMetadata, Trouble trouble);
