namespace Realtime.Protocol.Lifecycle;

/// <summary>What the server says about the user's audio: who speaks, where a turn ended, and who ended it.</summary>
internal sealed class InputEvents(SessionCore core)
{
    public void SpeechStarted(in SessionFact fact, long now)
    {
        core.UserSpeaks = true;
        core.SpeechAliveAt = now;
        core.HoldUntil = null;
        UtteranceState utterance = core.Utterances.Started(fact.ItemId, now);
        core.Effects.Tell(new SessionChange.SpeechStarted(FactText.OrNull(fact.ItemId), utterance.Number, fact.SpeechMilliseconds));
        core.Slot.UserSpeaksAgain(now);
        if (SilenceWhereSpeechInterrupts.Silences(core.Detection))
        {
            core.Silencing.UserSpoke(now);
        }
    }

    public void SpeechStopped(in SessionFact fact, long now)
    {
        core.UserSpeaks = false;
        core.HoldUntil = now + core.Settings.AutoResponseTimeout;
        UtteranceState utterance = core.Utterances.Stopped(fact.ItemId, now);
        core.Effects.Tell(new SessionChange.SpeechStopped(FactText.OrNull(fact.ItemId), utterance.Number, fact.SpeechMilliseconds));
    }

    public void TimeoutTriggered(in SessionFact fact, long now)
    {
        if (!fact.ItemId.IsEmpty)
        {
            core.Items.FindOrExpect(fact.ItemId).IsSilence = true;
        }

        ExpectAnswer(TurnOrigin.ServerIdleTimeout, now);
    }

    public void Committed(in SessionFact fact, long now)
    {
        if (IsSaidAgain(fact))
        {
            return;
        }

        core.UserSpeaks = false;
        core.HoldUntil = null;
        if (core.Commits.Oldest(now) is { } commit)
        {
            commit.Contribution?.Take();
            core.Commits.Remove(commit);
            Tell(fact, commit.Utterance, now);
            core.Operations.Complete(commit.Handle);
            return;
        }

        core.InputBytes = 0;
        Tell(fact, asked: null, now);
        ExpectAnswer(TurnOrigin.ServerTurnDetection, now);
    }

    /// <summary>The bytes were forgotten when we asked for it: what the microphone sent since then lies behind the clear, and is not cleared.</summary>
    [LifecycleRule("TD-06")]
    public void Cleared()
    {
        core.UserSpeaks = false;
        core.HoldUntil = null;
        core.Utterances.Cleared();
    }

    private void Tell(in SessionFact committed, UtteranceState? asked, long now)
    {
        UtteranceState? utterance = core.Utterances.Committed(committed.ItemId, asked, now);
        core.Effects.Tell(new SessionChange.InputCommitted(FactText.OrNull(committed.ItemId), asked is null, utterance?.Number ?? 0));
        if (utterance is not null)
        {
            core.Utterances.Settle(utterance);
        }
    }

    private void ExpectAnswer(TurnOrigin cause, long now)
    {
        if (ExpectTheServersAnswer.IsExpected(cause, core.Detection, core.Slot))
        {
            core.Slot.ExpectAnswer(cause, now);
        }
    }

    /// <summary>One item is committed once. A second word of it is no commit of what was sent since, and answers no other commit of ours.</summary>
    private bool IsSaidAgain(in SessionFact committed)
    {
        if (committed.ItemId.IsEmpty)
        {
            return false;
        }

        TrackedItem item = core.Items.FindOrExpect(committed.ItemId);
        bool isSaidAgain = item.IsCommitted;
        item.IsCommitted = true;
        return isSaidAgain;
    }
}
