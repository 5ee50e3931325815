namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// How a response ends, whoever says so: the server's <c>response.done</c>, its word that nothing runs, a newer response, or our patience. It frees the place, ends or continues the turn,
/// and settles the items. It never asks whether the response is over.
/// </summary>
internal sealed class ResponseEnds(SessionCore core, ResponseSlot slot, TurnTable turns, Silencing silencing)
{
    /// <summary>The response is over, with its last status.</summary>
    public void Over(TrackedResponse response, FactStatus status, TurnOutcome outcome, TokenUsage? usage, long now)
    {
        response.IsDone = true;
        response.IsCounted = usage is not null;
        response.ByOrder = null; // no refusal came while it ran, so it was the answer
        EndAudio(response);
        response.IsCancelled = status is FactStatus.Cancelled;
        if (slot.Outstanding is { } open && open.PerhapsAnswer == response)
        {
            AnsweredBy(open, response, now); // no refusal came while it ran, so it was the answer
        }

        slot.Ended(response, now);
        Conclude(response, status, outcome, usage, now);
    }

    /// <summary>The create is answered by a response that had begun as somebody else's: whoever asked shares that turn's end.</summary>
    public void AnsweredBy(Create create, TrackedResponse response, long now)
    {
        slot.CreateOver(create, now);
        turns.End(create.Turn, response.Turn is { } answering ? new TurnOutcome.Merged(answering.Number) : new TurnOutcome.Withdrawn());
    }

    /// <summary>
    /// The response that holds the place was taken for a create's answer by order alone, and the server has shown that it is not: the create is its turn's again, and what was concluded of the
    /// server's habits is forgotten.
    /// </summary>
    /// <returns>The create; it is neither on the wire nor in the queue.</returns>
    public Create TakeBack(TrackedResponse response)
    {
        AnswerByOrder taken = response.ByOrder!;
        response.ByOrder = null;
        if (core.EchoesMetadata is Knowledge.No)
        {
            core.EchoesMetadata = core.Settings.Capabilities.EchoesMetadata;
        }

        turns.TakeBack(taken, response);
        return taken.Create;
    }

    /// <summary>The response counts as over, though its end was never announced (RC-11). What still comes of it is not heard.</summary>
    public void Lost(TrackedResponse response, long now)
    {
        if (!response.IsDone)
        {
            response.IsDropped = true;
            Over(response, FactStatus.Unknown, new TurnOutcome.TimedOut(), null, now);
        }
    }

    /// <summary>Two responses at once are the server's mistake, or a done was lost; the newer one counts, and the older one ends here.</summary>
    /// <param name="older">The response that holds the place; null when none does.</param>
    /// <param name="answered">The create that the newer one answers; null when it answers none of ours.</param>
    /// <param name="now">The time.</param>
    public void Supersede(TrackedResponse? older, Create? answered, long now)
    {
        if (older is null)
        {
            return;
        }

        core.Tolerate("RC-14", "The server began a response before it ended the one that ran; the older one counts as ended.");
        older.IsDone = true;
        older.IsDropped = true;
        older.ByOrder = null;
        EndAudio(older);
        if (slot.Outstanding is { } open && open != answered && open.PerhapsAnswer == older)
        {
            AnsweredBy(open, older, now);
        }

        Conclude(older, FactStatus.Unknown, new TurnOutcome.Incomplete("superseded"), null, now);
    }

    /// <summary>What follows for its turn and its items, whoever has the place now.</summary>
    private void Conclude(TrackedResponse response, FactStatus status, TurnOutcome outcome, TokenUsage? usage, long now)
    {
        if (response.Turn is { } turn)
        {
            turns.ResponseEnded(turn, response, status, outcome, usage);
        }
        else
        {
            core.Effects.Tell(new SessionChange.ResponseEnded(0, response.Id, status, usage));
        }

        silencing.Settle(response, now);
    }

    /// <summary>The end of a response came that had counted as ended before: its tokens are told, once.</summary>
    [LifecycleRule("US-01")]
    public void Count(TrackedResponse response, TokenUsage? usage)
    {
        if (usage is { } counted && !response.IsCounted)
        {
            response.IsCounted = true;
            core.Effects.Tell(new SessionChange.ResponseUsageStated(response.Turn?.Number ?? 0, response.Id, counted));
        }
    }

    /// <summary>No more audio comes of it, so what was heard so far may be all of it.</summary>
    private void EndAudio(TrackedResponse response)
    {
        foreach (TrackedItem item in response.Items)
        {
            item.EndAudio();
        }

        core.Playback.DropWhatIsOver();
    }
}
