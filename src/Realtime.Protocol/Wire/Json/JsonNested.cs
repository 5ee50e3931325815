using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Passes over an object or an array without looking into it: only brackets outside strings count. Right for text that was
/// checked before, and for looking ahead in text that is checked afterwards; on anything else it ends somewhere inside the text.
/// </summary>
internal static class JsonNested
{
    private const int BlockLength = 64;

    /// <summary>With this bit set, '[' becomes '{' and ']' becomes '}', and nothing else does.</summary>
    private const byte BracketBit = 0x20;

    /// <summary>The offset behind the bracket that closes the one at <paramref name="open"/>; the text's length when there is none.</summary>
    public static int End(ReadOnlySpan<byte> json, int open)
    {
        int at = open;
        int depth = 0;
        ulong carry = 0;
        int last = json.Length - BlockLength;
        if (Vector128.IsHardwareAccelerated && last >= 0)
        {
            ref byte first = ref MemoryMarshal.GetReference(json);
            for (; at < json.Length; at += BlockLength)
            {
                // The last block ends with the text; what stands before this place does not count.
                int start = Math.Min(at, last);
                Masks block = MasksOf(ref Unsafe.Add(ref first, start)).From(at - start);
                if (block.Backslashes != 0)
                {
                    break;
                }

                // Bit n says whether an odd number of quotes stands up to n: the text from an opening quote to before its closing one.
                ulong inString = Parity(block.Quotes) ^ carry;
                carry = (ulong)((long)inString >> 63);
                ulong opens = block.Opens & ~inString;
                ulong closes = block.Closes & ~inString;
                if (BitOperations.PopCount(closes) < depth)
                {
                    depth += BitOperations.PopCount(opens) - BitOperations.PopCount(closes);
                    continue;
                }

                for (ulong brackets = opens | closes; brackets != 0; brackets &= brackets - 1)
                {
                    ulong bracket = brackets & (~brackets + 1);
                    depth += (opens & bracket) != 0 ? 1 : -1;
                    if (depth == 0)
                    {
                        return at + BitOperations.TrailingZeroCount(bracket) + 1;
                    }
                }
            }
        }

        return EndByBytes(json, at, depth, inString: carry != 0);
    }

    /// <summary>The slow path and the definition: escapes, texts that are shorter than a block, and processors without vectors.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int EndByBytes(ReadOnlySpan<byte> json, int at, int depth = 0, bool inString = false)
    {
        for (; at < json.Length; at++)
        {
            switch (json[at])
            {
                case (byte)'\\' when inString:
                    at++;
                    break;
                case (byte)'"':
                    inString = !inString;
                    break;
                case (byte)'{' or (byte)'[' when !inString:
                    depth++;
                    break;
                case (byte)'}' or (byte)']' when !inString && --depth == 0:
                    return at + 1;
            }
        }

        return json.Length;
    }

    /// <summary>Where what matters stands among 64 bytes. Two halves: one vector of 512 bits slowed everything around it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Masks MasksOf(ref byte block)
    {
        Vector256<byte> low = Vector256.LoadUnsafe(ref block);
        Vector256<byte> high = Vector256.LoadUnsafe(ref block, (nuint)Vector256<byte>.Count);
        Vector256<byte> lowCurly = low | Vector256.Create(BracketBit);
        Vector256<byte> highCurly = high | Vector256.Create(BracketBit);
        return new(Bits(low, high, (byte)'"'), Bits(low, high, (byte)'\\'), Bits(lowCurly, highCurly, (byte)'{'), Bits(lowCurly, highCurly, (byte)'}'));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector256<byte> low, Vector256<byte> high, byte wanted) =>
        ByteMask.Of(Vector256.Equals(low, Vector256.Create(wanted)), Vector256.Equals(high, Vector256.Create(wanted)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Parity(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
        {
            // Multiplied without carries by all ones, each bit is the sum, which is the parity, of those up to it.
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        }

        // Where each of these is one instruction, as on ARM64, multiplying gains nothing: the bits would have to move to the vector unit and back.
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }

    private readonly record struct Masks(ulong Quotes, ulong Backslashes, ulong Opens, ulong Closes)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Masks From(int offset) => new(Quotes >> offset, Backslashes >> offset, Opens >> offset, Closes >> offset);
    }
}
