using Realtime.Protocol.Events;

namespace Realtime.Protocol.Lifecycle;

/// <summary>What the server says about responses: whose a new one is, that one is alive, how much audio it brought, and that it is over.</summary>
internal sealed class ResponseEvents(SessionCore session, ResponseSlot slot, TurnTable turns, ToolTable tools, ItemEvents items, Silencing silencing)
{
    public void Created(in SessionFact fact, long now)
    {
        if (fact.ResponseId.IsEmpty)
        {
            Tolerate("RC-14", "The server created a response without an id; nothing can be matched to it.");
            return;
        }

        if (session.Responses.Find(fact.ResponseId) is { } known)
        {
            known.LastEventAt = now; // an error had named it before it was announced (RC-05)
            return;
        }

        Create? create = slot.FindCreate(fact, now, out ResponseOwner owner);
        TrackedResponse response = Add(fact, create, now);
        if (response.IsOutOfBand)
        {
            return;
        }

        if (owner is ResponseOwner.OursUnmarked)
        {
            session.MatchesByOrder = true;
            Tolerate("RC-03", "The server does not repeat response metadata; responses are matched by order from here on.");
        }

        Supersede(slot.Current);
        if (create is not null)
        {
            slot.Began(response, create);
            BeginOurs(create, response, now);
        }
        else
        {
            BeginServers(response, owner);
        }
    }

    public void Done(in SessionFact fact, long now)
    {
        if (session.Responses.Find(fact.ResponseId) is not { } response)
        {
            DoneUnknown(fact);
            return;
        }

        if (response.IsDone)
        {
            return;
        }

        HearOutput(response, fact, now);

        if (slot.Outstanding is { } open && open.PerhapsAnswer == response && response.Turn is { } answering)
        {
            turns.End(open.Turn, new TurnOutcome.Merged(answering.Number));
        }

        Over(response, fact.Status, OutcomeOfResponse.Of(fact), fact.Usage, now);
        ServerError error = ErrorReach.Describe(fact);
        if (fact.Status is FactStatus.Failed && ErrorReach.Severity(error.Code) is var severity and not ErrorSeverity.Recoverable)
        {
            session.Effects.Tell(new SessionChange.ErrorSurfaced(error, severity));
        }
    }

    /// <summary>The server says that a response of ours does not run, though its end was never announced (RC-11).</summary>
    public void Lost(TrackedResponse response, long now)
    {
        if (!response.IsDone)
        {
            Over(response, FactStatus.Unknown, new TurnOutcome.TimedOut(), null, now);
        }
    }

    /// <summary>A response that an error named, and that nobody announced (RC-05).</summary>
    public TrackedResponse Adopt(ReadOnlySpan<byte> id, long now)
    {
        var response = new TrackedResponse(FactText.OrNull(id)!, TurnOrigin.Unknown, session.OutputEncoding) { LastEventAt = now };
        session.Responses.Add(response);
        turns.Started(turns.Begin(response.Origin, request: null), response);
        return response;
    }

