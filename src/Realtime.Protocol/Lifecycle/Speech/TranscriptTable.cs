using System.Runtime.InteropServices;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The transcripts of the user's speech that are not whole yet, by item and part, or whose item is not known yet. They come when they like: before their item, after the answer, in any order of items, or never.
/// What the model says is not here: it belongs to its turn. How likely each token was decides nothing, and is not kept.
/// </summary>
internal sealed class TranscriptTable(SessionCore session)
{
    /// <summary>How many items may have transcripts that nobody waits for, most of them because the item does not exist yet; then the oldest is given up.</summary>
    public const int MaxUnawaited = 64;

    private readonly Dictionary<string, TranscriptEntry> _byItem = new(Utf8IdComparer.Instance);
    private readonly List<TranscriptEntry> _unawaited = [];
    private TranscriptEntry? _last;

    /// <summary>When the first transcript that nobody waits for is given up; never, when there is none.</summary>
    public long DueAt
    {
        get
        {
            long due = long.MaxValue;
            foreach (TranscriptEntry entry in CollectionsMarshal.AsSpan(_unawaited))
            {
                due = Math.Min(due, entry.AliveAt + session.Settings.TranscriptTimeout);
            }

            return due;
        }
    }

    /// <summary>What the event that was received last added to the transcript of an utterance: valid until the next one.</summary>
    public ReadOnlySpan<byte> Piece => _last is { } entry ? entry.Piece : default;

    /// <summary>An event of a transcript.</summary>
    /// <returns>The utterance that the event has a piece for; 0 when there is none to see.</returns>
    [LifecycleRule("TX-01")]
    public int Hear(in SessionFact fact, long now)
    {
        TrackedItem? item = session.Items.Find(fact.ItemId);
        if (fact.ItemId.IsEmpty || (uint)fact.ContentIndex >= TrackedItem.MaxParts || item?.HasEndedTranscript(fact.ContentIndex) is true)
        {
            return 0;
        }

        TranscriptEntry entry = FindOrAdd(fact, item, now);
        if (entry.Outcome is not null)
        {
            return 0; // said twice before its item came
        }

        entry.AliveAt = now;
        UtteranceTable.Keep(item?.Utterance, now);
        bool isNews = Take(entry, fact);
        _last = isNews && item?.Utterance is { HasEnded: false } ? entry : null;
        if (entry.Outcome is not null && item is not null && Exists(item))
        {
            TryEnd(item);
        }

        return _last is null ? 0 : item!.Utterance!.Number;
    }

    /// <summary>An item is there: what came of its transcripts before is told.</summary>
    public void Arrived(TrackedItem item)
    {
        if (item.Utterance is { HasEnded: false })
        {
            Await(item.Id);
        }

        TryEnd(item);
    }

    /// <summary>Tells the transcripts of the item that have ended; true when its utterance ended with one. What they cost is theirs, and no turn's.</summary>
    [LifecycleRule("TX-05")]
    public bool TryEnd(TrackedItem item)
    {
        bool hasEnded = false;
        TranscriptEntry? rest = null;
        TranscriptEntry? entry = _byItem.GetValueOrDefault(item.Id);
        while (entry is not null)
        {
            TranscriptEntry? next = entry.Next;
            if (entry.Outcome is { } outcome)
            {
                item.EndTranscript(entry.ContentIndex);
                UtteranceResult result = entry.Result(outcome);
                session.Effects.Tell(new SessionChange.ItemTranscribed(item.Id, entry.ContentIndex, result));
                if (outcome is UtteranceOutcome.Transcribed)
                {
                    session.Items.Mirror.SetTranscript(item, entry.ContentIndex, entry.Text);
                    session.Effects.Tell(new SessionChange.ItemChanged(item.Id));
                }

                if (item.Utterance is { HasEnded: false } utterance)
                {
                    session.Utterances.End(utterance, result);
                    hasEnded = true;
                }
            }
            else
            {
                entry.Next = rest;
                rest = entry;
            }

            entry = next;
        }

        if (rest is not null && !hasEnded)
        {
            _byItem[item.Id] = rest;
        }
        else if (_byItem.Remove(item.Id))
        {
            Await(item.Id);
        }

        return hasEnded;
    }

