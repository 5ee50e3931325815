namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Silence: playback stops, what runs is cancelled, and the conversation is corrected to what was heard, in this order (TR-08). Who asks for silence decides three things: which turns are over,
/// whose sound stops, and whether what is known to be unheard may be deleted. The steps are the same for all.
/// </summary>
internal sealed class Silencing(SessionCore session, ResponseSlot slot, TurnTable turns)
{
    private PlaybackLedger Playback => session.Playback;

    /// <summary>The application wants silence: everything asked so far in the conversation is over, and everything of it that may be heard stops. What runs beside it goes on (RC-22).</summary>
    public void Interrupt(long now)
    {
        Silence(turns.InConversation, Playback.Audible, isDeleting: true, now);
        StopTheServersPlayback();
    }

    /// <summary>One turn is over.</summary>
    public void Cancel(TurnState turn, long now) =>
        Silence([turn], turn is { IsOutOfBand: true, HasStarted: true } ? [turn.Sound] : Playback.Audible.Where(sound => sound == turn.Sound), isDeleting: true, now);

    /// <summary>
    /// A new turn begins: what runs is over; what waits for its first response stays. Of answers that are whole only the one that is known to be playing stops. Nothing is deleted, for nobody
    /// asked for silence.
    /// </summary>
    public void MakeWay(long now)
    {
        TurnState[] running = [.. turns.InConversation.Where(static turn => turn.HasStarted || turn.Create is { EventId: not null })];
        Silence(running, Playback.Audible.Where(sound => sound.IsPlaying || running.Any(turn => turn.Sound == sound)), isDeleting: false, now);
        if (running.Length > 0)
        {
            StopTheServersPlayback();
        }
    }

    /// <summary>
    /// The user speaks: everything that may be heard stops, and a turn of which something stops is over, also while it waits for its tools. The stream of a turn that was silenced has ended, so a
    /// further response of it would reach nobody. A turn that makes no sound goes on: there is nothing of it to interrupt. The cancel is the server's (CX-04, RC-16).
    /// </summary>
    [LifecycleRule("CX-04")]
    public void UserSpoke(long now)
    {
        TrackedResponse? running = slot.Current;
        TurnSound[] silenced = StopPlayback(Playback.Audible, running is { Turn: { } speaking } ? [speaking] : [], InterruptionReason.UserSpeech);
        if (running is not null)
        {
            running.IsSilenced = true;
            running.IsDropped = true;
        }

        foreach (TurnSound sound in silenced)
        {
            if (turns.Find(sound.Turn) is { } turn)
            {
                turns.GiveUp(turn, new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), now, serverCancels: true);
            }
        }

