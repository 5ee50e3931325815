namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The sequencer as data: one row a transition. A pair without a row cannot happen, or is the server's mistake, and changes nothing. README.md shows it as a picture.
/// </summary>
internal static class SlotTable
{
    private static readonly (SlotPhase From, SlotTrigger On, SlotPhase To)[] Rows =
    [
        (SlotPhase.Idle, SlotTrigger.AnswerExpected, SlotPhase.AutoPending),
        (SlotPhase.Idle, SlotTrigger.CreateSent, SlotPhase.Requested),
        (SlotPhase.Idle, SlotTrigger.CreatedOther, SlotPhase.Active),
        (SlotPhase.Idle, SlotTrigger.CreatedOurs, SlotPhase.Active),             // a create that had been taken for lost

        (SlotPhase.AutoPending, SlotTrigger.AnswerExpected, SlotPhase.AutoPending),
        (SlotPhase.AutoPending, SlotTrigger.AnswerOverdue, SlotPhase.Idle),
        (SlotPhase.AutoPending, SlotTrigger.CreatedOther, SlotPhase.Active),
        (SlotPhase.AutoPending, SlotTrigger.CreatedOurs, SlotPhase.Active),      // likewise

        (SlotPhase.Requested, SlotTrigger.AnswerExpected, SlotPhase.Requested),
        (SlotPhase.Requested, SlotTrigger.CreatedOurs, SlotPhase.Active),
        (SlotPhase.Requested, SlotTrigger.CreatedOther, SlotPhase.Active),       // ours stays unanswered beside it
        (SlotPhase.Requested, SlotTrigger.Refused, SlotPhase.Idle),
        (SlotPhase.Requested, SlotTrigger.RefusedByNamed, SlotPhase.Active),
        (SlotPhase.Requested, SlotTrigger.RefusedByUnnamed, SlotPhase.AutoPending),
        (SlotPhase.Requested, SlotTrigger.CreateLost, SlotPhase.Idle),

        (SlotPhase.Active, SlotTrigger.AnswerExpected, SlotPhase.Active),
        (SlotPhase.Active, SlotTrigger.CreatedOurs, SlotPhase.Active),           // the done between them was lost
        (SlotPhase.Active, SlotTrigger.CreatedOther, SlotPhase.Active),          // likewise
        (SlotPhase.Active, SlotTrigger.Refused, SlotPhase.Active),
        (SlotPhase.Active, SlotTrigger.RefusedByNamed, SlotPhase.Active),
        (SlotPhase.Active, SlotTrigger.RefusedByUnnamed, SlotPhase.Active),
        (SlotPhase.Active, SlotTrigger.CancelSent, SlotPhase.Cancelling),
        (SlotPhase.Active, SlotTrigger.Done, SlotPhase.Idle),
        (SlotPhase.Active, SlotTrigger.DoneCreateOpen, SlotPhase.Requested),
        (SlotPhase.Active, SlotTrigger.DoneAnswerExpected, SlotPhase.AutoPending),

        (SlotPhase.Cancelling, SlotTrigger.AnswerExpected, SlotPhase.Cancelling),
        (SlotPhase.Cancelling, SlotTrigger.CreatedOurs, SlotPhase.Active),
        (SlotPhase.Cancelling, SlotTrigger.CreatedOther, SlotPhase.Active),
        (SlotPhase.Cancelling, SlotTrigger.Refused, SlotPhase.Cancelling),
        (SlotPhase.Cancelling, SlotTrigger.RefusedByNamed, SlotPhase.Cancelling),
        (SlotPhase.Cancelling, SlotTrigger.RefusedByUnnamed, SlotPhase.Cancelling),
        (SlotPhase.Cancelling, SlotTrigger.Done, SlotPhase.Idle),
        (SlotPhase.Cancelling, SlotTrigger.DoneCreateOpen, SlotPhase.Requested),
        (SlotPhase.Cancelling, SlotTrigger.DoneAnswerExpected, SlotPhase.AutoPending),
    ];

    private static readonly SlotPhase?[,] Lookup = Build();

    /// <summary>The phase that follows; false, and nothing to do, when the table has no row.</summary>
    public static bool TryNext(SlotPhase from, SlotTrigger on, out SlotPhase to)
    {
        SlotPhase? next = Lookup[(int)from, (int)on];
        to = next ?? from;
        return next is not null;
    }

    private static SlotPhase?[,] Build()
    {
        var lookup = new SlotPhase?[(int)SlotPhase.Cancelling + 1, (int)SlotTrigger.CreateLost + 1];
        foreach ((SlotPhase from, SlotTrigger on, SlotPhase to) in Rows)
        {
            lookup[(int)from, (int)on] = to;
        }

        return lookup;
    }
}
