namespace Realtime.Protocol.Lifecycle;

/// <summary>What the server says about responses: whose a new one is, that one is alive, how much audio it brought, and that it is over.</summary>
internal sealed class ResponseEvents(SessionCore core, ItemEvents items)
{
    public void Created(in SessionFact fact, TrackedResponse? known, long now)
    {
        if (fact.ResponseId.IsEmpty)
        {
            core.Tolerate("RC-14", "The server created a response without an id; nothing can be matched to it.");
            return;
        }

        LearnFrom(fact);
        if (known is null)
        {
            Begin(fact, now);
        }
        else if (!known.IsDone)
        {
            known.IsTextOnly |= fact.IsTextOnly; // an error, an item or a delta had named it first
            core.TellWhatDiffers(fact);
            if (MatchByToken.IsRepeated(fact.Token, known.ByOrder?.Create))
            {
                known.ByOrder = null; // proven
            }

            if (known.TryState(fact.OutputFormat) && known.Turn is { } turn)
            {
                core.Effects.Tell(new SessionChange.ResponseEncodingStated(turn.Number, known.Id, known.Encoding));
            }

            ShareWithAside(fact, known, now);
            if (core.Slot.Outstanding is { } open && MatchByToken.IsRepeated(fact.Token, open))
            {
                bool isUnwanted = open.IsUnwanted;
                core.Ends.AnsweredBy(open, known, now);
                if (isUnwanted && known.Turn is { } unwanted)
                {
                    core.Turns.GiveUp(unwanted, TurnTable.Silenced(unwanted, InterruptionReason.Application), now);
                }
            }
        }
    }

    public void Done(in SessionFact fact, TrackedResponse? known, long now)
    {
        if (known is { IsDone: true })
        {
            core.Ends.Count(known, fact.Usage);
            return;
        }

        if (OutcomeOfResponse.IsUnheardOf(fact))
        {
            core.Tolerate("RC-13", "The server ended a response with a status that ends none, as far as the protocol knows; the response counts as completed.");
        }

        if (known is null)
        {
            EndedUnannounced(fact, now);
        }
        else
        {
            HearOutput(known, fact, now);
            ShareWithAside(fact, known, now);
            if (core.Slot.Outstanding is { } open && MatchByToken.IsRepeated(fact.Token, open))
            {
                core.Ends.AnsweredBy(open, known, now);
            }

            if (CompletedAnswerEndsSpeech.Shows(core, known, fact.Status))
            {
                core.EndUnendedSpeech("TD-11");
            }

            core.Ends.Over(known, fact.Status, OutcomeOfResponse.Of(fact), fact.Usage, now);
        }

        if (fact.Status is FactStatus.Failed)
        {
            core.SurfaceIfFatal(ErrorReach.Describe(fact));
        }
    }

    /// <summary>
    /// An item or a delta of a response that nobody announced: its <c>response.created</c> was lost, or could not be read. It goes through the same question as one that was announced, once,
    /// so that neither its audio nor its turn is lost. While another response holds the place it has to wait for that one's end; what ended is remembered, and never comes back.
    /// </summary>
    /// <returns>The response; null when the event is about none, or about one that may not begin now.</returns>
    public TrackedResponse? Adopt(in SessionFact fact, long now)
    {
        if (fact.ResponseId.IsEmpty || !AdoptUnannounced.Allows(fact.Kind, core.Slot.Current, core.Asides.IsAnyExpected(now)))
        {
            return null;
        }

        core.Tolerate("RC-14", "The server sent output of a response that it had not announced; the response counts as begun.");
        return Begin(fact, now);
    }

