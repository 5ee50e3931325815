using System.Buffers;
using System.ComponentModel;
using System.Text;
using System.Text.Unicode;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Events;

/// <summary>
/// Text where it lies in a message: nothing is copied or decoded until asked for. Valid as long as the message's buffer
/// is; <see cref="ToString"/> and the copies are yours to keep. The text was checked when the message was read, so no
/// method here can meet invalid UTF-8 or a broken escape.
/// </summary>
public readonly ref struct TextView : IJsonView<TextView>
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly Slot _slot;

    /// <summary>The text at this place of a checked message.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public TextView(ReadOnlySpan<byte> message, Slot slot)
    {
        _message = message;
        _slot = slot;
    }

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence => _slot.Presence;

    /// <summary>True when there is text (which may be empty), neither absent nor <c>null</c>.</summary>
    public bool HasValue => _slot.HasValue;

    /// <summary>True when the text holds JSON escapes, so that <see cref="Raw"/> is not the text itself.</summary>
    public bool IsEscaped => _slot.IsEscaped;

    /// <summary>The text as it stands in the message, without quotes and with escapes; empty when absent or <c>null</c>.</summary>
    public ReadOnlySpan<byte> Raw => _slot.HasValue ? _slot.In(_message) : default;

    /// <summary>An upper bound of the text's length, in UTF-8 bytes and in UTF-16 characters alike.</summary>
    public int MaxLength => _slot.HasValue ? _slot.Length : 0;

    internal Slot Slot => _slot;

    /// <summary>Copies the text as UTF-8. False, with nothing written that counts, when the destination is too small.</summary>
    public bool TryCopyTo(Span<byte> destination, out int written)
    {
        if (_slot.IsEscaped)
        {
            return JsonEscapes.TryDecode(Raw, destination, out written);
        }

        bool copied = Raw.TryCopyTo(destination);
        written = copied ? Raw.Length : 0;
        return copied;
    }

    /// <summary>Copies the text as UTF-16. False, with nothing written that counts, when the destination is too small.</summary>
    public bool TryCopyTo(Span<char> destination, out int written)
    {
        if (!_slot.IsEscaped)
        {
            bool fits = Encoding.UTF8.TryGetChars(Raw, destination, out written);
            written = fits ? written : 0;
            return fits;
        }

        return TryCopyEscaped(destination, out written);
    }

    /// <summary>True when there is a value and it is this text.</summary>
    public bool ValueEquals(ReadOnlySpan<byte> utf8) => _slot.HasValue && JsonEscapes.ValueEquals(_message, _slot, utf8);

    /// <summary>True when there is a value and it is this text. Allocates for text of more than 256 bytes of UTF-8. No text of a message has a surrogate without its partner.</summary>
    public bool ValueEquals(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _slot.HasValue && EqualsDecoded(text);
    }

    /// <summary>A copy as a string. Allocates. Empty when absent or <c>null</c>.</summary>
    public override string ToString()
    {
        if (!_slot.IsEscaped)
        {
            return Encoding.UTF8.GetString(Raw);
        }

        byte[] decoded = new byte[JsonEscapes.DecodedLength(Raw)];
        JsonEscapes.TryDecode(Raw, decoded, out int written);
        return Encoding.UTF8.GetString(decoded, 0, written);
    }

    /// <inheritdoc/>
    static bool IJsonView<TextView>.Validate(ref JsonCursor json)
    {
        Slot slot = default;
        return json.ReadText(ref slot, nullable: false);
    }

    /// <inheritdoc/>
    static int IJsonView<TextView>.PassInOrder(ReadOnlySpan<byte> json, int at, int depth, NestedTable? nested)
    {
        Slot slot = default;
        return OrderedReader.Text(json, at, nullable: false, ref slot);
    }

    /// <inheritdoc/>
    static TextView IJsonView<TextView>.Bind(ReadOnlySpan<byte> json, Slot slot, NestedMembers nested)
    {
        // A list hands out the place of a whole element; the cursor finds the text between its quotes.
        Slot text = default;
        JsonCursor.OfChecked(json, slot.Start).ReadText(ref text, nullable: true);
        return new TextView(json, text);
    }

    private bool TryCopyEscaped(Span<char> destination, out int written)
    {
        written = 0;
        ReadOnlySpan<byte> text = Raw;
        Span<byte> one = stackalloc byte[4];
        while (true)
        {
            int plain = text.IndexOf((byte)'\\');
            bool last = plain < 0;
            if (!Encoding.UTF8.TryGetChars(last ? text : text[..plain], destination[written..], out int characters))
            {
                written = 0;
                return false;
            }

            written += characters;
            if (last)
            {
                return true;
            }

            int used = JsonEscapes.DecodeOne(text[plain..], one, out int length);
            if (!Encoding.UTF8.TryGetChars(one[..length], destination[written..], out characters))
            {
                written = 0;
                return false;
            }

            written += characters;
            text = text[(plain + used)..];
        }
    }

    private bool EqualsDecoded(string text)
    {
        Span<byte> utf8 = stackalloc byte[256];
        OperationStatus status = Utf8.FromUtf16(text, utf8, out _, out int written, replaceInvalidSequences: false);
        if (status == OperationStatus.DestinationTooSmall)
        {
            utf8 = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
            status = Utf8.FromUtf16(text, utf8, out _, out written, replaceInvalidSequences: false);
        }

        return status == OperationStatus.Done && JsonEscapes.ValueEquals(_message, _slot, utf8[..written]);
    }
}
