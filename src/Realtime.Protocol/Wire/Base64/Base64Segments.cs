using System.Buffers;

namespace Realtime.Protocol.Wire;

/// <summary>Base64 that lies in several pieces: each piece is decoded in place, and a quantum that is torn between two is put together first.</summary>
internal static class Base64Segments
{
    private const int QuantumAndQuote = 5;

    /// <summary>Decodes up to the quote that closes the string, where the reader then stands. False as <see cref="Base64Text.TryDecodeToQuote"/>.</summary>
    public static bool TryDecodeToQuote(ref SequenceReader<byte> reader, Span<byte> destination, out int written)
    {
        written = 0;
        Span<byte> torn = stackalloc byte[QuantumAndQuote];
        while (true)
        {
            int taken = Base64Blocks.Decode(reader.UnreadSpan, destination[written..]);
            written += taken / 4 * 3;
            reader.Advance(taken);
            if (TryCrossSeam(ref reader, torn, destination[written..]))
            {
                written += 3;
                continue;
            }

            if (!reader.TryPeek(out byte next))
            {
                return false;
            }

            if (next == (byte)'"')
            {
                return true;
            }

            // The end of a piece, of the text, or of the room; the last two end the work.
            bool ends = reader.TryCopyTo(torn);
            if (!ends && !reader.TryCopyTo(torn[..^1]))
            {
                return false;
            }

            int quantum = Base64Scalar.Quantum(torn[..4]);
            if (quantum < 0)
            {
                if (!ends || torn[4] != (byte)'"' || !Base64Text.TryDecodePadded(torn[..4], destination[written..], out int last))
                {
                    return false;
                }

                reader.Advance(4);
                written += last;
                return true;
            }

            if (destination.Length - written < 3)
            {
                return false;
            }

            Store(quantum, destination[written..]);
            written += 3;
            reader.Advance(4);
        }
    }

    /// <summary>
    /// The usual seam: a quantum of which one to three characters end a piece and the rest lies in the next one. A reader of
    /// sequences copies across pieces too, but takes twice as long. False, and nothing is changed, for anything else.
    /// </summary>
    private static bool TryCrossSeam(ref SequenceReader<byte> reader, scoped Span<byte> torn, Span<byte> destination)
    {
        ReadOnlySpan<byte> end = reader.UnreadSpan;
        if (end.Length is 0 or > 3 || end[0] == (byte)'"' || destination.Length < 3)
        {
            return false;
        }

        // A copy goes ahead: to rewind across a seam, a reader would begin again with the first piece.
        int missing = 4 - end.Length;
        end.CopyTo(torn);
        SequenceReader<byte> ahead = reader;
        ahead.Advance(end.Length);
        ReadOnlySpan<byte> beginning = ahead.UnreadSpan;
        if (beginning.Length >= missing)
        {
            beginning[..missing].CopyTo(torn[end.Length..]);
            int quantum = Base64Scalar.Quantum(torn[..4]);
            if (quantum >= 0)
            {
                Store(quantum, destination);
                ahead.Advance(missing);
                reader = ahead;
                return true;
            }
        }

        return false;
    }

    private static void Store(int quantum, Span<byte> destination)
    {
        destination[2] = (byte)quantum;
        destination[1] = (byte)(quantum >> 8);
        destination[0] = (byte)(quantum >> 16);
    }
}
