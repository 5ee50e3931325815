using System.ComponentModel;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Events;

/// <summary>A JSON object whose values are strings, such as metadata, where it lies in a message. Valid as long as the message's buffer is.</summary>
public readonly ref struct StringMapView : IJsonView<StringMapView>
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly Slot _slot;

    /// <summary>The map at this place of a checked message.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public StringMapView(ReadOnlySpan<byte> message, Slot slot)
    {
        _message = message;
        _slot = slot;
    }

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence => _slot.Presence;

    /// <summary>True when there is a map (which may be empty), neither absent nor <c>null</c>.</summary>
    public bool HasValue => _slot.HasValue;

    /// <summary>The number of pairs; counted anew at each call.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (Pair _ in this)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>The value of this key. False when there is none.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out TextView value)
    {
        foreach (Pair pair in this)
        {
            if (pair.Key.ValueEquals(key))
            {
                value = pair.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Enumerates the pairs in their order; none when absent or <c>null</c>.</summary>
    public Enumerator GetEnumerator() => new(_message, _slot);

    /// <inheritdoc/>
    static bool IJsonView<StringMapView>.Validate(ref JsonCursor json)
    {
        if (!json.BeginKnownObject(out bool more))
        {
            return false;
        }

        while (more)
        {
            Slot value = default;
            if (!json.ReadName(out _) || !json.ReadText(ref value, nullable: false) || !json.NextMember(out more))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    static int IJsonView<StringMapView>.PassInOrder(ReadOnlySpan<byte> json, int at, int depth, NestedTable? nested) => OrderedReader.PassStrictly<StringMapView>(json, at, depth);

    /// <inheritdoc/>
    static StringMapView IJsonView<StringMapView>.Bind(ReadOnlySpan<byte> json, Slot slot, NestedMembers nested) => new(json, slot);

    /// <summary>One pair of a map.</summary>
    public readonly ref struct Pair
    {
        internal Pair(TextView key, TextView value)
        {
            Key = key;
            Value = value;
        }

        /// <summary>The key.</summary>
        public TextView Key { get; }

        /// <summary>The value.</summary>
        public TextView Value { get; }
    }

    /// <summary>Walks over the pairs of a map that was checked before.</summary>
    [Cursor]
    public ref struct Enumerator
    {
        private JsonCursor _cursor;
        private Slot _key;
        private Slot _value;
        private bool _more;
        private bool _started;

        internal Enumerator(ReadOnlySpan<byte> message, Slot slot)
        {
            _cursor = JsonCursor.OfChecked(message, slot.Start);
            if (slot.HasValue)
            {
                _cursor.BeginObject(out _more);
            }
        }

        /// <summary>The pair.</summary>
        public readonly Pair Current => new(new TextView(_cursor.Json, _key), new TextView(_cursor.Json, _value));

        /// <summary>Goes to the next pair.</summary>
        public bool MoveNext()
        {
            if (_started && _more)
            {
                _cursor.NextMember(out _more);
            }

            _started = true;
            _value = default;
            return _more && _cursor.ReadName(out _key) && _cursor.ReadText(ref _value, nullable: false);
        }
    }
}
