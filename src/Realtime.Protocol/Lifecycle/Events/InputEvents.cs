namespace Realtime.Protocol.Lifecycle;

/// <summary>What the server says about the user's audio: who speaks, where a turn ended, and who ended it.</summary>
internal sealed class InputEvents(SessionCore session, ResponseSlot slot, Silencing silencing)
{
    [LifecycleRule("TD-08")]
    public void SpeechStarted(in SessionFact fact, long now)
    {
        session.UserSpeaks = true;
        session.HoldUntil = 0;
        session.Effects.Tell(new SessionChange.SpeechStarted(FactText.OrNull(fact.ItemId)));
        if (slot.Phase is SlotPhase.AutoPending)
        {
            slot.StopExpecting();
        }

        if (session.Detection.InterruptsResponse)
        {
            silencing.UserSpoke(now);
        }
    }

    public void SpeechStopped(in SessionFact fact, long now)
    {
        session.UserSpeaks = false;
        session.HoldUntil = now + session.Settings.AutoResponseTimeout;
        session.Effects.Tell(new SessionChange.SpeechStopped(FactText.OrNull(fact.ItemId)));
    }

    [LifecycleRule("TD-07")]
    public void TimeoutTriggered() => session.IsIdleTriggered = true;

    public void Committed(in SessionFact fact, long now)
    {
        session.UserSpeaks = false;
        session.HoldUntil = 0;
        if (session.Commits.Count > 0)
        {
            session.Commits[0].Take();
            session.Commits.RemoveAt(0);
            session.Effects.Tell(new SessionChange.InputCommitted(FactText.OrNull(fact.ItemId), ByServer: false));
            return;
        }

        session.InputBytes = 0;
        session.Effects.Tell(new SessionChange.InputCommitted(FactText.OrNull(fact.ItemId), ByServer: true));
        if (ExpectTheServersAnswer.IsExpected(session.Detection, session.IsIdleTriggered, slot.Phase))
        {
            slot.ExpectAnswer(now);
        }
    }

    [LifecycleRule("TD-06")]
    public void Cleared()
    {
        session.UserSpeaks = false;
        session.HoldUntil = 0;
        session.InputBytes = 0;
    }
}