    /// <summary>
    /// A response that an error named, and that nobody announced (RC-05). The server says itself that it runs, so the one that held the place has ended unheard, and it takes the place: a response
    /// with a turn and without the place would have no deadline. Like any other that begins now it is the answer that the server owes, if it owes one.
    /// </summary>
    /// <param name="id">Its id.</param>
    /// <param name="refused">The create that met it, and that no running response answers therefore.</param>
    /// <param name="now">The time.</param>
    public void BeginNamed(ReadOnlySpan<byte> id, Create refused, long now)
    {
        core.Ends.Supersede(core.Slot.Current, refused, now);
        OwedAnswer? owed = core.Slot.Owed;
        var response = new TrackedResponse(FactText.OrNull(id)!, owed?.Cause ?? TurnOrigin.Unknown, core.OutputEncoding, core.ToolTimeouts) { LastEventAt = now };
        core.Responses.Add(response);
        core.Slot.RefusedByOther(refused, response, isOver: false, now);
        core.Slot.OwesNothing();
        if (owed is { IsUnwanted: true })
        {
            BeginUnheard(response, now);
        }
        else
        {
            core.Turns.Started(core.Turns.Begin(response.Origin, request: null), response);
        }
    }

    public void AudioDelta(in SessionFact fact, TrackedResponse? response, long now)
    {
        TrackedItem? item = fact.ItemId.IsEmpty ? null : core.Items.FindOrExpect(fact.ItemId);
        if (item is not null)
        {
            AttachTo(response, item);
        }

        if (fact.AudioBytes <= 0 || response is null)
        {
            return;
        }

        core.HasSpoken |= response is { Turn: not null, IsOutside: false };
        response.AudioBytes += fact.AudioBytes;
        if (!HearOnlyWhatIsWanted.Hears(response) || response.Turn is not { } turn)
        {
            return;
        }

        if (CapTheAudio.IsBeyond(response, core.Settings.MaxResponseAudioMilliseconds))
        {
            core.Turns.GiveUp(turn, new TurnOutcome.AudioOverrun(), now); // this delta is dropped already
            return;
        }

        if (response.IsOutside)
        {
            turn.Sound.Receive(null, fact.AudioBytes); // no item of the conversation, and nothing that silence or a cut is for
            return;
        }

        // The turn's stream takes every byte that is not dropped, also of an item that is not kept: a place in it means the same here and in the shell.
        SoundPart? part = item is not null && ReferenceEquals(item.Response, response) ? item.PartToReceive(fact.ContentIndex) : null;
        core.Playback.Receive(turn.Sound, part, fact.AudioBytes, response.Format, now);
    }

    /// <summary>Remembers which response an item comes from, the first time that is said.</summary>
    public static void AttachTo(TrackedResponse? response, TrackedItem item)
    {
        if (item.Response is null && response is { Items.Count: < TrackedResponse.MaxItems })
        {
            item.Response = response;
            response.Items.Add(item);
        }
    }

    /// <summary>What this response shows of the server's habits. Only <c>response.created</c> counts: a habit is relied on when the next one comes.</summary>
    private void LearnFrom(in SessionFact created)
    {
        if (created.Conversation is Presence.Value)
        {
            core.StatesConversation = Knowledge.Yes;
        }

        if (core.Ids.HasMade(created.Token))
        {
            core.EchoesMetadata = Knowledge.Yes;
        }
    }

    private TrackedResponse Begin(in SessionFact fact, long now)
    {
        if (core.Asides.AnsweredBy(fact) is { } beside)
        {
            return BeginBeside(beside, fact, now);
        }

        ResponseOwner owner = core.Slot.OwnerOf(fact, now);
        Create? create = owner is ResponseOwner.Ours or ResponseOwner.OursUnmarked
            ? core.Slot.Outstanding ?? core.Ends.TakeBack(core.Slot.Current!)
            : core.Slot.FindLost(fact.Token);
        TrackedResponse response = Add(fact, owner, create, now);
        if (owner is ResponseOwner.Outside)
        {
            return response;
        }

        if (owner is ResponseOwner.OursUnmarked)
        {
            LearnThatNothingIsRepeated();
        }

        core.Ends.Supersede(core.Slot.Current, create, now);
        if (create is not null)
        {
            AnswerByOrder? byOrder = MatchByToken.IsRepeated(fact.Token, create) ? null : new AnswerByOrder(create, core.Slot.Owed?.Cause ?? TurnOrigin.Unknown);
            core.Slot.Began(response, create, now);
            BeginOurs(create, byOrder, response, now);
        }
        else
        {
            BeginServers(response, owner, now);
        }

        return response;
    }

