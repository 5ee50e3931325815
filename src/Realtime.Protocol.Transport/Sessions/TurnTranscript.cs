using System.Buffers;
using System.Text;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What one turn says and writes, piece by piece, kept by item and part. Pieces of several items may come mixed; each joins its own entry. The whole text that ends a part replaces
/// its pieces, so a half character or a lost piece is not in the result. The result has one line for each part, in the order of the answer and not of arrival.
/// </summary>
internal sealed class TurnTranscript
{
    /// <summary>More parts than any answer has. The text of a part beyond them is not kept, so that no server can make finding an entry dear.</summary>
    public const int MaxEntries = 1_024;

    private readonly List<Entry> _entries = [];
    private bool _hasText;

    /// <summary>A piece of a part.</summary>
    /// <param name="place">Where it belongs.</param>
    /// <param name="text">The piece.</param>
    /// <param name="piece">What a reader of pieces is to see; the first piece of a further entry begins a new line.</param>
    /// <returns>False when there is nothing to see: no text, or a part that is whole already.</returns>
    public bool Append(in Place place, TextView text, out TranscriptPiece piece)
    {
        piece = default;
        return text.MaxLength > 0 && FindOrAdd(place) is { IsWhole: false } entry && Show(entry, text, out piece);
    }

    /// <summary>The whole text of a part. One that is left out or empty says nothing: some services end a part so, and its pieces stand.</summary>
    /// <returns>True when no piece came before it, so that the whole is the first that there is to see.</returns>
    public bool Complete(in Place place, TextView text, out TranscriptPiece piece)
    {
        piece = default;
        if (text.MaxLength == 0 || FindOrAdd(place) is not { IsWhole: false } entry)
        {
            return false;
        }

        entry.IsWhole = true;
        if (entry.Text.WrittenCount == 0)
        {
            return Show(entry, text, out piece);
        }

        entry.Text.ResetWrittenCount();
        Write(entry, text);
        return false;
    }

    /// <summary>The lines, one for each part that has text.</summary>
    public override string ToString()
    {
        var joined = new StringBuilder();
        foreach (Entry entry in _entries.OrderBy(entry => entry.Response).ThenBy(entry => entry.OutputIndex).ThenBy(entry => entry.ContentIndex))
        {
            if (entry.Text.WrittenCount > 0)
            {
                joined.Append(joined.Length > 0 ? "\n" : "").Append(Encoding.UTF8.GetString(entry.Text.WrittenSpan));
            }
        }

        return joined.ToString();
    }

    private bool Show(Entry entry, TextView text, out TranscriptPiece piece)
    {
        bool beginsLine = entry.Text.WrittenCount == 0 && _hasText;
        Write(entry, text);
        _hasText = true;
        piece = new(entry.ItemId, beginsLine ? "\n" + text.ToString() : text.ToString());
        return true;
    }

    private static void Write(Entry entry, TextView text)
    {
        text.TryCopyTo(entry.Text.GetSpan(text.MaxLength), out int written);
        entry.Text.Advance(written);
    }

    // From the end: pieces of one part come in a row, most of the time.
    private Entry? FindOrAdd(in Place place)
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].IsAt(place))
            {
                return _entries[i];
            }
        }

        if (_entries.Count == MaxEntries)
        {
            return null;
        }

        var entry = new Entry(place);
        _entries.Add(entry);
        return entry;
    }

    /// <summary>Where a piece belongs.</summary>
    /// <param name="response">Which response of the turn, counted from 1.</param>
    /// <param name="itemId">The item; empty where the server left it out, and then the output index stands for it.</param>
    /// <param name="outputIndex">The item's place in the response.</param>
    /// <param name="contentIndex">The part of the item.</param>
    internal readonly ref struct Place(int response, ReadOnlySpan<byte> itemId, long outputIndex, long contentIndex)
    {
        public readonly int Response = response;
        public readonly ReadOnlySpan<byte> ItemId = itemId;
        public readonly long OutputIndex = outputIndex;
        public readonly long ContentIndex = contentIndex;
    }

    private sealed class Entry(in Place place)
    {
        private readonly byte[] _itemId = place.ItemId.ToArray();

        public int Response { get; } = place.Response;

        public long OutputIndex { get; } = place.OutputIndex;

        public long ContentIndex { get; } = place.ContentIndex;

        public string ItemId { get; } = Encoding.UTF8.GetString(place.ItemId);

        public ArrayBufferWriter<byte> Text { get; } = new();

        public bool IsWhole { get; set; }

        // An item belongs to one response, so its id finds it even when the next response has begun meanwhile.
        public bool IsAt(in Place place)
        {
            if (place.ContentIndex != ContentIndex)
            {
                return false;
            }

            return place.ItemId.IsEmpty || _itemId.Length == 0
                ? place.Response == Response && place.OutputIndex == OutputIndex
                : place.ItemId.SequenceEqual(_itemId);
        }
    }
}

/// <summary>One piece to show.</summary>
/// <param name="ItemId">The item that it belongs to; empty where the server did not say.</param>
/// <param name="Text">The piece.</param>
internal readonly record struct TranscriptPiece(string ItemId, string Text);
