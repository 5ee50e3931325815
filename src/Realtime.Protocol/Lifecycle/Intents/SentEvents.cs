namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What the application sends by itself, as far as it moves something here: the same marks are made as for an event of the session's own, so that its acknowledgement and its refusal
/// find what they are about and nothing is done twice. An event that moves nothing leaves no trace and allocates nothing.
/// </summary>
internal sealed class SentEvents(SessionCore session, TurnTable turns, ToolTable tools)
{
    private const string BesideTheConversation =
        "You sent an item that answers a response outside the conversation; the conversation does not hold what it answers. Give it with the session's own verb, and the next request of that response has it.";

    public SubmitResult Submit(scoped in ClientEvent e, long now)
    {
        if (Refusal(e.Kind) is { } forbidden)
        {
            return SessionIntents.Refuse("RC-01", forbidden);
        }

        ReadOnlySpan<byte> eventId = FactOf.Utf8(e.EventId);
        if (session.Ids.MayMakeEvent(eventId) || session.Operations.Find(eventId) is not null)
        {
            return SessionIntents.Refuse("IT-07", "You sent an event under an id that this session has used, or may use; an error about either could not be told from one about the other.");
        }

        switch (e.Kind)
        {
            case ClientEventKind.SessionUpdate when e.TryGetSessionUpdate(out SessionUpdateView update):
                return Updated(update, eventId, now);
            case ClientEventKind.ResponseCancel when e.TryGetResponseCancel(out ResponseCancelView cancel):
                session.Slot.CancelledByApplication(FactOf.Utf8(cancel.ResponseId), FactText.OrNull(eventId) ?? "", now);
                return default;
            case ClientEventKind.ConversationItemCreate when e.TryGetConversationItemCreate(out ConversationItemCreateView create):
                return Created(create.Item, eventId, now);
            case ClientEventKind.ConversationItemDelete when e.TryGetConversationItemDelete(out ConversationItemDeleteView delete):
                Deleted(session.Items.Find(FactOf.Utf8(delete.ItemId)), eventId, now);
                return default;
            case ClientEventKind.ConversationItemTruncate when e.TryGetConversationItemTruncate(out ConversationItemTruncateView truncate):
                Truncated(session.Items.Find(FactOf.Utf8(truncate.ItemId)), truncate, eventId, now);
                return default;
            default:
                return default;
        }
    }

    /// <summary>
    /// Null when the application may send it; otherwise why not. A create beside the sequencer's would meet it, and after audio, a commit or a clear that was not counted every count
    /// would be wrong. They are no <c>ISendableEvent</c>, so only JSON can be one of them.
    /// </summary>
    private static string? Refusal(ClientEventKind kind) => kind switch
    {
        ClientEventKind.ResponseCreate => "You sent a response.create; only the session sends it, when the place for a response is free. Ask for a response with the session's own verb.",
        ClientEventKind.InputAudioBufferAppend => "You sent audio in an event of your own; only the session sends it, because it counts it. Write it to the session's input.",
        ClientEventKind.InputAudioBufferCommit => "You sent a commit; only the session sends it, because it counts what is committed. End the turn with the session's own verb.",
        ClientEventKind.InputAudioBufferClear => "You cleared the input buffer with an event of your own; only the session sends it, because it counts what is in there. Clear the session's input.",
        _ => null,
    };

    /// <summary>
    /// Its acknowledgement names no event, so it takes its place in the order (SE-02). It is written already, so what the session would leave out or hold back of an update of its own is refused here.
    /// </summary>
    private SubmitResult Updated(SessionUpdateView update, ReadOnlySpan<byte> eventId, long now)
    {
        Session? asked = update.Session.HasValue ? update.Session.ToWritable() : null;
        if (KeepTheVoice.Judge(asked?.Audio.Output.Voice, session.Voice, session.HasSpoken) is VoiceChange.Refuse)
        {
            return SessionIntents.Refuse("SE-05", ConfigurationIntents.VoiceIsFixed);
        }

        if (asked is not null && ChangeSpeedBetweenResponses.MustWait(asked, session.Slot.Phase, othersWait: false))
        {
            return SessionIntents.Refuse("SE-06", "You sent an update with a speed while a response is in progress. Update the session with its own verb, which waits for the response's end.");
        }

        int handle = session.Operations.Open(now);
        PendingConfiguration pending = session.Configurations.Add(handle, null);
        pending.IsApplications = true;
        pending.McpServers = asked is null ? null : session.McpServers.Expect(asked, handle, now);
        session.Operations.Remember(Sent(OperationKind.Configure, eventId) with { Handle = handle, Configuration = pending }, now);
        if (session.IsDraining && asked is not null)
        {
            session.BeforeDraining = AnsweringSwitches.Of(asked) ?? session.BeforeDraining;
            if (TakeNoNewTurn.UpdateBehind(asked, session.Settings.Purpose) is { } silent)
            {
                ConfigurationIntents.Send(session, silent, now); // what is written already cannot be silenced itself
            }
        }

        return default;
    }