    /// <summary>A response beside the conversation begins (RC-22): nothing of the place changes.</summary>
    private TrackedResponse BeginBeside(Create create, in SessionFact fact, long now)
    {
        if (fact.Kind is SessionFactKind.ResponseCreated && create.Token is not null && !MatchByToken.IsRepeated(fact.Token, create))
        {
            LearnThatNothingIsRepeated();
        }

        TrackedResponse response = Add(fact, ResponseOwner.Outside, create, now);
        core.Asides.Answered(create);
        if (!create.IsUnwanted)
        {
            core.Turns.Started(create.Turn, response);
        }
        else if (fact.Kind is not SessionFactKind.ResponseDone) // or it has ended already
        {
            BeginUnheard(response, now);
        }

        return response;
    }

    /// <summary>A response that had been taken for another one's shows that it is an aside's: whoever asked shares its end.</summary>
    private void ShareWithAside(in SessionFact fact, TrackedResponse known, long now)
    {
        if (core.Asides.Count > 0 && core.Asides.Marked(fact.Token) is { IsUnwanted: false } create)
        {
            core.Ends.AnsweredBy(create, known, now);
        }
    }

    private void LearnThatNothingIsRepeated()
    {
        if (core.EchoesMetadata is Knowledge.Unknown)
        {
            core.EchoesMetadata = Knowledge.No;
            core.Tolerate("RC-03", "The server did not repeat the metadata of a request; until it does, responses are matched by order.");
        }
    }

    private TrackedResponse Add(in SessionFact fact, ResponseOwner owner, Create? create, long now)
    {
        TurnOrigin origin = create is not null ? TurnOrigin.Application : core.Slot.Owed?.Cause ?? TurnOrigin.Unknown;
        var response = new TrackedResponse(FactText.OrNull(fact.ResponseId)!, origin, fact.OutputFormat.Over(core.OutputEncoding), core.ToolTimeouts)
        {
            IsTextOnly = fact.IsTextOnly,
            IsOutside = owner is ResponseOwner.Outside,
            LastEventAt = now,
        };
        core.Responses.Add(response);
        core.TellWhatDiffers(fact);
        return response;
    }

    private void BeginOurs(Create create, AnswerByOrder? byOrder, TrackedResponse response, long now)
    {
        if (create.IsUnwanted)
        {
            response.Sound = create.Turn.Sound;
            BeginUnheard(response, now);
        }
        else
        {
            response.ByOrder = byOrder;
            core.Turns.Started(create.Turn, response);
        }
    }

    private void BeginServers(TrackedResponse response, ResponseOwner owner, long now)
    {
        Create? satisfied = LetTheServerAnswerForUs.Satisfies(core.Slot.FirstWaiting, core.Items) ? core.Slot.FirstWaiting : null;
        bool isUnwanted = core.Slot.Owed is { IsUnwanted: true };
        if (owner is ResponseOwner.Undecided)
        {
            core.Slot.Outstanding!.PerhapsAnswer = response;
        }

        core.Slot.Began(response, null, now);
        if (isUnwanted)
        {
            BeginUnheard(response, now);
            return;
        }

        if (satisfied is not null)
        {
            core.Slot.Withdraw(satisfied);
        }

        core.Turns.Started(satisfied?.Turn ?? core.Turns.Begin(response.Origin, request: null), response);
    }

