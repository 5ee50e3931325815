using System.Buffers;
using System.ComponentModel;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Events;

/// <summary>
/// Audio in a message. When the reader was given a destination the bytes lie there already (<see cref="IsDecoded"/>,
/// <see cref="Bytes"/>); otherwise they are decoded on demand. The base64 was checked when the message was read. Valid
/// as long as the message's buffer and the reader's destination are.
/// </summary>
public readonly ref struct Base64View
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly OriginalMessage? _original;
    private readonly Slot _slot;

    /// <summary>Audio that is not decoded yet.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Base64View(ReadOnlySpan<byte> message, Slot slot)
    {
        _message = message;
        _slot = slot;
    }

    /// <summary>Audio that the reader decoded into its destination.</summary>
    /// <param name="message">The message.</param>
    /// <param name="slot">Where the base64 lies in it.</param>
    /// <param name="bytes">The decoded bytes.</param>
    /// <param name="original">The message as it came, where <paramref name="message"/> is another text, which may lack the base64.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Base64View(ReadOnlySpan<byte> message, Slot slot, ReadOnlySpan<byte> bytes, OriginalMessage? original = null)
        : this(message, slot)
    {
        _original = original;
        Bytes = bytes;
        IsDecoded = true;
    }

    /// <summary>Absent, null or a value.</summary>
    public Presence Presence => _slot.Presence;

    /// <summary>True when there is audio (which may be empty), neither absent nor <c>null</c>.</summary>
    public bool HasValue => _slot.HasValue;

    /// <summary>True when the reader decoded the audio into its destination, so that <see cref="Bytes"/> holds it.</summary>
    public bool IsDecoded { get; }

    /// <summary>The raw audio in the reader's destination; empty unless <see cref="IsDecoded"/>.</summary>
    [RawAudio]
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The number of bytes of raw audio.</summary>
    public int DecodedLength => IsDecoded ? Bytes.Length : HasValue ? Base64Text.DecodedLength(_message, _slot) : 0;

    /// <summary>The base64 text as it stands in the message.</summary>
    [Base64Text]
    public TextView Encoded => _original is null ? new(_message, _slot) : new(_original.Whole, _original.AudioInWhole(_slot));

    /// <summary>Decodes or copies the audio. False when the destination is too small.</summary>
    public bool TryDecode(Span<byte> destination, out int written)
    {
        written = 0;
        if (!HasValue)
        {
            return true;
        }

        if (!IsDecoded)
        {
            return destination.Length >= DecodedLength && Base64Text.TryDecode(_message, _slot, destination, out written);
        }

        bool copied = Bytes.TryCopyTo(destination);
        written = copied ? Bytes.Length : 0;
        return copied;
    }

    /// <summary>Decodes or copies the audio into a writer.</summary>
    /// <returns>The number of bytes written.</returns>
    public int DecodeTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int length = DecodedLength;
        if (length == 0)
        {
            return 0;
        }

        // An escaped text decodes chunk by chunk, each of which must fit on its own: the bound serves for both.
        TryDecode(output.GetSpan(Math.Max(length, IsDecoded ? 0 : Base64Text.MaxDecodedLength(_slot))), out int written);
        output.Advance(written);
        return written;
    }

    /// <summary>Says how much audio there is, never the audio.</summary>
    public override string ToString() => $"{DecodedLength} bytes of audio";
}
