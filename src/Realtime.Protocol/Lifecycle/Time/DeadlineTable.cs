namespace Realtime.Protocol.Lifecycle;

/// <summary>Something that ends by itself.</summary>
/// <param name="Rule">The rule that it belongs to.</param>
/// <param name="DueAt">When it is due; <see cref="long.MaxValue"/> while nothing waits for it.</param>
/// <param name="Act">What it does then. Afterwards it is not due any more.</param>
internal readonly record struct Deadline(string Rule, Func<SessionCore, long> DueAt, Action<SessionCore, long> Act);

/// <summary>
/// Everything that ends by itself: one row a deadline. Nothing in the session waits without one. A row says when it is due and what it does, and nothing else decides either; the timer
/// and the elapse are loops over the rows. A connection that was found unresponsive has no deadline any more: it is about to end.
/// </summary>
internal static class DeadlineTable
{
    private const long Never = long.MaxValue;

    private static readonly Deadline[] Rows =
    [
        new("RC-06", AnswerOverdue, static (core, now) => core.Slot.StopExpecting(now)),
        new("RC-05", BlockOver, static (core, now) => core.Slot.StopBlocking(now)),
        new("RC-17", HoldOver, static (core, _) => core.HoldUntil = null),
        new("TD-10", SpeechUnended, static (core, _) => core.EndUnendedSpeech("TD-10")),
        new("RC-09", CreateUnanswered, static (core, now) => core.Turns.GiveUp(core.Slot.Outstanding!.Turn, new TurnOutcome.TimedOut(), now)),
        new("RC-11", CreateUnannounced, static (core, now) => core.Slot.Probe(core.Slot.Outstanding!, now)),
        new("RC-11", ProbeUnanswered, ProbeCountsAsAnswered),
        new("RC-11", ResponseSilent, StopSilentResponse),
        new("RC-11", CancelUnanswered, CancelCountsAsAnswered),
        new("RC-22", static core => core.Asides.UnansweredAt, static (core, now) => core.Asides.EndUnanswered(now)),
        new("RC-22", static core => core.Asides.SilentAt, StopSilentAsides),
        new("IT-07", static core => core.Operations.DueAt, static (core, now) => OverdueHandles.End(core, now)),
        new("MCP-01", ListOverdue, static (core, now) => core.McpServers.StopWaiting(now)),
        new("MCP-02", static core => core.Mcp.DueAt, static (core, now) => core.Mcp.EndOverdue(now)),
        new("MCP-03", static core => core.Approvals.DueAt, static (core, now) => core.Approvals.ForbidOverdue(now)),
        new("TX-03", static core => core.Utterances.DueAt, static (core, now) => core.Utterances.EndOverdue(now)),
        new("TX-01", static core => core.Transcripts.DueAt, static (core, now) => core.Transcripts.EndOverdue(now)),
        new("FC-08", static core => core.Tools.DueAt, static (core, now) => core.Tools.EndOverdue(now)),
    ];

    /// <summary>The earliest of them.</summary>
    public static long Next(SessionCore core)
    {
        long next = Never;
        if (!core.IsUnresponsive)
        {
            foreach (ref readonly Deadline row in Rows.AsSpan())
            {
                next = Math.Min(next, row.DueAt(core));
            }
        }

        return next;
    }

    /// <summary>Does what is due, in the order of the rows.</summary>
    [LifecycleRule("RC-09")]
    [LifecycleRule("RC-11")]
    [LifecycleRule("TD-10")]
    public static void Elapse(SessionCore core, long now)
    {
        foreach (ref readonly Deadline row in Rows.AsSpan())
        {
            if (!core.IsUnresponsive && now >= row.DueAt(core))
            {
                row.Act(core, now);
            }
        }
    }

    /// <summary>The server did not begin the answer it owed. While a response runs it cannot, so nothing is overdue then.</summary>
    private static long AnswerOverdue(SessionCore core) => core.Slot is { Owed: { } owed, Phase: SlotPhase.AnswerDue or SlotPhase.Requested } ? owed.DueAt : Never;

    /// <summary>The response that refused our create without a name did not show itself.</summary>
    private static long BlockOver(SessionCore core) => core.Slot.Phase is SlotPhase.Blocked ? core.Slot.BlockedUntil : Never;

    /// <summary>No commit followed the user's speech. There is nothing to do but to look at the queue again.</summary>
    private static long HoldOver(SessionCore core) => core.HoldUntil is { } until && (core.Slot.HasWaiting || core.Asides.HasWaiting) ? until : Never;

    /// <summary>The tools of a remote MCP server were not listed. There is nothing to do but to look at the queue again.</summary>
    private static long ListOverdue(SessionCore core) => core is { Slot.HasWaiting: true, McpServers.ListingUntil: > long.MinValue and var until } ? until : Never;

