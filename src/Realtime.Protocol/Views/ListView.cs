using System.ComponentModel;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Events;

/// <summary>A JSON array where it lies in a message; its elements become views as they are enumerated. Valid as long as the message's buffer is.</summary>
/// <typeparam name="TView">The view of an element.</typeparam>
public readonly ref struct ListView<TView>
    where TView : struct, IJsonView<TView>, allows ref struct
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly Slot _slot;
    private readonly NestedMembers _nested;

    /// <summary>The array at this place of a checked message.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ListView(ReadOnlySpan<byte> message, Slot slot, NestedMembers nested = default)
    {
        _message = message;
        _slot = slot;
        _nested = nested;
    }

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence => _slot.Presence;

    /// <summary>True when there is an array (which may be empty), neither absent nor <c>null</c>.</summary>
    public bool HasValue => _slot.HasValue;

    /// <summary>The number of elements; counted anew at each call.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (TView _ in this)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>The array as it stands in the message; empty when absent or <c>null</c>.</summary>
    public ReadOnlySpan<byte> Json => _slot.HasValue ? _slot.In(_message) : default;

    /// <summary>Enumerates the elements; none when absent or <c>null</c>.</summary>
    public Enumerator GetEnumerator() => new(_message, _slot, _nested);

    /// <summary>Walks over the elements of an array that was checked before.</summary>
    [Cursor]
    public ref struct Enumerator
    {
        private readonly NestedMembers _nested;
        private JsonCursor _cursor;
        private Slot _current;
        private bool _more;
        private bool _started;

        internal Enumerator(ReadOnlySpan<byte> message, Slot slot, NestedMembers nested)
        {
            _nested = nested;
            _cursor = JsonCursor.OfChecked(message, slot.Start);
            if (slot.HasValue)
            {
                _cursor.BeginArray(out _more);
            }
        }

        /// <summary>The element.</summary>
        public readonly TView Current => TView.Bind(_cursor.Json, _current, _nested);

        /// <summary>Goes to the next element.</summary>
        public bool MoveNext()
        {
            if (_started && _more)
            {
                _cursor.NextElement(out _more);
            }

            _started = true;
            return _more && _cursor.Skip(out _current);
        }
    }
}
