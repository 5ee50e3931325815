using System.ComponentModel;
using Realtime.Protocol.Views;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Events;

/// <summary>An array of values of an enumeration where it lies in a message. Valid as long as the message's buffer is.</summary>
/// <typeparam name="TEnum">The enumeration of the values known today.</typeparam>
/// <typeparam name="TNames">Its names on the wire.</typeparam>
public readonly ref struct EnumListView<TEnum, TNames>
    where TEnum : struct, Enum
    where TNames : IEnumNames<TEnum>
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly Slot _slot;

    /// <summary>The array at this place of a checked message.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public EnumListView(ReadOnlySpan<byte> message, Slot slot)
    {
        _message = message;
        _slot = slot;
    }

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence => _slot.Presence;

    /// <summary>True when there is an array (which may be empty), neither absent nor <c>null</c>.</summary>
    public bool HasValue => _slot.HasValue;

    /// <summary>The number of elements; counted anew at each call.</summary>
    public int Count => new ListView<TextView>(_message, _slot).Count;

    /// <summary>Enumerates the values; none when absent or <c>null</c>.</summary>
    public Enumerator GetEnumerator() => new(_message, _slot);

    /// <summary>Walks over the values of an array that was checked before.</summary>
    [Cursor]
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _message;
        private ListView<TextView>.Enumerator _texts;

        internal Enumerator(ReadOnlySpan<byte> message, Slot slot)
        {
            _message = message;
            _texts = new ListView<TextView>(message, slot).GetEnumerator();
        }

        /// <summary>The value.</summary>
        public readonly EnumView<TEnum> Current => EnumReader.Read<TEnum, TNames>(_message, _texts.Current.Slot);

        /// <summary>Goes to the next value.</summary>
        public bool MoveNext() => _texts.MoveNext();
    }
}
