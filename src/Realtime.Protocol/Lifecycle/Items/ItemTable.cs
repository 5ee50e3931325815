namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The session's view of the conversation: which items exist, which of them may still be playing, and how far the server has confirmed what this session added.
/// Deleted items stay as tombstones, so that a late event cannot bring one back.
/// </summary>
internal sealed class ItemTable
{
    /// <summary>More items than any session of an hour has; beyond it the oldest is forgotten, so that no server can make this table grow without end.</summary>
    public const int MaxItems = 10_000;

    private readonly Queue<TrackedItem> _oldest = new();
    private readonly Dictionary<string, TrackedItem> _items = new(Utf8IdComparer.Instance);
    private readonly List<TrackedItem> _unconfirmed = [];
    private readonly List<TrackedItem> _audible = [];
    private long _lastSequence;
    private int _lastOrder;

    public int Count => _items.Count;

    /// <summary>Items with audio that was neither heard to the end nor cut, in the order in which they are played.</summary>
    public IReadOnlyList<TrackedItem> Audible => _audible;

    /// <summary>The place of the newest item that this session added.</summary>
    public long LastSequence => _lastSequence;

    public TrackedItem? Find(ReadOnlySpan<byte> id) => _items.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(id, out TrackedItem? item) ? item : null;

    public TrackedItem? Find(string id) => _items.GetValueOrDefault(id);

    /// <summary>The item, made when the server named it for the first time.</summary>
    public TrackedItem FindOrExpect(ReadOnlySpan<byte> id)
    {
        if (Find(id) is { } known)
        {
            return known;
        }

        return Add(new TrackedItem(FactText.OrNull(id) ?? string.Empty, ++_lastOrder));
    }

    /// <summary>An item that this session is about to create.</summary>
    public TrackedItem Announce(string id, ItemFactKind kind)
    {
        var item = new TrackedItem(id, ++_lastOrder) { Kind = kind, Sequence = ++_lastSequence };
        _unconfirmed.Add(item);
        return Add(item);
    }

    /// <summary>The server took the item, or refused it: either way nobody waits for it any longer.</summary>
    public void Settle(TrackedItem item) => _unconfirmed.Remove(item);

    /// <summary>True when every item that this session added, up to the given place, has been settled.</summary>
    public bool AreConfirmed(long sequence)
    {
        foreach (TrackedItem item in _unconfirmed)
        {
            if (item.Sequence <= sequence)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The item has audio for the user. Audio of a later item may come first; it is still played later.</summary>
    public void MakeAudible(TrackedItem item)
    {
        if (item.IsAudible)
        {
            return;
        }

        item.IsAudible = true;
        int place = _audible.Count;
        while (place > 0 && _audible[place - 1].Order > item.Order)
        {
            place--;
        }

        _audible.Insert(place, item);
    }

    /// <summary>There is nothing left to hear of it.</summary>
    public void MakeInaudible(TrackedItem item)
    {
        item.IsAudible = false;
        _audible.Remove(item);
    }

    /// <summary>
    /// The application played some of <paramref name="item"/>. Playback runs in order, so whatever came before it was heard; an item that is whole and played is heard as well.
    /// </summary>
    public void Played(TrackedItem item)
    {
        if (!item.IsAudible)
        {
            return;
        }

        while (_audible[0] != item)
        {
            MakeInaudible(_audible[0]);
        }

        DropIfHeard(item);
    }

    /// <summary>Takes out an item of which all audio has come and was played.</summary>
    public void DropIfHeard(TrackedItem item)
    {
        AudioPart audio = item.Audio;
        if (audio.IsWhole && audio.Played >= audio.Received)
        {
            MakeInaudible(item);
        }
    }

    private TrackedItem Add(TrackedItem item)
    {
        if (_oldest.Count == MaxItems)
        {
            TrackedItem forgotten = _oldest.Dequeue();
            _items.Remove(forgotten.Id);
            Settle(forgotten);
            MakeInaudible(forgotten);
        }

        _items.Add(item.Id, item);
        _oldest.Enqueue(item);
        return item;
    }
}
