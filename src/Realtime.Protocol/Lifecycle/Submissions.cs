namespace Realtime.Protocol.Lifecycle;

/// <summary>What the application wants, checked before anything changes, then done: a refusal leaves no trace.</summary>
internal sealed class Submissions(SessionState session, ResponseSequencer sequencer, TurnTable turns, Interruption interruption)
{
    public SubmitResult Submit(in SessionIntent intent, long now) => intent.Kind switch
    {
        SessionIntentKind.Played => Played(intent),
        SessionIntentKind.AudioAppended => AudioAppended(intent),
        SessionIntentKind.EndTurn => EndTurn(intent, now),
        SessionIntentKind.TextTurn => TextTurn(intent, now),
        SessionIntentKind.CreateResponse => CreateResponse(intent, now),
        SessionIntentKind.ToolOutput => ToolOutput(intent, now),
        SessionIntentKind.Interrupt => Interrupt(now),
        SessionIntentKind.CancelTurn => CancelTurn(intent, now),
        SessionIntentKind.Configure => Configure(intent, now),
        SessionIntentKind.AddText => AddText(intent, now),
        SessionIntentKind.ClearInput => ClearInput(now),
        SessionIntentKind.DeleteItem => DeleteItem(intent, now),
        _ => Refuse("API", "You submitted an intent that says nothing; build one with the factories of SessionIntent."),
    };

    private SubmitResult Played(in SessionIntent intent)
    {
        if (session.Items.Find(intent.Id!) is not { } item)
        {
            return Refuse("TR-04", "You reported playback of an item that the server never named.");
        }

        if (item is { IsCut: false, IsUnheard: false } && item.Play(intent.ContentIndex, intent.Bytes))
        {
            session.Items.Played(item);
        }

        return default;
    }

    private SubmitResult AudioAppended(in SessionIntent intent)
    {
        session.InputBytes += intent.Bytes;
        return default;
    }

    [LifecycleRule("TD-04")]
    private SubmitResult EndTurn(in SessionIntent intent, long now)
    {
        if (CommitNeedsAudio.Refusal(session) is { } tooLittle)
        {
            return Refuse("TD-03", tooLittle);
        }

        if (MakeWay(intent, session.Settings.TurnWhenBusy, now) is { } refused)
        {
            return refused;
        }

        var commit = new SessionCommand.CommitInput(session.Outbox.NewEventId());
        session.Outbox.Send(commit);
        session.InputBytes = 0;
        Turn turn = turns.Ask(intent.Response ?? new ResponseRequest());
        var operation = new Operation(OperationKind.Commit, commit.EventId) { Turn = turn };
        session.Operations.Remember(operation, now);
        session.Commits.Add(operation);
        return Asked(turn, now);
    }

    private SubmitResult TextTurn(in SessionIntent intent, long now)
    {
        if (MakeWay(intent, session.Settings.TurnWhenBusy, now) is { } refused)
        {
            return refused;
        }

        TrackedItem item = session.Items.Announce(session.Outbox.NewItemId(), ItemFactKind.UserMessage);
        var message = new SessionCommand.CreateMessage(session.Outbox.NewEventId(), item.Id, ItemRole.User, intent.Content!);
        session.Outbox.Send(message);
        Turn turn = turns.Ask(intent.Response ?? new ResponseRequest());
        session.Operations.Remember(new Operation(OperationKind.TurnItem, message.EventId) { Turn = turn, Item = item }, now);
        return Asked(turn, now);
    }

    private SubmitResult CreateResponse(in SessionIntent intent, long now) =>
        MakeWay(intent, WhenBusy.Queue, now) ?? Asked(turns.Ask(intent.Response ?? new ResponseRequest()), now);

    [LifecycleRule("FC-03")]
    private SubmitResult ToolOutput(in SessionIntent intent, long now)
    {
        if (turns.FindCall(intent.Id!) is not { HasOutput: false } call)
        {
            return Refuse("FC-03", "You gave the output of a tool call that this session did not make, or that has its output already.");
        }

        TrackedItem item = session.Items.Announce(session.Outbox.NewItemId(), ItemFactKind.FunctionCallOutput);
        var command = new SessionCommand.CreateToolOutput(session.Outbox.NewEventId(), item.Id, call.CallId, intent.Content!);
        session.Outbox.Send(command);
        session.Operations.Remember(new Operation(OperationKind.TurnItem, command.EventId) { Turn = call.Turn, Item = item }, now);
        call.HasOutput = true;
        turns.Continue(call.Turn);
        sequencer.Flush(now);
        return new SubmitResult(SubmitVerdict.Accepted, call.Turn.Number);
    }

