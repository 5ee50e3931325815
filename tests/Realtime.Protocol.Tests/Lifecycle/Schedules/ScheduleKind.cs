namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>What the schedules of one kind have in common.</summary>
/// <param name="Server">Makes the server, whose choices come from the schedule's tape.</param>
/// <param name="Trouble">What may go wrong.</param>
internal sealed record ScheduleKind(ServerOfSchedule Server, Trouble Trouble = Trouble.None)
{
    public bool Has(Trouble trouble) => Trouble.HasFlag(trouble);
}

internal delegate IScheduleServer ServerOfSchedule(Tape tape, bool takesTurns, bool echoesMetadata, Trouble trouble);
