using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Base64 inside JSON strings, by RFC 4648 section 4 and no more: the standard alphabet, padding where it is due, no
/// white space, no bits behind the last byte. The platform's decoder is more lenient (it skips white space), so each
/// path here checks what that one lets pass. JSON escapes inside base64 are legal and decoded first: .NET peers send
/// <c>\u002B</c> for a plus.
/// </summary>
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

    /// <summary>Encodes all pieces as one text.</summary>
    internal static void Encode(AudioBytes audio, Span<byte> destination)
    {
        if (audio.Sequence.IsEmpty)
        {
            Encode(audio.Span, destination, isFinal: true, out int consumed, out int written);
            Debug.Assert(consumed == audio.Span.Length && written == destination.Length, "the destination has the exact size");
            return;
        }

        // Three bytes make one quantum; what is left of a piece waits for the next one.
        Span<byte> torn = stackalloc byte[3];
        int waiting = 0;
        foreach (ReadOnlyMemory<byte> segment in audio.Sequence)
        {
            ReadOnlySpan<byte> piece = segment.Span;
            while (waiting > 0 && waiting < 3 && !piece.IsEmpty)
            {
                torn[waiting++] = piece[0];
                piece = piece[1..];
            }

            if (waiting == 3)
            {
                Encode(torn, destination, isFinal: false, out _, out int quantum);
                destination = destination[quantum..];
                waiting = 0;
            }

            if (waiting == 0)
            {
                Encode(piece, destination, isFinal: false, out int consumed, out int written);
                destination = destination[written..];
                piece[consumed..].CopyTo(torn);
                waiting = piece.Length - consumed;
            }
        }

        Encode(torn[..waiting], destination, isFinal: true, out _, out _);
    }

    private static void Encode(ReadOnlySpan<byte> bytes, Span<byte> destination, bool isFinal, out int consumed, out int written) =>
        Base64.EncodeToUtf8(bytes, destination, out consumed, out written, isFinal);

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

        // The decoder skips white space; a text that holds some decodes to less than its length says.
        int padding = PaddingOf(encoded);
        return Base64.DecodeFromUtf8(encoded, destination, out int consumed, out written) == OperationStatus.Done
            && consumed == encoded.Length
            && written == (encoded.Length / 4 * 3) - padding
            && HasNoStrayBits(encoded, padding);
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

    private static int PaddingOf(ReadOnlySpan<byte> encoded) =>
        encoded.EndsWith("=="u8) ? 2 : encoded.EndsWith("="u8) ? 1 : 0;

    /// <summary>With one padding character the last two bits of the last character say nothing, with two the last four: they must be zero.</summary>
    private static bool HasNoStrayBits(ReadOnlySpan<byte> encoded, int padding)
    {
        if (padding == 0)
        {
            return true;
        }

        int last = ValueOf(encoded[^(padding + 1)]);
        return (last & (padding == 1 ? 0b11 : 0b1111)) == 0;
    }

    private static int ValueOf(byte character) => character switch
    {
        >= (byte)'A' and <= (byte)'Z' => character - 'A',
        >= (byte)'a' and <= (byte)'z' => character - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => character - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => -1,
    };
}