    /// <summary>Nobody waits for the item's transcripts any more: what has come of the first of them.</summary>
    public UtteranceResult Give(TrackedItem item, UtteranceOutcome outcome)
    {
        TranscriptEntry? entry = _byItem.GetValueOrDefault(item.Id);
        if (_byItem.Remove(item.Id))
        {
            Await(item.Id);
        }

        return entry is null ? new() { Outcome = outcome } : entry.Result(outcome);
    }

    /// <summary>The item is gone, and with it whatever its transcripts would have said.</summary>
    public void Gone(TrackedItem item)
    {
        item.EndAllTranscripts();
        if (item.Utterance is { HasEnded: false } utterance)
        {
            session.Utterances.End(utterance, UtteranceOutcome.Discarded);
        }
        else
        {
            Give(item, UtteranceOutcome.Discarded);
        }
    }

    /// <summary>Gives up the transcripts that nobody waits for and of which nothing was heard for long.</summary>
    public void EndOverdue(long now)
    {
        foreach (TranscriptEntry entry in _unawaited.ToArray())
        {
            if (now - entry.AliveAt >= session.Settings.TranscriptTimeout)
            {
                GiveUp(entry);
            }
        }
    }

    private static bool Exists(TrackedItem item) => item.IsCommitted || item.Utterance is not null || item.Presence is not ItemPresence.Expected;

    private bool Take(TranscriptEntry entry, in SessionFact fact)
    {
        switch (fact.Kind)
        {
            case SessionFactKind.InputTranscriptDelta:
                bool isKept = entry.Append(fact.Transcript.Text);
                if (!isKept)
                {
                    session.Tolerate("LIMIT", "The server sent a transcript of more than 1 MiB of one item; what is beyond it is left out.");
                }

                return isKept;
            case SessionFactKind.InputTranscriptSegment:
                entry.Add(fact.Transcript);
                return false;
            case SessionFactKind.InputTranscriptCompleted:
                return entry.Complete(fact.Transcript);
            default:
                entry.Fail(ErrorReach.Describe(fact));
                return false;
        }
    }

    private TranscriptEntry FindOrAdd(in SessionFact fact, TrackedItem? item, long now)
    {
        _byItem.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(fact.ItemId, out TranscriptEntry? first);
        for (TranscriptEntry? entry = first; entry is not null; entry = entry.Next)
        {
            if (entry.ContentIndex == fact.ContentIndex)
            {
                return entry;
            }
        }

        var added = new TranscriptEntry(item?.Id ?? FactText.OrNull(fact.ItemId)!, fact.ContentIndex) { AliveAt = now };
        if (first is null)
        {
            _byItem.Add(added.ItemId, added);
        }
        else
        {
            (added.Next, first.Next) = (first.Next, added);
        }

        if (first is null && item?.Utterance is not { HasEnded: false })
        {
            if (_unawaited.Count == MaxUnawaited)
            {
                GiveUp(_unawaited[0]);
            }

            _unawaited.Add(added);
        }

        return added;
    }

    private void GiveUp(TranscriptEntry entry)
    {
        _byItem.Remove(entry.ItemId);
        _unawaited.Remove(entry);
        if (session.Items.Find(entry.ItemId) is not { } item || !Exists(item))
        {
            session.Tolerate("TX-01", "The server sent a transcript of an item that never came; it is dropped.");
        }
    }

    /// <summary>Somebody waits for the item's transcripts, or they have ended.</summary>
    private void Await(string itemId)
    {
        if (_unawaited.Count > 0)
        {
            _unawaited.RemoveAll(entry => entry.ItemId == itemId);
        }
    }
}
