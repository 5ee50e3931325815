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

            destination[written] = (byte)(quantum >> 16);
            destination[written + 1] = (byte)(quantum >> 8);
            destination[written + 2] = (byte)quantum;
            written += 3;
            reader.Advance(4);
        }
    }
}
