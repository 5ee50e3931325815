namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The session's view of the conversation: which items exist, and how far the server has confirmed what this session added.
/// Deleted items stay as tombstones, so that a late event cannot bring one back.
/// </summary>
/// <param name="most">How many items are known at once; beyond it the oldest is forgotten, so that no server can make this table grow without end.</param>
internal sealed class ItemTable(int most = ItemTable.MaxItems)
{
    /// <summary>More items than any session of an hour has.</summary>
    public const int MaxItems = 10_000;

    private readonly Queue<TrackedItem> _oldest = new();
    private readonly Dictionary<string, TrackedItem> _items = new(Utf8IdComparer.Instance);
    private readonly List<TrackedItem> _unconfirmed = [];
    private LastFound<TrackedItem> _last = new();
    private long _lastSequence;

    public int Count => _items.Count;

    /// <summary>The order of the conversation, and what was said in it.</summary>
    public ItemMirror Mirror { get; } = new();

    /// <summary>The place of the newest item that this session added.</summary>
    public long LastSequence => _lastSequence;

    public TrackedItem? Find(ReadOnlySpan<byte> id) =>
        _last.TryFind(id, out TrackedItem? last) ? last
        : _last.Keep(id, _items.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(id, out TrackedItem? item) ? item : null);

    public TrackedItem? Find(string id) => _items.GetValueOrDefault(id);

    /// <summary>Every item that is known, whatever became of it.</summary>
    public IEnumerable<TrackedItem> All => _items.Values;

    /// <summary>The one item of which this is true; null when it is true of none, or of several.</summary>
    public TrackedItem? FindOnly(Predicate<TrackedItem> isMeant)
    {
        TrackedItem? found = null;
        foreach (TrackedItem item in _items.Values)
        {
            if (!isMeant(item))
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = item;
        }

        return found;
    }

    /// <summary>The conversation holds this item, or will before the server reads what is sent next: it was confirmed, or sent and not refused.</summary>
    public bool Holds(string id) => Find(id) is { IsOutside: false } item && (item.Presence is ItemPresence.Present || item is { Presence: ItemPresence.Expected, Sequence: > 0 });

    /// <summary>A reference to each item of the conversation that is whole, in order.</summary>
    public List<Item> References()
    {
        var references = new List<Item>();
        foreach (TrackedItem item in Mirror.InOrder)
        {
            if (item is { Presence: ItemPresence.Present, IsOutside: false, Response: null or { IsDone: true } })
            {
                references.Add(new ItemReference { Id = item.Id });
            }
        }

        foreach (TrackedItem item in _unconfirmed)
        {
            if (item.Presence is ItemPresence.Expected)
            {
                references.Add(new ItemReference { Id = item.Id }); // sent before, so it is there when the server reads this
            }
        }

        return references;
    }

    /// <summary>The item, made when the server named it for the first time; the id is not empty.</summary>
    public TrackedItem FindOrExpect(ReadOnlySpan<byte> id) => Find(id) ?? Add(new TrackedItem(FactText.OrNull(id)!));

    /// <summary>An item that this session is about to create.</summary>
    /// <param name="id">Its id, which no other item had.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="position">Where it is to be put; null when nothing is said about it.</param>
    public TrackedItem Announce(string id, ItemFactKind kind, ItemPosition? position = null)
    {
        TrackedItem? after = position is { PreviousItemId: { } previous } ? Find(previous) : null;
        var item = new TrackedItem(id) { Kind = kind, Sequence = ++_lastSequence, Position = position, PositionAfter = after };
        _unconfirmed.Add(item);
        return Add(item);
    }

    /// <summary>The server took the item, or refused it: either way nobody waits for it any longer.</summary>
    public void Settle(TrackedItem item)
    {
        (item.Sent, item.Shown) = (null, null);
        _unconfirmed.Remove(item);
    }

    /// <summary>What this session added and the server has neither taken nor refused, in the order of sending.</summary>
    public IEnumerable<TrackedItem> Unconfirmed => _unconfirmed;

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

    private TrackedItem Add(TrackedItem item)
    {
        if (_oldest.Count == most)
        {
            TrackedItem forgotten = _oldest.Dequeue();
            if (Find(forgotten.Id) == forgotten)
            {
                _items.Remove(forgotten.Id);
            }

            Mirror.Leave(forgotten);
            Settle(forgotten);
        }

        _last.Forget();
        _items[item.Id] = item; // a server may have named an id of ours before we did
        _oldest.Enqueue(item);
        return item;
    }
}
