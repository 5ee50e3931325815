namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Silence: playback stops, what runs is cancelled, and the conversation is corrected to what was heard, in this order (TR-08). Whether the application, or the user by speaking, asked for
/// it, the steps are the same; only the cancel is the server's own in the second case.
/// </summary>
internal sealed class Silencing(SessionCore session, ResponseSlot slot, TurnTable turns)
{
    /// <summary>Everything asked so far is over.</summary>
    public void SilenceAll(long now) => Silence(turns.Live, null, now);

    /// <summary>What runs is over; what waits for its first response stays.</summary>
    public void SilenceRunning(long now) => Silence([.. turns.Live.Where(turn => turn.HasStarted || turn.Create is { EventId: not null })], null, now);

    /// <summary>One turn is over.</summary>
    public void Silence(TurnState turn, long now) => Silence([turn], turn, now);

    /// <summary>The user speaks, and the server cancels by itself; a turn that waits for its tools goes on (CX-04, RC-16).</summary>
    [LifecycleRule("CX-04")]
    public void UserSpoke(long now)
    {
        TrackedResponse? running = slot.Current;
        StopPlayback(running is null ? [] : [running.Turn], null, InterruptionReason.UserSpeech);
        if (running is not null)
        {
            running.IsSilenced = true;
            running.IsDropped = true;
            if (running.Turn is { } turn)
            {
                turns.GiveUp(turn, new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), now, serverCancels: true);
            }
        }

        CutAudible(null, now);
    }

    /// <summary>A response is done, or a late item of it came: what nobody heard, or was to be deleted anyway, may now leave the conversation (TR-07, TR-08).</summary>
    public void Settle(TrackedResponse response, long now)
    {
        foreach (TrackedItem item in response.Items)
        {
            bool isCallNobodyRuns = response.IsDropped && item is { Kind: ItemFactKind.FunctionCall, Call: null or { State: CallState.Open }, Status: FactStatus.Completed };
            bool isUnheard = response.IsSilenced && TruncateOnlyHeardAudio.Decide(item, session.Settings.PlaybackIsReported, out _) is SilencedItem.Delete;
            item.IsUnheard |= isUnheard || isCallNobodyRuns;
            if ((item.IsUnheard || item.DeleteHandle != 0) && !Delete(item, now))
            {
                session.Operations.Complete(item.DeleteHandle); // it never entered the conversation
            }
        }
    }

    /// <summary>Deletes an item now, if it may be deleted now; otherwise its response's end does it.</summary>
    public bool Delete(TrackedItem item, long now)
    {
        if (!DeleteAfterResponseDone.Allows(item))
        {
            return false;
        }

        item.Presence = ItemPresence.Deleting;
        session.Items.MakeInaudible(item);
        var operation = new Operation(OperationKind.Delete, session.Ids.NewEventId()) { Item = item, Handle = item.DeleteHandle };
        session.Operations.Remember(operation, now);
        session.Effects.Send(new SessionCommand.DeleteItem(operation.EventId, item.Id));
        return true;
    }

    private void Silence(TurnState[] silenced, TurnState? only, long now)
    {
        StopPlayback([.. silenced.Where(turn => turn.Response is { IsDone: false })], only, InterruptionReason.Application);
        foreach (TurnState turn in silenced)
        {
            if (turn.Response is { IsDone: false } running)
            {
                running.IsSilenced = true;
            }

            turns.GiveUp(turn, TurnTable.Silenced(turn, InterruptionReason.Application), now);
        }

        CutAudible(only, now);
    }

    private void StopPlayback(IEnumerable<TurnState?> running, TurnState? only, InterruptionReason reason)
    {
        IEnumerable<TurnState?> heard = session.Items.Audible.Select(item => item.Response?.Turn).Where(turn => only is null || turn == only);
        foreach (TurnState? turn in heard.Concat(running).Distinct())
        {
            if (turn is not null)
            {
                session.Effects.Tell(new SessionChange.PlaybackStopped(turn.Number, reason));
            }
        }
    }

    private void CutAudible(TurnState? only, long now)
    {
        foreach (TrackedItem item in session.Items.Audible.ToArray())
        {
            if (only is not null && item.Response?.Turn != only)
            {
                continue;
            }

            session.Items.MakeInaudible(item);
            switch (TruncateOnlyHeardAudio.Decide(item, session.Settings.PlaybackIsReported, out long audioEndMilliseconds))
            {
                case SilencedItem.Truncate:
                    Truncate(item, audioEndMilliseconds, now);
                    break;
                case SilencedItem.Delete:
                    item.IsUnheard = true;
                    Delete(item, now);
                    break;
            }
        }
    }

    private void Truncate(TrackedItem item, long audioEndMilliseconds, long now)
    {
        item.IsCut = true;
        var operation = new Operation(OperationKind.Truncate, session.Ids.NewEventId()) { Item = item };
        session.Operations.Remember(operation, now);
        session.Effects.Send(new SessionCommand.TruncateItem(operation.EventId, item.Id, 0, audioEndMilliseconds));
    }
}