    /// <summary>Nobody wants it any more: nothing of it is heard, and it is cancelled by its name now that it has one (RC-10).</summary>
    private void BeginUnheard(TrackedResponse response, long now)
    {
        response.IsDropped = true;
        response.IsSilenced = true;
        core.Slot.Cancel(response, now);
    }

    /// <summary>
    /// Legal, and seen live: a done without its created. It ends our create if it repeats its token, or answers a probe. Otherwise it frees nothing, for it may be anybody's: order proves
    /// nothing where no output was seen. But a later refusal may name it (RC-05).
    /// </summary>
    private void EndedUnannounced(in SessionFact fact, long now)
    {
        if (fact.ResponseId.IsEmpty)
        {
            return;
        }

        if (core.Asides.AnsweredBy(fact) is { } beside)
        {
            TrackedResponse over = BeginBeside(beside, fact, now);
            HearOutput(over, fact, now);
            core.Ends.Over(over, fact.Status, OutcomeOfResponse.Of(fact), fact.Usage, now);
            return;
        }

        ResponseOwner owner = core.Slot.OwnerOf(fact, now);
        Create? create = MatchByToken.IsRepeated(fact.Token, core.Slot.Outstanding) ? core.Slot.Outstanding : null;
        TrackedResponse response = Add(fact, owner, create, now);
        if (create is null)
        {
            response.IsDone = true;
            response.IsCounted = fact.Usage is not null;
            core.Effects.Tell(new SessionChange.ResponseEnded(0, response.Id, fact.Status, fact.Usage));
            if (owner is not ResponseOwner.Outside)
            {
                core.Slot.EndedUnseen(now);
            }

            return;
        }

        bool isWanted = !create.IsUnwanted;
        core.Slot.CreateOver(create, now);
        if (isWanted)
        {
            core.Turns.Started(create.Turn, response);
        }

        HearOutput(response, fact, now);
        core.Ends.Over(response, fact.Status, OutcomeOfResponse.Of(fact), fact.Usage, now);
    }

    /// <summary>A response's end is the last word on its items. Of its calls, too: one that stands only here is one that the service announced by nothing else (FC-01).</summary>
    private void HearOutput(TrackedResponse response, in SessionFact done, long now)
    {
        bool isCompleted = done.Status is FactStatus.Completed or FactStatus.Unknown;
        foreach (SessionFact output in done.Output)
        {
            if (isCompleted && IsWitnessed(output))
            {
                items.Done(output, response, now);
            }
            else if (core.Items.Find(output.ItemId) is { } known)
            {
                core.Items.Mirror.Keep(known, output.Item, isLastWord: false);
            }
        }

        foreach (TrackedItem item in response.Items)
        {
            FinishItem(item, done.Status);
        }

        core.Tools.ResponseDone(response, isCompleted, now);
        core.Mcp.ResponseDone(response, isCompleted);
    }

    /// <summary>A call of a remote MCP server that nothing announced, and that did not end, may have been made by nobody: no turn waits for it.</summary>
    private bool IsWitnessed(in SessionFact output) => output.ItemKind switch
    {
        ItemFactKind.FunctionCall or ItemFactKind.McpApprovalRequest => true,
        ItemFactKind.McpCall => output.Status is FactStatus.Completed or FactStatus.Failed || core.Items.Find(output.ItemId)?.Mcp is not null,
        _ => false,
    };

    /// <summary>Some services never end an item by itself; the response's end is the last word then.</summary>
    private void FinishItem(TrackedItem item, FactStatus status)
    {
        if (item.IsFinal || item.Mcp is TrackedMcpCall { IsOpen: true })
        {
            return;
        }

        item.Status = status is FactStatus.Completed ? FactStatus.Completed : FactStatus.Incomplete;
        core.Items.Mirror.Changed(item);
        if (item.IsInConversation)
        {
            core.Effects.Tell(new SessionChange.ItemDone(item.Id, item.Status));
        }
    }
}
