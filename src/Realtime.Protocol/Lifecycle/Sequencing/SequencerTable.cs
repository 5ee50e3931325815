namespace Realtime.Protocol.Lifecycle;

/// <summary>Who holds the conversation's one place for a response.</summary>
internal enum SequencerPhase
{
    /// <summary>Nobody. The only phase in which a create is sent (RC-01).</summary>
    Idle,

    /// <summary>The server is about to answer a turn that it detected itself (RC-06).</summary>
    AutoPending,

    /// <summary>Our create is on the wire and unanswered (RC-02).</summary>
    Requested,

    /// <summary>A response runs.</summary>
    Active,

    /// <summary>A response runs, and our cancel is on the wire.</summary>
    Cancelling,
}

/// <summary>What can happen to that place.</summary>
internal enum SequencerTrigger
{
    /// <summary>The server committed a turn that it is going to answer.</summary>
    AnswerExpected,

    /// <summary>It did not answer in time, or the user speaks again.</summary>
    AnswerOverdue,

    /// <summary>We sent a create.</summary>
    CreateSent,

    /// <summary>A response of ours began.</summary>
    CreatedOurs,

    /// <summary>Somebody else's response began.</summary>
    CreatedOther,

    /// <summary>Our create was refused, and no running response is known that would explain it.</summary>
    Refused,

    /// <summary>Our create was refused because of a running response that the server named.</summary>
    RefusedByNamed,

    /// <summary>Our create was refused because of a running response that the server did not name.</summary>
    RefusedByUnnamed,

    /// <summary>We sent a cancel.</summary>
    CancelSent,

    /// <summary>The response is over.</summary>
    Done,

    /// <summary>The response is over, and our create is still unanswered.</summary>
    DoneCreateOpen,

    /// <summary>The response is over, and the server owes an answer to the turn that ended it.</summary>
    DoneAnswerExpected,

    /// <summary>The server said that nothing runs, so our create is lost (RC-11).</summary>
    CreateLost,
}

/// <summary>
/// The sequencer as data: one row a transition. A pair without a row cannot happen, or is the server's mistake, and changes nothing. README.md shows it as a picture.
/// </summary>
internal static class SequencerTable
{
    private static readonly (SequencerPhase From, SequencerTrigger On, SequencerPhase To)[] Rows =
    [
        (SequencerPhase.Idle, SequencerTrigger.AnswerExpected, SequencerPhase.AutoPending),
        (SequencerPhase.Idle, SequencerTrigger.CreateSent, SequencerPhase.Requested),
        (SequencerPhase.Idle, SequencerTrigger.CreatedOther, SequencerPhase.Active),
        (SequencerPhase.Idle, SequencerTrigger.CreatedOurs, SequencerPhase.Active),             // a create that had been taken for lost

        (SequencerPhase.AutoPending, SequencerTrigger.AnswerExpected, SequencerPhase.AutoPending),
        (SequencerPhase.AutoPending, SequencerTrigger.AnswerOverdue, SequencerPhase.Idle),
        (SequencerPhase.AutoPending, SequencerTrigger.CreatedOther, SequencerPhase.Active),
        (SequencerPhase.AutoPending, SequencerTrigger.CreatedOurs, SequencerPhase.Active),      // likewise

        (SequencerPhase.Requested, SequencerTrigger.AnswerExpected, SequencerPhase.Requested),
        (SequencerPhase.Requested, SequencerTrigger.CreatedOurs, SequencerPhase.Active),
        (SequencerPhase.Requested, SequencerTrigger.CreatedOther, SequencerPhase.Active),       // ours stays unanswered beside it
        (SequencerPhase.Requested, SequencerTrigger.Refused, SequencerPhase.Idle),
        (SequencerPhase.Requested, SequencerTrigger.RefusedByNamed, SequencerPhase.Active),
        (SequencerPhase.Requested, SequencerTrigger.RefusedByUnnamed, SequencerPhase.AutoPending),
        (SequencerPhase.Requested, SequencerTrigger.CreateLost, SequencerPhase.Idle),

        (SequencerPhase.Active, SequencerTrigger.AnswerExpected, SequencerPhase.Active),
        (SequencerPhase.Active, SequencerTrigger.CreatedOurs, SequencerPhase.Active),           // the done between them was lost
        (SequencerPhase.Active, SequencerTrigger.CreatedOther, SequencerPhase.Active),          // likewise
        (SequencerPhase.Active, SequencerTrigger.Refused, SequencerPhase.Active),
        (SequencerPhase.Active, SequencerTrigger.RefusedByNamed, SequencerPhase.Active),
        (SequencerPhase.Active, SequencerTrigger.RefusedByUnnamed, SequencerPhase.Active),
        (SequencerPhase.Active, SequencerTrigger.CancelSent, SequencerPhase.Cancelling),
        (SequencerPhase.Active, SequencerTrigger.Done, SequencerPhase.Idle),
        (SequencerPhase.Active, SequencerTrigger.DoneCreateOpen, SequencerPhase.Requested),
        (SequencerPhase.Active, SequencerTrigger.DoneAnswerExpected, SequencerPhase.AutoPending),

        (SequencerPhase.Cancelling, SequencerTrigger.AnswerExpected, SequencerPhase.Cancelling),
        (SequencerPhase.Cancelling, SequencerTrigger.CreatedOurs, SequencerPhase.Active),
        (SequencerPhase.Cancelling, SequencerTrigger.CreatedOther, SequencerPhase.Active),
        (SequencerPhase.Cancelling, SequencerTrigger.Refused, SequencerPhase.Cancelling),
        (SequencerPhase.Cancelling, SequencerTrigger.RefusedByNamed, SequencerPhase.Cancelling),
        (SequencerPhase.Cancelling, SequencerTrigger.RefusedByUnnamed, SequencerPhase.Cancelling),
        (SequencerPhase.Cancelling, SequencerTrigger.Done, SequencerPhase.Idle),
        (SequencerPhase.Cancelling, SequencerTrigger.DoneCreateOpen, SequencerPhase.Requested),
        (SequencerPhase.Cancelling, SequencerTrigger.DoneAnswerExpected, SequencerPhase.AutoPending),
    ];

    private static readonly SequencerPhase?[,] Lookup = Build();

    /// <summary>The phase that follows; false, and nothing to do, when the table has no row.</summary>
    public static bool TryNext(SequencerPhase from, SequencerTrigger on, out SequencerPhase to)
    {
        SequencerPhase? next = Lookup[(int)from, (int)on];
        to = next ?? from;
        return next is not null;
    }

    private static SequencerPhase?[,] Build()
    {
        var lookup = new SequencerPhase?[(int)SequencerPhase.Cancelling + 1, (int)SequencerTrigger.CreateLost + 1];
        foreach ((SequencerPhase from, SequencerTrigger on, SequencerPhase to) in Rows)
        {
            lookup[(int)from, (int)on] = to;
        }

        return lookup;
    }
}
