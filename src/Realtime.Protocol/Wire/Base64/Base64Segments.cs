using System.Buffers;

namespace Realtime.Protocol.Wire;

/// <summary>Base64 that lies in several pieces: each piece is decoded in place, and a quantum that is torn between two is put together first.</summary>
internal static class Base64Segments
{
    private const int Quantum = 4;

    /// <summary>Decodes up to the quote that closes the string. False as <see cref="Base64Text.TryDecodeToQuote"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="start">Where the text begins, behind its opening quote: in the first piece.</param>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="quote">Where the closing quote stands.</param>
    /// <param name="written">The number of bytes written.</param>
    public static bool TryDecodeToQuote(in ReadOnlySequence<byte> message, int start, Span<byte> destination, out SequencePosition quote, out int written)
    {
        written = 0;
        quote = default;
        Span<byte> torn = stackalloc byte[Quantum];
        int waiting = 0;
        SequencePosition here = message.Start;
        SequencePosition next = here;
        for (int at = start; message.TryGet(ref next, out ReadOnlyMemory<byte> memory); at = 0, here = next)
        {
            ReadOnlySpan<byte> piece = memory.Span;
            if (waiting > 0)
            {
                while (waiting < Quantum && at < piece.Length)
                {
                    torn[waiting++] = piece[at++];
                }

                if (waiting < Quantum)
                {
                    continue;
                }

                waiting = 0;
                if (!TryDecodeTorn(torn, destination[written..], out int bytes))
                {
                    return false;
                }

                written += bytes;
                if (bytes < 3)
                {
                    return IsQuoteAt(message, here, at, out quote);
                }
            }

            int taken = Base64Blocks.Decode(piece[at..], destination[written..]);
            written += taken / 4 * 3;
            at += taken;
            ReadOnlySpan<byte> rest = piece[at..];
            if (rest.IsEmpty)
            {
                continue;
            }

            if (rest[0] == (byte)'"')
            {
                quote = message.GetPosition(at, here);
                return true;
            }

            if (rest.Length >= Quantum)
            {
                // What is no quantum here is the last one, or a fault, or has no room.
                if (!Base64Text.TryDecodePadded(rest[..Quantum], destination[written..], out int last))
                {
                    return false;
                }

                written += last;
                return IsQuoteAt(message, here, at + Quantum, out quote);
            }

            rest.CopyTo(torn);
            waiting = rest.Length;
        }

        return false;
    }

    /// <summary>Three bytes, or fewer of the last quantum. False for a fault, which an early quote is too, and where there is no room.</summary>
    private static bool TryDecodeTorn(ReadOnlySpan<byte> four, Span<byte> destination, out int written)
    {
        int quantum = Base64Scalar.Quantum(four);
        if (quantum < 0)
        {
            return Base64Text.TryDecodePadded(four, destination, out written);
        }

        written = 3;
        if (destination.Length < 3)
        {
            return false;
        }

        destination[2] = (byte)quantum;
        destination[1] = (byte)(quantum >> 8);
        destination[0] = (byte)(quantum >> 16);
        return true;
    }

    /// <summary>True when the quote stands so far behind a place, maybe in a later piece.</summary>
    private static bool IsQuoteAt(in ReadOnlySequence<byte> message, SequencePosition here, int offset, out SequencePosition quote)
    {
        ReadOnlySequence<byte> rest = message.Slice(here).Slice(offset);
        quote = rest.Start;
        foreach (ReadOnlyMemory<byte> piece in rest)
        {
            if (!piece.IsEmpty)
            {
                return piece.Span[0] == (byte)'"';
            }
        }

        return false;
    }
}
