namespace Realtime.Protocol.Lifecycle;

/// <summary>The items of a response as its last word has them; each is the fact of an item that is done. Borrows the message, as the fact does that it is in.</summary>
public readonly ref struct OutputWords
{
    private readonly ListView<ItemView> _items;
    private readonly ReadOnlySpan<byte> _responseId;
    private readonly Originals _originals;

    internal OutputWords(ListView<ItemView> items, ReadOnlySpan<byte> responseId, Originals originals)
    {
        _items = items;
        _responseId = responseId;
        _originals = originals;
    }

    /// <summary>Enumerates the items; none where the event has no output.</summary>
    public Enumerator GetEnumerator() => new(_items.GetEnumerator(), _responseId, _originals);

    /// <summary>Walks over the items.</summary>
    [Cursor]
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _responseId;
        private readonly Originals _originals;
        private ListView<ItemView>.Enumerator _items;
        private int _index;

        internal Enumerator(ListView<ItemView>.Enumerator items, ReadOnlySpan<byte> responseId, Originals originals)
        {
            _items = items;
            _responseId = responseId;
            _originals = originals;
            _index = -1;
        }

        /// <summary>The item; an element that was odd as a whole is left out, so the index is the first one's that it can be.</summary>
        public readonly SessionFact Current => ItemWords.OfOutput(SessionFactKind.OutputItemDone, _items.Current, _responseId, _index, _originals);

        /// <summary>Goes to the next item.</summary>
        public bool MoveNext()
        {
            _index++;
            return _items.MoveNext();
        }
    }
}