    private SubmitResult Created(ItemView item, ReadOnlySpan<byte> eventId, long now)
    {
        SessionFact words = ItemWords.OfConversation(SessionFactKind.ItemAdded, item, default, default);
        if (item.TryGetFunctionCallOutput(out FunctionCallOutputItemView output) && tools.Find(output.CallId.ToString(), null) is { } call)
        {
            return Answered(call, output, words, eventId, now);
        }

        if (item.TryGetMcpApprovalResponse(out McpApprovalResponseItemView answer) && session.Items.Find(FactOf.Utf8(answer.ApprovalRequestId))?.Mcp is TrackedApproval question)
        {
            return Answered(question, words, eventId, now);
        }

        TrackedItem? added = Announced(words);
        if (added is not null)
        {
            session.Operations.Remember(Sent(OperationKind.AddItem, eventId) with { Item = added }, now);
        }

        return default;
    }

    /// <summary>As an output that the session sends: the turn goes on when all its calls have theirs.</summary>
    private SubmitResult Answered(TrackedCall call, FunctionCallOutputItemView output, in SessionFact item, ReadOnlySpan<byte> eventId, long now)
    {
        if (call is not { State: CallState.Ready or CallState.Withdrawn, MayBeLate: false, Item.IsLeaving: false })
        {
            return SessionIntents.Refuse("FC-03", "You sent the output of a tool call that has its output already, that is not complete, or whose item was deleted.");
        }

        TurnState turn = call.Turn!;
        if (turn.IsOutOfBand)
        {
            return SessionIntents.Refuse("RC-22", BesideTheConversation);
        }

        var contribution = new Contribution(ContributionKind.ToolOutput, turn) { Item = Announced(item), Call = call };
        call.State = CallState.Answered;
        ReferToKnownItems.Add(turn, call.Item);
        if (contribution.Item is { } announced)
        {
            ReferToKnownItems.Add(turn, announced);
        }
        else if (turn is { Request.Input.HasValue: true })
        {
            turn.Exchanged.Add(new FunctionCallOutputItem { CallId = call.CallId, Output = output.Output.ToString() }); // the server names it later
        }

        turns.Give(contribution, null, now);
        session.Operations.Remember(Sent(OperationKind.Contribute, eventId) with { Contribution = contribution }, now);
        turns.Continue(turn);
        return new SubmitResult(SubmitVerdict.Accepted, turn.Number);
    }

    /// <summary>As an answer that the session sends: the turn goes on when nothing is open any more.</summary>
    private SubmitResult Answered(TrackedApproval question, in SessionFact item, ReadOnlySpan<byte> eventId, long now)
    {
        if (question is not { State: ApprovalState.Asked, Item.IsLeaving: false })
        {
            return SessionIntents.Refuse("MCP-03", "You answered a question about a remote MCP server that has its answer already, or whose item was deleted.");
        }

        if (question.Item.IsOutside)
        {
            return SessionIntents.Refuse("RC-22", BesideTheConversation);
        }

        Contribution given = session.Approvals.TakeAnswer(question, Announced(item), now);
        session.Operations.Remember(Sent(OperationKind.Contribute, eventId) with { Contribution = given }, now);
        turns.Continue(given.Turn);
        return new SubmitResult(SubmitVerdict.Accepted, given.Turn.Number);
    }

    /// <summary>One that bears an id of the application's; others are met when the server names them.</summary>
    private TrackedItem? Announced(in SessionFact item) =>
        item.ItemId.Length is 0 or > SessionMachine.MaxIdBytes || session.Items.Find(item.ItemId) is not null ? null : session.Items.Announce(FactText.OrNull(item.ItemId)!, item.ItemKind);

    /// <summary>What the conversation does not hold, as far as is known here, is left to the server.</summary>
    private void Deleted(TrackedItem? item, ReadOnlySpan<byte> eventId, long now)
    {
        if (item is { Presence: ItemPresence.Expected or ItemPresence.Present })
        {
            item.Presence = ItemPresence.Deleting;
            item.DeleteHandle = item.DeleteHandle != 0 ? item.DeleteHandle : session.Operations.Open(now, item); // nobody waits for it, but its deadline does
            session.Operations.Remember(Sent(OperationKind.Delete, eventId) with { Item = item, Handle = item.DeleteHandle }, now);
        }
    }

    private void Truncated(TrackedItem? item, ConversationItemTruncateView truncate, ReadOnlySpan<byte> eventId, long now)
    {
        if (item is not null)
        {
            item.IsCut = true;
            item.TruncateHandle = session.Operations.IsOpen(item.TruncateHandle) ? item.TruncateHandle : session.Operations.Open(now, item);
            item.CutAsked = new Cut((int)Math.Clamp(truncate.ContentIndex, 0, int.MaxValue), truncate.AudioEndMs);
            session.Operations.Remember(Sent(OperationKind.Truncate, eventId) with { Item = item, Handle = item.TruncateHandle }, now);
        }
    }

    private static Operation Sent(OperationKind kind, ReadOnlySpan<byte> eventId) => new(kind, FactText.OrNull(eventId) ?? "") { IsApplications = true };
}
