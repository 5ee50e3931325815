namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Everything that ends by itself: one row a deadline, with when it is due and what it does. Nothing in the session waits without one, apart from the user's own speech.
/// </summary>
[LifecycleRule("RC-09")]
[LifecycleRule("RC-11")]
internal sealed class DeadlineTable(SessionCore session, ResponseSlot slot, TurnTable turns, ToolTable tools)
{
    private const long Never = long.MaxValue;

    private bool _isUnresponsive;

    /// <summary>The earliest of them.</summary>
    public long Next => _isUnresponsive
        ? Never
        : Math.Min(
            Math.Min(Math.Min(AnswerOverdue, HoldOver), Math.Min(Unacknowledged, Unannounced)),
            Math.Min(Math.Min(Silent, Uncancelled), Math.Min(session.Operations.DueAt, tools.DueAt)));

    /// <summary>The server did not begin the answer it owed (RC-06).</summary>
    private long AnswerOverdue => slot.Phase is SlotPhase.AutoPending ? slot.AnswerDueAt : Never;

    /// <summary>No commit followed the user's speech (RC-17). Nothing to do but to look at the queue again.</summary>
    private long HoldOver => slot.HasWaiting && session.HoldUntil != 0 ? session.HoldUntil : Never;

    /// <summary>Neither a response nor an error answered our create (RC-09).</summary>
    private long Unacknowledged => slot.Outstanding is { IsGivenUp: false } create ? create.SentAt + session.Settings.AcknowledgementTimeout : Never;

    /// <summary>Nobody waits for the create any more, but it still holds the place: ask, and then give the connection up (RC-11).</summary>
    private long Unannounced => (slot.Phase, slot.Outstanding) switch
    {
        (SlotPhase.Requested, { IsGivenUp: true, ProbedAt: { } probedAt }) => probedAt + session.Settings.CancelTimeout,
        (SlotPhase.Requested, { IsGivenUp: true } create) => create.SentAt + session.Settings.StuckTimeout,
        _ => Never,
    };

    /// <summary>The running response was not heard of for long (RC-11). Not a limit on how long it may run.</summary>
    private long Silent => slot is { Phase: SlotPhase.Active, Current: { } running } ? running.LastEventAt + session.Settings.StuckTimeout : Never;

    /// <summary>Nothing answers our cancel, and the response is silent (RC-11).</summary>
    private long Uncancelled => slot is { Phase: SlotPhase.Cancelling, Current: { } running }
        ? Math.Max(running.LastEventAt, running.CancelSentAt ?? 0) + session.Settings.CancelTimeout
        : Never;

    public void Elapse(long now)
    {
        if (_isUnresponsive)
        {
            return;
        }

        OverdueHandles.End(session, now);
        tools.EndOverdue(now);
        if (now >= HoldOver)
        {
            session.HoldUntil = 0;
        }

        if (now >= AnswerOverdue)
        {
            slot.StopExpecting();
            session.IsIdleTriggered = false;
        }

        if (now >= Unacknowledged)
        {
            turns.GiveUp(slot.Outstanding!.Turn, new TurnOutcome.TimedOut(), now);
        }

        if (now >= Uncancelled || (now >= Unannounced && slot.Outstanding!.ProbedAt is not null))
        {
            _isUnresponsive = true;
            session.Effects.Tell(new SessionChange.ConnectionUnresponsive("RC-11"));
        }
        else if (now >= Unannounced)
        {
            slot.Probe(slot.Outstanding!, now);
        }
        else if (now >= Silent)
        {
            Cancel(slot.Current!, now);
        }
    }

    private void Cancel(TrackedResponse silent, long now)
    {
        if (silent.Turn is { } turn)
        {
            turns.GiveUp(turn, new TurnOutcome.TimedOut(), now);
        }

        silent.IsDropped = true;
        slot.Cancel(silent, now);
    }
}
