using System.Runtime.InteropServices;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The user's utterances that have not ended, and the only code that ends one. An utterance begins where the server hears speech, or with a commit, and ends once: with its transcript, or when it is known that
/// there will be none. Which texts are whose is the transcripts' own matter (<see cref="TranscriptTable"/>).
/// </summary>
internal sealed class UtteranceTable(SessionCore session)
{
    /// <summary>More than wait for a transcript in any session; beyond it the oldest waits no longer, so that no server can make this table grow without end.</summary>
    public const int MaxLive = 256;

    private readonly List<UtteranceState> _live = [];

    /// <summary>When the first of them has waited long enough for its transcript; never, when none waits. The one that the user speaks waits for nothing.</summary>
    public long DueAt
    {
        get
        {
            long due = long.MaxValue;
            foreach (UtteranceState utterance in CollectionsMarshal.AsSpan(_live))
            {
                if (!IsBeingSpoken(utterance))
                {
                    due = Math.Min(due, Math.Max(utterance.AliveAt, utterance.IsSpoken ? session.SpeechAliveAt : 0) + session.Settings.TranscriptTimeout);
                }
            }

            return due;
        }
    }

    /// <summary>The server hears speech. Said twice of one item, it is one utterance.</summary>
    public UtteranceState Started(ReadOnlySpan<byte> itemId, long now)
    {
        if (FindSpoken(itemId) is { IsStopped: false } again)
        {
            return again;
        }

        UtteranceState utterance = Begin(turn: 0, now);
        utterance.IsSpoken = true;
        Name(utterance, itemId);
        return utterance;
    }

    /// <summary>The server no longer hears it. Where its beginning was lost, it begins here.</summary>
    public UtteranceState Stopped(ReadOnlySpan<byte> itemId, long now)
    {
        UtteranceState utterance = FindSpoken(itemId) ?? LastSpoken() ?? Begin(turn: 0, now);
        utterance.IsSpoken = true;
        utterance.IsStopped = true;
        utterance.AliveAt = now;
        Name(utterance, itemId);
        return utterance;
    }

    /// <summary>A commit of ours leaves; what it commits is an utterance from now on.</summary>
    /// <param name="turn">The turn that answers it; 0 when none was asked for.</param>
    /// <param name="now">The time.</param>
    public UtteranceState Asked(int turn, long now)
    {
        // The server's detection was turned off while it heard somebody: what it heard is part of what is committed now, and it commits nothing any more.
        while (LastSpoken() is { } spoken)
        {
            End(spoken, UtteranceOutcome.Discarded);
        }

        return Begin(turn, now);
    }

    /// <summary>The user's audio became an item.</summary>
    /// <param name="itemId">The item; empty where the server left it out.</param>
    /// <param name="asked">What our own commit was about; null when the server committed by itself.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null when nobody spoke: the server committed the user's silence.</returns>
    public UtteranceState? Committed(ReadOnlySpan<byte> itemId, UtteranceState? asked, long now)
    {
        TrackedItem? item = itemId.IsEmpty ? null : session.Items.FindOrExpect(itemId);
        if (item is { IsSilence: true })
        {
            return null;
        }

        UtteranceState utterance = asked ?? item?.Utterance ?? LastSpoken() ?? Begin(turn: 0, now);
        utterance.IsSpoken = false;
        utterance.IsCommitted = true;
        utterance.AliveAt = now;
        Name(utterance, itemId);
        return utterance;
    }

    /// <summary>What becomes of its transcript is known at once where it came before the item, or where none is made.</summary>
    public void Settle(UtteranceState utterance)
    {
        if (utterance.HasEnded || (utterance.Item is { } item && session.Transcripts.TryEnd(item)) || session.Transcribes)
        {
            return;
        }

        End(utterance, UtteranceOutcome.NotTranscribed);
    }

    /// <summary>The input was cleared: what was not committed never becomes an item. What we have asked to be committed since is behind the clear.</summary>
    public void Cleared()
    {
        foreach (UtteranceState utterance in _live.ToArray())
        {
            if (utterance.IsSpoken)
            {
                End(utterance, UtteranceOutcome.Discarded);
            }
        }
    }

    /// <summary>A transcription goes on.</summary>
    public static void Keep(UtteranceState? utterance, long now)
    {
        if (utterance is not null)
        {
            utterance.AliveAt = now;
        }
    }

    /// <summary>No word has come for long: nobody waits for ever.</summary>
    [LifecycleRule("TX-03")]
    public void EndOverdue(long now)
    {
        foreach (UtteranceState utterance in _live.ToArray())
        {
            if (!IsBeingSpoken(utterance) && now - Math.Max(utterance.AliveAt, utterance.IsSpoken ? session.SpeechAliveAt : 0) >= session.Settings.TranscriptTimeout)
            {
                End(utterance, UtteranceOutcome.NotTranscribed);
            }
        }
    }

    public void EndAll()
    {
        foreach (UtteranceState utterance in _live.ToArray())
        {
            End(utterance, UtteranceOutcome.Disconnected);
        }
    }

    /// <summary>Ends it without its whole transcript. The second time does nothing.</summary>
    public void End(UtteranceState utterance, UtteranceOutcome outcome, ServerError? error = null)
    {
        UtteranceResult result = utterance.Item is { } item && item.Utterance == utterance ? session.Transcripts.Give(item, outcome) : new() { Outcome = outcome };
        End(utterance, error is null ? result : result with { Error = error });
    }

    /// <summary>The one end of an utterance.</summary>
    public void End(UtteranceState utterance, UtteranceResult result)
    {
        if (!utterance.HasEnded)
        {
            utterance.HasEnded = true;
            _live.Remove(utterance);
            session.Effects.Tell(new SessionChange.UtteranceEnded(utterance.Number, result));
        }
    }

    private bool IsBeingSpoken(UtteranceState utterance) => utterance is { IsSpoken: true, IsStopped: false } && session.UserSpeaks;

    private UtteranceState? FindSpoken(ReadOnlySpan<byte> itemId) => itemId.IsEmpty
        ? LastSpoken()
        : session.Items.Find(itemId)?.Utterance is { HasEnded: false, IsSpoken: true } utterance ? utterance : null;

    /// <summary>The last that the server heard and did not commit: where it commits another item than it named before, that one is meant.</summary>
    private UtteranceState? LastSpoken()
    {
        for (int i = _live.Count - 1; i >= 0; i--)
        {
            if (_live[i].IsSpoken)
            {
                return _live[i];
            }
        }

        return null;
    }

    private UtteranceState Begin(int turn, long now)
    {
        if (_live.Count == MaxLive)
        {
            End(_live[0], UtteranceOutcome.NotTranscribed);
        }

        var utterance = new UtteranceState(session.Settings.Numbers.NextUtterance()) { AliveAt = now };
        _live.Add(utterance);
        session.Effects.Tell(new SessionChange.UtteranceBegan(utterance.Number, turn));
        return utterance;
    }

    private void Name(UtteranceState utterance, ReadOnlySpan<byte> itemId)
    {
        if (itemId.IsEmpty)
        {
            return;
        }

        TrackedItem item = session.Items.FindOrExpect(itemId);
        if (utterance.Item is { } before && before != item && before.Utterance == utterance)
        {
            before.Utterance = null;
        }

        utterance.Item = item;
        item.Utterance = utterance;
    }
}