    [LifecycleRule("AU-01")]
    [LifecycleRule("BP-01")]
    [LifecycleRule("CX-05")]
    public void AudioDelta(in SessionFact fact, TrackedResponse? response, long now)
    {
        TrackedItem item = session.Items.FindOrExpect(fact.ItemId);
        AttachTo(response, item);
        if (fact.AudioBytes <= 0 || !item.Receive(fact.ContentIndex, fact.AudioBytes) || response is null)
        {
            return;
        }

        if (!response.IsDropped)
        {
            session.Items.MakeAudible(item);
        }

        response.AudioBytes += fact.AudioBytes;
        if (!response.IsDropped && response.Turn is { } turn && response.Encoding.Milliseconds(response.AudioBytes) > session.Settings.MaxResponseAudioMilliseconds)
        {
            turns.GiveUp(turn, new TurnOutcome.AudioOverrun(), now);
        }
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

    private TrackedResponse Add(in SessionFact fact, Create? create, long now)
    {
        TurnOrigin origin = (create, session.IsIdleTriggered, slot.AnswerDueAt) switch
        {
            (not null, _, _) => TurnOrigin.Application,
            (_, true, _) => TurnOrigin.ServerIdleTimeout,
            (_, _, not 0) => TurnOrigin.ServerTurnDetection,
            _ => TurnOrigin.Unknown,
        };
        var response = new TrackedResponse(FactText.OrNull(fact.ResponseId)!, origin, fact.OutputEncoding is SampleFormat.Unknown ? session.OutputEncoding : fact.OutputEncoding)
        {
            IsOutOfBand = fact.IsOutOfBand && create is null,
            IsTextOnly = fact.IsTextOnly,
            LastEventAt = now,
        };
        session.Responses.Add(response);
        return response;
    }

    private void BeginOurs(Create create, TrackedResponse response, long now)
    {
        if (!create.IsGivenUp)
        {
            turns.Started(create.Turn, response);
            return;
        }

        response.IsDropped = true;
        response.IsSilenced = true;
        slot.Cancel(response, now);
    }

    [LifecycleRule("RC-15")]
    private void BeginServers(TrackedResponse response, ResponseOwner owner)
    {
        Create? satisfied = LetTheServerAnswerForUs.Satisfies(slot.FirstWaiting, session.Items) ? slot.FirstWaiting : null;
        if (owner is ResponseOwner.Undecided)
        {
            slot.Outstanding!.PerhapsAnswer = response;
        }

        slot.Began(response, null);
        session.IsIdleTriggered = false;
        if (satisfied is not null)
        {
            slot.Withdraw(satisfied);
        }

        turns.Started(satisfied?.Turn ?? turns.Begin(response.Origin, request: null), response);
    }

    /// <summary>Two responses at once are the server's mistake, or a done was lost; the newer one counts, and the older one ends here.</summary>
    private void Supersede(TrackedResponse? older)
    {
        if (older is null)
        {
            return;
        }

        Tolerate("RC-14", "The server began a response before it ended the one that ran; the older one counts as ended.");
        older.IsDone = true;
        older.IsDropped = true;
        if (older.Turn is { } turn)
        {
            turns.ResponseEnded(turn, older, FactStatus.Unknown, new TurnOutcome.Incomplete("superseded"), null);
        }
    }

    private void Over(TrackedResponse response, FactStatus status, TurnOutcome outcome, TurnUsage? usage, long now)
    {
        response.IsDone = true;
        slot.Done(response, now);
        if (response.Turn is { } turn)
        {
            turns.ResponseEnded(turn, response, status, outcome, usage);
        }
        else
        {
            session.Effects.Tell(new SessionChange.ResponseEnded(0, response.Id, status, usage));
        }

        silencing.Settle(response, now);
    }

    /// <summary>Legal, and seen live: a done without its created. It frees nothing, but a later refusal may name it (RC-05).</summary>
    private void DoneUnknown(in SessionFact fact)
    {
        if (!fact.ResponseId.IsEmpty)
        {
            session.Responses.Add(new TrackedResponse(FactText.OrNull(fact.ResponseId)!, TurnOrigin.Unknown, session.OutputEncoding) { IsDone = true });
        }
    }

    /// <summary>A response's end is the last word on its items. Of its calls, too: one that stands only here is one that the service announced by nothing else (FC-01).</summary>
    private void HearOutput(TrackedResponse response, in SessionFact done, long now)
    {
        bool isCompleted = done.Status is FactStatus.Completed or FactStatus.Unknown;
        foreach (SessionFact output in done.Output)
        {
            if (isCompleted && output.ItemKind is ItemFactKind.FunctionCall)
            {
                items.Done(output, response, now);
            }
        }

        foreach (TrackedItem item in response.Items)
        {
            FinishItem(item, done.Status);
        }

        if (isCompleted)
        {
            tools.ResponseCompleted(response, now);
        }
    }

    /// <summary>Some services never end an item by itself; the response's end is the last word then.</summary>
    private void FinishItem(TrackedItem item, FactStatus status)
    {
        item.EndAudio();
        if (!item.IsFinal)
        {
            item.Status = status is FactStatus.Completed ? FactStatus.Completed : FactStatus.Incomplete;
            session.Effects.Tell(new SessionChange.ItemDone(item.Id, item.Status));
        }
    }

    private void Tolerate(string rule, string message) => session.Effects.Tell(new SessionChange.ViolationTolerated(rule, message));
}
