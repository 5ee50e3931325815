using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Base64 inside JSON strings, by RFC 4648 section 4 and no more: the standard alphabet, padding where it is due, no
/// white space, no bits behind the last byte. The platform's decoder is more lenient (it skips white space), so each
/// path here checks what that one lets pass. JSON escapes inside base64 are legal and decoded first: .NET peers send
/// <c>\u002B</c> for a plus.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Base64Text
{
    /// <summary>How much is unescaped at a time; a multiple of four, so that no quantum of base64 is torn.</summary>
    private const int ChunkLength = 1024;

    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    /// <summary>The largest number of bytes that this text can decode to.</summary>
    public static int MaxDecodedLength(Slot text) => text.Length / 4 * 3;

    /// <summary>The number of bytes that this valid text decodes to.</summary>
    public static int DecodedLength(ReadOnlySpan<byte> message, Slot text)
    {
        ReadOnlySpan<byte> encoded = text.In(message);
        if (!text.IsEscaped)
        {
            return (encoded.Length / 4 * 3) - PaddingOf(encoded);
        }

        DecodeEscaped(encoded, [], discard: true, out int length);
        return length;
    }

    /// <summary>True when the text is base64.</summary>
    public static bool IsValid(ReadOnlySpan<byte> message, Slot text)
    {
        ReadOnlySpan<byte> encoded = text.In(message);
        if (text.IsEscaped)
        {
            return DecodeEscaped(encoded, [], discard: true, out _);
        }

        if (encoded.IsEmpty)
        {
            return true;
        }

        if (encoded.Length % 4 != 0)
        {
            return false;
        }

        int padding = PaddingOf(encoded);
        return !encoded[..^padding].ContainsAnyExcept(Alphabet) && HasNoStrayBits(encoded, padding);
    }

    /// <summary>Decodes the text. False when it is not base64 or the destination is too small; the destination may have been written to then.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> message, Slot text, Span<byte> destination, out int written)
    {
        ReadOnlySpan<byte> encoded = text.In(message);
        return text.IsEscaped
            ? DecodeEscaped(encoded, destination, discard: false, out written)
            : TryDecode(encoded, destination, out written);
    }

    /// <summary>
    /// Decodes base64 whose end is not known yet: up to the quote that closes the string. False when the text has
    /// escapes or faults, has no end or does not fit; the destination may have been written to then.
    /// </summary>
    /// <param name="rest">The message from behind the opening quote.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="length">The length of the text: where the closing quote stands.</param>
    /// <param name="written">The number of bytes written.</param>
    internal static bool TryDecodeToQuote(ReadOnlySpan<byte> rest, Span<byte> destination, out int length, out int written)
    {
        length = Base64Blocks.Decode(rest, destination);
        written = length / 4 * 3;
        if (IsQuote(rest, length))
        {
            return true;
        }

        if (!IsQuote(rest, length + 4) || !TryDecodePadded(rest.Slice(length, 4), destination[written..], out int last))
        {
            return false;
        }

        length += 4;
        written += last;
        return true;
    }

    /// <summary>The last quantum, with one or two padding characters and no bits behind its last byte.</summary>
    internal static bool TryDecodePadded(ReadOnlySpan<byte> four, Span<byte> destination, out int written)
    {
        written = 0;
        int bytes = four[3] != (byte)'=' ? 3 : four[2] != (byte)'=' ? 2 : 1;
        if (bytes == 3 || destination.Length < bytes)
        {
            return false;
        }

        ReadOnlySpan<byte> zeros = [four[0], four[1], bytes == 2 ? four[2] : (byte)'A', (byte)'A'];
        int quantum = Base64Scalar.Quantum(zeros);
        if (quantum < 0 || (quantum & (bytes == 2 ? 0xFF : 0xFFFF)) != 0)
        {
            return false;
        }

        destination[0] = (byte)(quantum >> 16);
        if (bytes == 2)
        {
            destination[1] = (byte)(quantum >> 8);
        }

        written = bytes;
        return true;
    }

    /// <summary>The number of characters that this many bytes take, padding included.</summary>
    internal static long EncodedLength(long bytes) => (bytes + 2) / 3 * 4;

    /// <summary>Encodes all pieces as one text that fills the destination. False when the pieces hold more or less by now: they changed.</summary>
    internal static bool TryEncode(scoped in AudioBytes audio, Span<byte> destination)
    {
        if (audio.Span.IsEmpty)
        {
            return TryEncodePieces(audio.Sequence, destination);
        }

        Base64Blocks.EncodeLast(audio.Span, destination);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryEncodePieces(ReadOnlySequence<byte> pieces, Span<byte> destination)
    {
        // Three bytes make one quantum; what is left of a piece waits for the next one.
        Span<byte> torn = stackalloc byte[3];
        int waiting = 0;
        foreach (ReadOnlyMemory<byte> segment in pieces)
        {
            ReadOnlySpan<byte> piece = segment.Span;
            while (waiting > 0 && waiting < 3 && !piece.IsEmpty)
            {
                torn[waiting++] = piece[0];
                piece = piece[1..];
            }

            if (waiting == 3)
            {
                if (destination.Length < 4)
                {
                    return false;
                }

                Base64Blocks.Encode(torn, destination);
                destination = destination[4..];
                waiting = 0;
            }

            if (waiting == 0)
            {
                int taken = Base64Blocks.Encode(piece, destination);
                waiting = piece.Length - taken;
                if (waiting > 2)
                {
                    return false;
                }

                destination = destination[(taken / 3 * 4)..];
                piece[taken..].CopyTo(torn);
            }
        }

        if (destination.Length != EncodedLength(waiting))
        {
            return false;
        }

        Base64Blocks.EncodeLast(torn[..waiting], destination);
        return true;
    }

    private static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> destination, out int written)
    {
        written = 0;
        if (encoded.IsEmpty)
        {
            return true;
        }

        if (encoded.Length % 4 != 0)
        {
            return false;
        }

        int taken = Base64Blocks.Decode(encoded, destination);
        written = taken / 4 * 3;
        if (taken == encoded.Length)
        {
            return true;
        }

        if (taken != encoded.Length - 4 || !TryDecodePadded(encoded[taken..], destination[written..], out int last))
        {
            return false;
        }

        written += last;
        return true;
    }

    /// <summary>The slow path: unescapes and decodes chunk by chunk.</summary>
    private static bool DecodeEscaped(ReadOnlySpan<byte> text, Span<byte> destination, bool discard, out int written)
    {
        Span<byte> chunk = stackalloc byte[ChunkLength];
        Span<byte> discarded = stackalloc byte[ChunkLength / 4 * 3];
        Span<byte> one = stackalloc byte[4];
        written = 0;
        int filled = 0;
        bool ended = false;
        while (!text.IsEmpty)
        {
            // Base64 is ASCII: an escape that stands for more than one byte is a fault, and so is anything behind padding.
            byte next = text[0];
            int used = 1;
            if (next == (byte)'\\')
            {
                used = JsonEscapes.DecodeOne(text, one, out int length);
                next = length == 1 ? one[0] : (byte)0;
            }

            text = text[used..];
            chunk[filled++] = next;
            if (filled < ChunkLength && !text.IsEmpty)
            {
                continue;
            }

            if (ended || !TryDecode(chunk[..filled], discard ? discarded : destination[written..], out int decoded))
            {
                return false;
            }

            ended = PaddingOf(chunk[..filled]) > 0;
            written += decoded;
            filled = 0;
        }

        return true;
    }

    private static bool IsQuote(ReadOnlySpan<byte> text, int at) => (uint)at < (uint)text.Length && text[at] == (byte)'"';

    private static int PaddingOf(ReadOnlySpan<byte> encoded) =>
        encoded.EndsWith("=="u8) ? 2 : encoded.EndsWith("="u8) ? 1 : 0;

    /// <summary>With one padding character the last two bits of the last character say nothing, with two the last four: they must be zero.</summary>
    private static bool HasNoStrayBits(ReadOnlySpan<byte> encoded, int padding)
    {
        if (padding == 0)
        {
            return true;
        }

        int last = Base64Scalar.Values[encoded[^(padding + 1)]];
        return (last & (padding == 1 ? 0b11 : 0b1111)) == 0;
    }
}