    /// <summary>The user spoke, and neither the server nor the microphone says anything any more: it was muted, or the end was lost.</summary>
    private static long SpeechUnended(SessionCore core) => core.UserSpeaks ? core.SpeechAliveAt + core.Settings.SpeechTimeout : Never;

    /// <summary>Neither a response nor an error answered our create. One whose answer may be running is not unanswered.</summary>
    private static long CreateUnanswered(SessionCore core) =>
        core.Slot.Outstanding is { IsUnwanted: false, PerhapsAnswer: null or { IsDone: true } } create ? create.SentAt + core.Settings.AcknowledgementTimeout : Never;

    /// <summary>Nobody waits for the create any more, but it still holds the place.</summary>
    private static long CreateUnannounced(SessionCore core) =>
        core.Slot is { Phase: SlotPhase.Requested, Outstanding: { IsUnwanted: true, ProbedAt: null } create } ? create.SentAt + core.Settings.StuckTimeout : Never;

    /// <summary>Nothing answered the question whether anything runs.</summary>
    private static long ProbeUnanswered(SessionCore core) =>
        core.Slot is { Phase: SlotPhase.Requested, Outstanding.ProbedAt: { } probedAt } ? probedAt + core.Settings.CancelTimeout : Never;

    /// <summary>The running response was not heard of for long. Not a limit on how long it may run. While a call of a remote MCP server runs in it, that one's deadline is (MCP-02).</summary>
    private static long ResponseSilent(SessionCore core) =>
        core.Slot is { Phase: SlotPhase.Active, Current: { } running } && !core.Mcp.RunsIn(running) ? Math.Max(running.LastEventAt, running.CancelRefusedAt) + core.Settings.StuckTimeout : Never;

    /// <summary>Nothing answers our cancel, and the response is silent.</summary>
    private static long CancelUnanswered(SessionCore core) =>
        core.Slot is { Phase: SlotPhase.Cancelling, Current: { } running } ? Math.Max(running.LastEventAt, running.CancelSentAt) + core.Settings.CancelTimeout : Never;

    private static void ProbeCountsAsAnswered(SessionCore core, long now)
    {
        Create create = core.Slot.Outstanding!;
        if (Survives(core, create.ProbedAt!.Value))
        {
            core.Slot.CreateOver(create, now);
        }
    }

    private static void StopSilentResponse(SessionCore core, long now)
    {
        TrackedResponse silent = core.Slot.Current!;
        if (silent.Cancels == CancelByNameOnce.MaxCancels)
        {
            LoseUnstoppable(core, silent, now);
            return;
        }

        if (silent.Turn is { } turn)
        {
            core.Turns.GiveUp(turn, new TurnOutcome.TimedOut(), now);
        }

        core.Slot.Cancel(silent, now, isSilent: true);
    }

    private static void LoseUnstoppable(SessionCore core, TrackedResponse silent, long now)
    {
        core.Tolerate("RC-11", "A response has been silent for long, and the server refuses to cancel it; it counts as ended.");
        core.Ends.Lost(silent, now);
    }

    private static void CancelCountsAsAnswered(SessionCore core, long now)
    {
        TrackedResponse cancelled = core.Slot.Current!;
        if (Survives(core, cancelled.CancelSentAt))
        {
            core.Ends.Lost(cancelled, now);
        }
    }

    /// <summary>The same for responses beside the conversation, each by itself.</summary>
    private static void StopSilentAsides(SessionCore core, long now)
    {
        foreach (TrackedResponse silent in core.Asides.Silent(now))
        {
            if (!silent.IsCancelOut && silent.Cancels < CancelByNameOnce.MaxCancels)
            {
                core.Turns.GiveUp(silent.Turn!, new TurnOutcome.TimedOut(), now);
                core.Slot.Cancel(silent, now, isSilent: true);
            }
            else if (!silent.IsCancelOut)
            {
                LoseUnstoppable(core, silent, now);
            }
            else if (Survives(core, silent.CancelSentAt))
            {
                core.Ends.Lost(silent, now);
            }
        }
    }

    /// <summary>
    /// A server that says anything at all is alive and merely left a question unanswered: the place is freed, and should a response run there after all, our next create meets it and waits
    /// (RC-05). One that has said nothing since is gone.
    /// </summary>
    private static bool Survives(SessionCore core, long askedAt)
    {
        if (core.LastHeardAt > askedAt)
        {
            core.Tolerate("RC-11", "The server left a cancel unanswered; what it was about counts as ended.");
            return true;
        }

        core.IsUnresponsive = true;
        core.Effects.Tell(new SessionChange.ConnectionUnresponsive("RC-11"));
        return false;
    }
}
