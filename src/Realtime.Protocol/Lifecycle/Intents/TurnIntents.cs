namespace Realtime.Protocol.Lifecycle;

/// <summary>What begins a turn or ends one: a spoken or written turn, a bare request, a cancel, an interruption. All checks come before the first change.</summary>
internal sealed class TurnIntents(SessionCore session, ResponseSlot slot, TurnTable turns, Silencing silencing)
{
    private const string UsersTurn = "You asked for an answer outside the conversation to what the user says in it. Ask for it by itself, after the user's turn or instead of its answer.";

    [LifecycleRule("TD-04")]
    public SubmitResult EndTurn(in SessionIntent intent, long now)
    {
        if (LetTheServerTruncate.Applies(session.Settings.Capabilities))
        {
            return SessionIntents.Refuse("CX-08", LetTheServerTruncate.NoInput);
        }

        if (RunBesideTheConversation.IsAskedFor(intent.Response))
        {
            return SessionIntents.Refuse("RC-22", UsersTurn);
        }

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
        TurnState turn = Ask(intent);
        var contribution = new Contribution(ContributionKind.Commit, turn);
        session.Commits.Add(new PendingCommit(session.Utterances.Asked(turn.Number, now), now) { Contribution = contribution }, now);
        turns.Give(contribution, commit.EventId, now);
        return Asked(turn, now);
    }

    public SubmitResult TextTurn(in SessionIntent intent, long now)
    {
        if (RunBesideTheConversation.IsAskedFor(intent.Response))
        {
            return SessionIntents.Refuse("RC-22", UsersTurn);
        }

        if (intent.Item is { } content && (SendWhatTheServiceTakes.Refusal(content) ?? NameItemsOnce.Refusal(content.Id, session.Items)) is { } unfit)
        {
            return unfit;
        }

        if (MakeWay(intent, session.Settings.TurnWhenBusy, now) is { } refused)
        {
            return refused;
        }

        TrackedItem item = intent.Item is ConversationItem.Message given
            ? session.Items.Announce(given.Id.Length > 0 ? given.Id : session.Ids.NewItemId(), ItemIntents.KindOf(given.Role))
            : session.Items.Announce(session.Ids.NewItemId(), ItemFactKind.UserMessage);
        item.Sent = ItemReading.WithoutBytes(intent.Item ?? ConversationItem.User(intent.Content!));
        SessionCommand message = intent.WireItem is { } wire
            ? new SessionCommand.CreateItem(session.Ids.NewEventId(), item.Id, ItemWriting.Named(wire, item.Id), null)
            : new SessionCommand.CreateMessage(session.Ids.NewEventId(), item.Id, ItemRole.User, intent.Content!);
        session.Effects.Send(message);
        TurnState turn = Ask(intent);
        turns.Give(new Contribution(ContributionKind.Message, turn) { Item = item }, message.EventId, now);
        return Asked(turn, now);
    }

    public SubmitResult CreateResponse(in SessionIntent intent, long now)
    {
        if (RunBesideTheConversation.IsAskedFor(intent.Response))
        {
            return CreateBeside(intent, now);
        }

        if (MakeWay(intent, WhenBusy.Queue, now) is { } refused)
        {
            return refused;
        }

        TurnState turn = Ask(intent);
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
        if (intent.Response is { } request && Unfit(request, needsToken: false) is { } unfit)
        {
            return unfit;
        }

        switch (intent.WhenBusy ?? otherwise)
        {
            case WhenBusy.Refuse when slot.Phase is not SlotPhase.Idle || turns.InConversation.Length > 0:
                return SessionIntents.Refuse("TD-09", "You asked for a response while another one runs or waits, and said to refuse it then.");
            case WhenBusy.CancelThenCreate:
                silencing.MakeWay(now);
                return null;
            default:
                return null;
        }
    }

    private TurnState Ask(in SessionIntent intent)
    {
        TurnState turn = turns.Ask(ReferToKnownItems.In(intent.Response, intent.Input, session.Items), intent.Turn);
        turn.ToolTimeouts ??= intent.ToolTimeouts;
        turn.SaysSomething |= intent.SaysSomething;
        return turn;
    }

    /// <summary>It is sent in this call, or not at all.</summary>
    private SubmitResult CreateBeside(in SessionIntent intent, long now)
    {
        ResponseParameters request = intent.Response!;
        if (Unfit(request, needsToken: session.Settings.Capabilities.EchoesMetadata is not Knowledge.No) is { } unfit)
        {
            return unfit;
        }

        if (RunBesideTheConversation.Refusal(session, now) is { } refused)
        {
            return SessionIntents.Refuse("RC-22", refused);
        }

        TurnState turn = turns.AskBeside(ReferToKnownItems.In(request, intent.Input, session.Items)!, intent.Turn);
        turn.ToolTimeouts = intent.ToolTimeouts;
        session.Asides.Flush(now);
        return new SubmitResult(SubmitVerdict.Accepted, turn.Number);
    }

    /// <summary>Why the request itself cannot be sent; null when it can.</summary>
    private SubmitResult? Unfit(ResponseParameters request, bool needsToken) =>
        MetadataFits.Refusal(request.Metadata.Pairs, needsToken) is { } metadata ? SessionIntents.Refuse("RC-19", metadata)
        : RespondInOneModality.Refusal(request) is { } twoAtOnce ? SessionIntents.Refuse("RC-20", twoAtOnce)
        : ReferToKnownItems.Refusal(request, session.Items) is { } unknown ? SessionIntents.Refuse("RC-23", unknown)
        : null;

    private SubmitResult Asked(TurnState turn, long now)
    {
        slot.Flush(now);
        return new SubmitResult(turn.Create is { EventId: not null } ? SubmitVerdict.Accepted : SubmitVerdict.Queued, turn.Number);
    }
}