    private SubmitResult Interrupt(long now)
    {
        interruption.SilenceAll(now);
        return default;
    }

    private SubmitResult CancelTurn(in SessionIntent intent, long now)
    {
        if (turns.Find(intent.Turn) is { } turn)
        {
            interruption.Silence(turn, now);
        }

        return new SubmitResult(SubmitVerdict.Accepted, intent.Turn);
    }

    private SubmitResult Configure(in SessionIntent intent, long now)
    {
        var operation = new Operation(OperationKind.Configure, session.Outbox.NewEventId()) { Handle = session.Operations.NewHandle() };
        session.Operations.Remember(operation, now);
        session.Configurations.Add(operation);
        session.Outbox.Send(new SessionCommand.UpdateSession(operation.EventId, intent.Configuration!));
        return new SubmitResult(SubmitVerdict.Accepted, Operation: operation.Handle);
    }

    private SubmitResult AddText(in SessionIntent intent, long now)
    {
        var role = (ItemRole)intent.ContentIndex;
        TrackedItem item = session.Items.Announce(session.Outbox.NewItemId(), KindOf(role));
        item.AddHandle = session.Operations.NewHandle();
        var command = new SessionCommand.CreateMessage(session.Outbox.NewEventId(), item.Id, role, intent.Content!);
        session.Operations.Remember(new Operation(OperationKind.AddItem, command.EventId) { Item = item, Handle = item.AddHandle }, now);
        session.Outbox.Send(command);
        return new SubmitResult(SubmitVerdict.Accepted, Operation: item.AddHandle);
    }

    private SubmitResult ClearInput(long now)
    {
        var command = new SessionCommand.ClearInput(session.Outbox.NewEventId());
        session.InputBytes = 0;
        session.Operations.Remember(new Operation(OperationKind.ClearInput, command.EventId), now);
        session.Outbox.Send(command);
        return default;
    }

    [LifecycleRule("IT-06")]
    private SubmitResult DeleteItem(in SessionIntent intent, long now)
    {
        if (session.Items.Find(intent.Id!) is not { Presence: ItemPresence.Present or ItemPresence.Expected, DeleteHandle: 0 } item)
        {
            return Refuse("IT-06", "You deleted an item that the conversation does not hold, or that is being deleted already.");
        }

        item.DeleteHandle = session.Operations.NewHandle();
        return new SubmitResult(interruption.Delete(item, now) ? SubmitVerdict.Accepted : SubmitVerdict.Queued, Operation: item.DeleteHandle);
    }

    /// <summary>Checks the request and decides what becomes of the answer that runs (TD-09); null when the request may go on.</summary>
    [LifecycleRule("TD-09")]
    private SubmitResult? MakeWay(in SessionIntent intent, WhenBusy otherwise, long now)
    {
        if (intent.Response is { } request && MetadataFits.Refusal(request.Metadata) is { } unfit)
        {
            return Refuse("RC-19", unfit);
        }

        switch (intent.WhenBusy ?? otherwise)
        {
            case WhenBusy.Refuse when sequencer.Phase is not SequencerPhase.Idle || turns.Live.Length > 0:
                return Refuse("TD-09", "You asked for a response while another one runs or waits, and said to refuse it then.");
            case WhenBusy.CancelThenCreate:
                interruption.SilenceRunning(now);
                return null;
            default:
                return null;
        }
    }

    private SubmitResult Asked(Turn turn, long now)
    {
        sequencer.Flush(now);
        return new SubmitResult(turn.Create is { EventId: not null } ? SubmitVerdict.Accepted : SubmitVerdict.Queued, turn.Number);
    }

    private static ItemFactKind KindOf(ItemRole role) => role switch
    {
        ItemRole.Assistant => ItemFactKind.AssistantMessage,
        ItemRole.System => ItemFactKind.SystemMessage,
        _ => ItemFactKind.UserMessage,
    };

    private static SubmitResult Refuse(string rule, string message) => new(SubmitVerdict.Refused, Rule: rule, Message: message);
}
