using System.Collections.ObjectModel;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The conversation as the server's events state it: which items it holds, in which order, and what was said in them. The order is a linked list through the items of
/// <see cref="ItemTable"/>, which knows everything else about them; sound is never kept. It decides nothing.
/// </summary>
internal sealed class ItemMirror
{
    /// <summary>The content that is kept, in bytes; beyond it the oldest content is forgotten, so that no server can fill the memory. A conversation of an hour has a tenth of it.</summary>
    public const long MaxContentBytes = 4 * 1024 * 1024;

    private readonly Queue<TrackedItem> _oldestContent = new();
    private IReadOnlyList<ConversationItem>? _snapshot;
    private bool _hasNamedPredecessor;
    private TrackedItem? _first;
    private TrackedItem? _last;

    /// <summary>How many items the conversation holds, as far as is known here.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes of content are kept.</summary>
    public long ContentBytes { get; private set; }

    /// <summary>The items in order: a value, and the same one until something changes.</summary>
    public IReadOnlyList<ConversationItem> Snapshot => _snapshot ??= Take();

    /// <summary>The items in order, for those who look at more than their values.</summary>
    public IEnumerable<TrackedItem> InOrder
    {
        get
        {
            for (TrackedItem? item = _first; item is not null; item = item.Next)
            {
                yield return item;
            }
        }
    }

    /// <summary>
    /// The server said that the conversation holds the item, and perhaps behind which one. Without a word about it, it is where this session asked for it, or at the end. Null says that there is none before it;
    /// of a server that never names one it says nothing, for some always send null.
    /// </summary>
    /// <param name="item">Not placed yet.</param>
    /// <param name="fact">What the server said of its place.</param>
    /// <param name="named">The item that it named; null when that is not known here.</param>
    /// <returns>False when the item before it is unknown or gone: then it stands at the end, and is not lost (IT-04).</returns>
    [LifecycleRule("IT-04")]
    public bool Enter(TrackedItem item, in SessionFact fact, TrackedItem? named)
    {
        bool isStart = fact.PreviousItemId.SequenceEqual("root"u8) || (item.Position is { PreviousItemId: "root" } && fact.PreviousItemId.IsEmpty);
        bool isFound = true;
        TrackedItem? before = _last;
        if (isStart || (fact.PreviousItem is Presence.Null && _hasNamedPredecessor && item.Position is null or { PreviousItemId: null }))
        {
            before = null;
        }
        else if (!fact.PreviousItemId.IsEmpty)
        {
            _hasNamedPredecessor = true;
            isFound = named is { IsPlaced: true } || ReferenceEquals(named, item);
            before = named is { IsPlaced: true } ? named : _last;
        }
        else if (item.PositionAfter is { IsPlaced: true } asked)
        {
            before = asked;
        }

        Insert(item, before);
        item.PositionAfter = null;
        return isFound;
    }

    /// <summary>The conversation does not hold it any more, or too much is known to keep it.</summary>
    public void Leave(TrackedItem item)
    {
        Forget(item);
        item.PositionAfter = null; // items that were put behind each other would keep each other for ever
        if (!item.IsPlaced)
        {
            return;
        }

        Join(item.Previous, item.Next);
        (item.Previous, item.Next, item.IsPlaced) = (null, null, false);
        Count--;
        _snapshot = null;
    }

    /// <summary>
    /// What the server says that the item is. Words that came by themselves stay where it says none, for those of the user's speech do; and nothing has the last word after
    /// <c>conversation.item.done</c> but another one.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="said">As it stands in an event.</param>
    /// <param name="isLastWord">The event is the authority on the item (IT-02).</param>
    public void Keep(TrackedItem item, ItemView said, bool isLastWord)
    {
        if (!said.HasValue || item.Presence is ItemPresence.Deleted || (item.HasLastWord && !isLastWord))
        {
            return;
        }

        item.HasLastWord = isLastWord;
        item.Value = ItemReading.Of(said, withBytes: false);
        item.ValueBytes = ItemReading.LengthOf(item.Value);
        if (item.Value is ConversationItem.Message message)
        {
            item.Words?.GiveWayTo(message.Content);
        }

        Changed(item);
        Measure(item);
    }

    /// <summary>A piece of a part's words, or all of them: what is whole replaces the pieces.</summary>
    /// <param name="item">The item.</param>
    /// <param name="contentIndex">The part.</param>
    /// <param name="words">The words, and what they are.</param>
    public void Hear(TrackedItem item, int contentIndex, PartWords words)
    {
        if (words.Text.MaxLength == 0 || (uint)contentIndex >= TrackedItem.MaxParts || item.Presence is ItemPresence.Deleted || item is { HasLastWord: true, Response: not null })
        {
            return;
        }

        (item.Words ??= new()).Hear(contentIndex, words);
        Changed(item);
        Measure(item);
    }

    /// <summary>The words of a part of sound, all of them, from whoever wrote them down.</summary>
    public void SetTranscript(TrackedItem item, int contentIndex, ReadOnlySpan<byte> utf8)
    {
        if ((uint)contentIndex < TrackedItem.MaxParts && item.Presence is not ItemPresence.Deleted)
        {
            (item.Words ??= new()).Set(contentIndex, utf8);
            Changed(item);
            Measure(item);
        }
    }

    /// <summary>Something about the item is otherwise now.</summary>
    public void Changed(TrackedItem item) => (item.Shown, _snapshot) = (null, null);

    /// <summary>The item as a value; the same one until it changes.</summary>
    public static ConversationItem ValueOf(TrackedItem item) => item.Shown ??= ItemReading.Show(item);

    private ReadOnlyCollection<ConversationItem> Take()
    {
        var items = new ConversationItem[Count];
        int place = 0;
        foreach (TrackedItem item in InOrder)
        {
            items[place++] = ValueOf(item);
        }

        return Array.AsReadOnly(items);
    }

    private void Insert(TrackedItem item, TrackedItem? before)
    {
        TrackedItem? after = before is null ? _first : before.Next;
        Join(before, item);
        Join(item, after);
        item.IsPlaced = true;
        Count++;
        _snapshot = null;
    }

    /// <summary>Makes these two neighbours; nothing stands for an end of the list.</summary>
    private void Join(TrackedItem? left, TrackedItem? right)
    {
        if (left is null)
        {
            _first = right;
        }
        else
        {
            left.Next = right;
        }

        if (right is null)
        {
            _last = left;
        }
        else
        {
            right.Previous = left;
        }
    }

    /// <summary>Counts the item's content anew, and forgets the oldest where it has become too much.</summary>
    private void Measure(TrackedItem item)
    {
        long bytes = item.ValueBytes + (item.Words?.Length ?? 0);
        if (item.ContentBytes == 0 && bytes > 0)
        {
            _oldestContent.Enqueue(item);
            while (_oldestContent.TryPeek(out TrackedItem? empty) && empty.ContentBytes == 0 && !ReferenceEquals(empty, item))
            {
                _oldestContent.Dequeue(); // it has left, and is not kept for a place in this queue
            }
        }

        ContentBytes += bytes - item.ContentBytes;
        item.ContentBytes = bytes;
        while (ContentBytes > MaxContentBytes && _oldestContent.TryDequeue(out TrackedItem? oldest))
        {
            Forget(oldest);
        }
    }

    private void Forget(TrackedItem item)
    {
        ContentBytes -= item.ContentBytes;
        item.ContentBytes = item.ValueBytes = 0;
        item.Words?.Clear();
        item.Words = null;
        item.Value = item.Value is { } value ? ItemReading.WithoutContent(value) : null;
        Changed(item);
    }
}