        Cut(silenced, isDeleting: true, now);
    }

    /// <summary>The connection has ended, and what came of its answers is to be heard no more. Nobody is there to be told of a cut; it is written down for whoever goes on.</summary>
    public void SilenceWhatIsLeft()
    {
        foreach (TurnSound sound in StopPlayback(Playback.Audible, [], InterruptionReason.Application))
        {
            sound.Locate();
            foreach (TrackedItem item in sound.Parts.Select(static part => part.Item).Distinct())
            {
                switch (Judge(item, sound, out Cut cut))
                {
                    case SilencedItem.Truncate:
                        item.CutAsked = cut;
                        break;
                    case SilencedItem.Delete:
                        item.IsUnheard = true;
                        break;
                }
            }

            Playback.Close(sound);
        }
    }

    /// <summary>A response is done, or a late item of it came: what is known to be unheard, or was to be deleted anyway, may now leave the conversation (TR-07, TR-08).</summary>
    public void Settle(TrackedResponse response, long now)
    {
        if (response.IsOutside)
        {
            return; // the conversation holds nothing of it
        }

        response.Sound?.Locate();
        foreach (TrackedItem item in response.Items)
        {
            bool isCallNobodyRuns = response.IsDropped && item is { Kind: ItemFactKind.FunctionCall, Call: null or { State: CallState.Open }, Status: FactStatus.Completed };
            bool isUnheard = response is { IsSilenced: true, Sound: { } sound } && Decide(item, sound, out _) is SilencedItem.Delete;
            item.IsUnheard |= isUnheard || isCallNobodyRuns;
            if ((item.IsUnheard || item.DeleteHandle != 0) && !Delete(item, now) && item.Presence is ItemPresence.Expected)
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
        var operation = new Operation(OperationKind.Delete, session.Ids.NewEventId()) { Item = item, Handle = item.DeleteHandle };
        session.Operations.Remember(operation, now);
        session.Effects.Send(new SessionCommand.DeleteItem(operation.EventId, item.Id));
        return true;
    }

    /// <summary>Whether it still plays is for the server to know.</summary>
    private void StopTheServersPlayback()
    {
        if (LetTheServerTruncate.Applies(session.Settings.Capabilities))
        {
            session.Effects.Send(new SessionCommand.ClearOutput(session.Ids.NewEventId()));
        }
    }

    private void Silence(TurnState[] over, IEnumerable<TurnSound> audible, bool isDeleting, long now)
    {
        TurnSound[] silenced = StopPlayback(audible, over.Where(static turn => turn.Response is { IsDone: false }), InterruptionReason.Application);
        foreach (TurnState turn in over)
        {
            if (turn.Response is { IsDone: false } running)
            {
                running.IsSilenced |= isDeleting;
            }

            turns.GiveUp(turn, TurnTable.Silenced(turn, InterruptionReason.Application), now);
        }

        Cut(silenced, isDeleting, now);
    }

    /// <summary>Tells it for everything that sounds, and for what runs and has not made a sound yet.</summary>
    private TurnSound[] StopPlayback(IEnumerable<TurnSound> audible, IEnumerable<TurnState> running, InterruptionReason reason)
    {
        TurnSound[] silenced = [.. audible.Union(running.Select(static turn => turn.Sound))];
        foreach (TurnSound sound in silenced)
        {
            session.Effects.Tell(new SessionChange.PlaybackStopped(sound.Turn, reason, sound.Heard));
        }

        return silenced;
    }

    private void Cut(TurnSound[] silenced, bool isDeleting, long now)
    {
        foreach (TurnSound sound in silenced)
        {
            sound.Locate();
            foreach (TrackedItem item in sound.Parts.Select(static part => part.Item).Distinct())
            {
                switch (Decide(item, sound, out Cut cut))
                {
                    case SilencedItem.Truncate:
                        Truncate(item, cut, now);
                        break;
                    case SilencedItem.Delete when isDeleting:
                        item.IsUnheard = true;
                        Delete(item, now);
                        break;
                }
            }

            Playback.Close(sound);
        }
    }

    private SilencedItem Decide(TrackedItem item, TurnSound sound, out Cut cut)
    {
        cut = default;
        return LetTheServerTruncate.Applies(session.Settings.Capabilities) ? SilencedItem.Keep : Judge(item, sound, out cut);
    }

    private SilencedItem Judge(TrackedItem item, TurnSound sound, out Cut cut) => TruncateOnlyHeardAudio.Decide(item, sound.Heard.Basis, session.Settings.Capabilities.TruncatesAnyPart, out cut);

    /// <summary>Cuts an item; whether it may be cut was asked before.</summary>
    public void Truncate(TrackedItem item, Cut cut, long now)
    {
        item.IsCut = true;
        item.CutAsked = cut;
        var operation = new Operation(OperationKind.Truncate, session.Ids.NewEventId()) { Item = item, Handle = item.TruncateHandle };
        session.Operations.Remember(operation, now);
        session.Effects.Send(new SessionCommand.TruncateItem(operation.EventId, item.Id, cut.ContentIndex, cut.Milliseconds));
    }
}
