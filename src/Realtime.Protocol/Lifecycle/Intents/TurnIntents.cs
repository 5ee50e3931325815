namespace Realtime.Protocol.Lifecycle;

/// <summary>What begins a turn or ends one: a spoken or written turn, a bare request, a cancel, an interruption. All checks come before the first change.</summary>
internal sealed class TurnIntents(SessionCore session, ResponseSlot slot, TurnTable turns, Silencing silencing)
{
    [LifecycleRule("TD-04")]
    public SubmitResult EndTurn(in SessionIntent intent, long now)
    {
        if (CommitNeedsAudio.Refusal(session) is { } tooLittle)
        {
            return SessionIntents.Refuse("TD-03", tooLittle);
        }

        if (MakeWay(intent, session.Settings.TurnWhenBusy, now) is { } refused)
        {
            return refused;
        }

        var commit = new SessionCommand.CommitInput(session.Ids.NewEventId());
        session.Effects.Send(commit);
        session.InputBytes = 0;
        TurnState turn = turns.Ask(intent.Response);
        var contribution = new Contribution(ContributionKind.Commit, turn);
        session.Commits.Add(contribution, now);
        turns.Give(contribution, commit.EventId, now);
        return Asked(turn, now);
    }

    public SubmitResult TextTurn(in SessionIntent intent, long now)
    {
        if (MakeWay(intent, session.Settings.TurnWhenBusy, now) is { } refused)
        {
            return refused;
        }

        TrackedItem item = session.Items.Announce(session.Ids.NewItemId(), ItemFactKind.UserMessage);
        var message = new SessionCommand.CreateMessage(session.Ids.NewEventId(), item.Id, ItemRole.User, intent.Content!);
        session.Effects.Send(message);
        TurnState turn = turns.Ask(intent.Response);
        turns.Give(new Contribution(ContributionKind.Message, turn) { Item = item }, message.EventId, now);
        return Asked(turn, now);
    }

    public SubmitResult CreateResponse(in SessionIntent intent, long now)
    {
        if (MakeWay(intent, WhenBusy.Queue, now) is { } refused)
        {
            return refused;
        }

        TurnState turn = turns.Ask(intent.Response);
        turns.Give(new Contribution(ContributionKind.Request, turn), null, now);
        return Asked(turn, now);
    }

    public SubmitResult Interrupt(long now)
    {
        slot.RefuseOwedAnswer();
        silencing.Interrupt(now);
        return default;
    }

    public SubmitResult CancelTurn(in SessionIntent intent, long now)
    {
        if (turns.Find(intent.Turn) is { } turn)
        {
            silencing.Cancel(turn, now);
        }

        return new SubmitResult(SubmitVerdict.Accepted, intent.Turn);
    }

    /// <summary>Checks the request and decides what becomes of the answer that runs (TD-09); null when the request may go on.</summary>
    [LifecycleRule("TD-09")]
    private SubmitResult? MakeWay(in SessionIntent intent, WhenBusy otherwise, long now)
    {
        if (intent.Response is { } request)
        {
            if (MetadataFits.Refusal(request.Metadata.Pairs) is { } unfit)
            {
                return SessionIntents.Refuse("RC-19", unfit);
            }

            if (RespondInOneModality.Refusal(request) is { } twoAtOnce)
            {
                return SessionIntents.Refuse("RC-20", twoAtOnce);
            }
        }

        switch (intent.WhenBusy ?? otherwise)
        {
            case WhenBusy.Refuse when slot.Phase is not SlotPhase.Idle || turns.Live.Length > 0:
                return SessionIntents.Refuse("TD-09", "You asked for a response while another one runs or waits, and said to refuse it then.");
            case WhenBusy.CancelThenCreate:
                silencing.MakeWay(now);
                return null;
            default:
                return null;
        }
    }

    private SubmitResult Asked(TurnState turn, long now)
    {
        slot.Flush(now);
        return new SubmitResult(turn.Create is { EventId: not null } ? SubmitVerdict.Accepted : SubmitVerdict.Queued, turn.Number);
    }
}
