namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The place as data: one row a move. A pair without a row cannot happen, or is the server's mistake, and changes nothing. README.md shows it as a picture.
/// </summary>
internal static class SlotTable
{
    // A row without a target vacates the place; who has it then is the second table.
    private static readonly Row[] Rows =
    [
        new(SlotPhase.Idle, SlotTrigger.AnswerExpected, SlotPhase.AnswerDue),
        new(SlotPhase.Idle, SlotTrigger.CreateSent, SlotPhase.Requested),
        new(SlotPhase.Idle, SlotTrigger.Began, SlotPhase.Active),

        new(SlotPhase.AnswerDue, SlotTrigger.AnswerOverdue, null),
        new(SlotPhase.AnswerDue, SlotTrigger.Began, SlotPhase.Active),

        new(SlotPhase.Requested, SlotTrigger.Began, SlotPhase.Active),                 // ours, or another one with ours still unanswered beside it
        new(SlotPhase.Requested, SlotTrigger.Refused, null),
        new(SlotPhase.Requested, SlotTrigger.RefusedByNamed, SlotPhase.Active),
        new(SlotPhase.Requested, SlotTrigger.RefusedByUnnamed, SlotPhase.Blocked),
        new(SlotPhase.Requested, SlotTrigger.NothingRuns, null),

        new(SlotPhase.Active, SlotTrigger.CancelSent, SlotPhase.Cancelling),
        new(SlotPhase.Active, SlotTrigger.Ended, null),

        new(SlotPhase.Cancelling, SlotTrigger.Began, SlotPhase.Active),                // the done between them was lost
        new(SlotPhase.Cancelling, SlotTrigger.CancelRefused, SlotPhase.Active),
        new(SlotPhase.Cancelling, SlotTrigger.Ended, null),

        new(SlotPhase.Blocked, SlotTrigger.Began, SlotPhase.Active),
        new(SlotPhase.Blocked, SlotTrigger.Ended, null),
        new(SlotPhase.Blocked, SlotTrigger.BlockOver, null),
    ];

    private static readonly Row?[,] Lookup = Build();

    /// <summary>The phase that follows; false, and nothing to do, when the table has no row. A response that nobody asked for takes the place by the same rows as ours: none asks whose it is.</summary>
    /// <param name="from">The phase now.</param>
    /// <param name="on">What happened.</param>
    /// <param name="createOpen">A create of ours is still unanswered, after what happened.</param>
    /// <param name="answerOwed">The server still owes an answer, after what happened.</param>
    /// <param name="to">The phase that follows, or <paramref name="from"/>.</param>
    [LifecycleRule("RC-15")]
    public static bool TryNext(SlotPhase from, SlotTrigger on, bool createOpen, bool answerOwed, out SlotPhase to)
    {
        Row? row = Lookup[(int)from, (int)on];
        to = row is { } found ? found.To ?? WhenVacated(createOpen, answerOwed) : from;
        return row is not null;
    }

    /// <summary>Our own create comes first, since it is on the wire already; then the server's answer; then nobody.</summary>
    private static SlotPhase WhenVacated(bool createOpen, bool answerOwed) => (createOpen, answerOwed) switch
    {
        (true, _) => SlotPhase.Requested,
        (_, true) => SlotPhase.AnswerDue,
        _ => SlotPhase.Idle,
    };

    private static Row?[,] Build()
    {
        var lookup = new Row?[Enum.GetValues<SlotPhase>().Length, Enum.GetValues<SlotTrigger>().Length];
        foreach (Row row in Rows)
        {
            lookup[(int)row.From, (int)row.On] = row;
        }

        return lookup;
    }

    private readonly record struct Row(SlotPhase From, SlotTrigger On, SlotPhase? To);
}
