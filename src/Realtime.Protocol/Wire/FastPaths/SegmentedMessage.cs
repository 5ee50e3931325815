using System.Buffers;
using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>
/// An event with audio whose message lies in several pieces. Its base64, which is nearly all of it, is decoded piece by
/// piece; what is left is a short message with empty audio, which is read as any other. The whole text is put together only
/// for whoever asks for it. Valid until the reader's next message, and only as long as the memory of the pieces is: the copy
/// is made of them when it is asked for.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SegmentedMessage : OriginalMessage
{
    /// <summary>The longest text around the base64 that is read this way.</summary>
    private const int MaxShortBytes = 2048;

    private readonly byte[] _short = new byte[MaxShortBytes];
    private byte[] _joined = [];
    private ReadOnlySequence<byte> _message;
    private int _shortLength;
    private int _encodedStart;
    private int _encodedLength;
    private int _joinedLength;

    /// <summary>The message with its base64 left out.</summary>
    public ReadOnlySpan<byte> Short => _short.AsSpan(0, _shortLength);

    /// <summary>The whole message in one piece: a copy, made when this is first called.</summary>
    public override ReadOnlySpan<byte> Whole
    {
        get
        {
            if (_joinedLength == 0)
            {
                _joinedLength = EventHeader.Join(in _message, ref _joined).Length;
            }

            return _joined.AsSpan(0, _joinedLength);
        }
    }

    /// <summary>Decodes the audio of a message, makes it short, and reads what is left. False when it must be read in one piece.</summary>
    /// <param name="message">The message.</param>
    /// <param name="shapes">What earlier messages looked like.</param>
    /// <param name="audioDestination">Where the audio goes; a failure may have written to it.</param>
    /// <param name="slots">Where the members lie in the short message; valid until the next message.</param>
    /// <param name="kind">Which kind it is.</param>
    /// <param name="decoded">The bytes of audio.</param>
    public bool TryRead(in ReadOnlySequence<byte> message, ShapeMemory shapes, Span<byte> audioDestination, out ReadOnlySpan<Slot> slots, out int kind, out int decoded)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        slots = default;
        kind = 0;

        // What begins like audio may end otherwise: where the type comes last, text has the same beginning, and may be
        // base64 by chance. So what was taken for audio counts only when the rest is that of the same shape.
        return TryShorten(in message, shapes, audioDestination, out int shape, out decoded)
            && shapes.TryReadAs(shape, Short, out slots, out kind);
    }

    private bool TryShorten(in ReadOnlySequence<byte> message, ShapeMemory shapes, Span<byte> audioDestination, out int shape, out int decoded)
    {
        decoded = 0;
        _joinedLength = 0;
        ReadOnlySpan<byte> first = message.FirstSpan;
        if (!shapes.TryFindAudio(first, out shape, out int start) || start > MaxShortBytes)
        {
            return false;
        }

        if (!Base64Segments.TryDecodeToQuote(in message, start, audioDestination, out SequencePosition quote, out decoded))
        {
            return false;
        }

        ReadOnlySequence<byte> rest = message.Slice(quote);
        if (start + rest.Length > MaxShortBytes)
        {
            return false;
        }

        first[..start].CopyTo(_short);
        rest.CopyTo(_short.AsSpan(start));
        _shortLength = start + (int)rest.Length;
        _encodedStart = start;
        _encodedLength = (int)(message.Length - rest.Length) - start;
        _message = message;
        return true;
    }

    /// <inheritdoc/>
    internal override Slot AudioInWhole(Slot audio) => Slot.Text(_encodedStart, _encodedLength, escaped: false);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> read, scoped Span<Slot> slots, out OriginalMessage? original)
    {
        foreach (ref Slot slot in slots)
        {
            slot = slot.Start == _encodedStart && slot.HasValue ? AudioInWhole(slot)
                : slot.Start > _encodedStart ? slot.MovedBy(_encodedLength)
                : slot;
        }

        original = null;
        return Whole;
    }
}
