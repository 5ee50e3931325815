using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Passes over an object or an array without looking into it: only brackets outside strings count. Right for text that was
/// checked before, and for looking ahead in text that is checked afterwards; on anything else it ends somewhere inside the text.
/// </summary>
internal static class JsonNested
{
    /// <summary>The offset behind the bracket that closes the one at <paramref name="open"/>; the text's length when there is none.</summary>
    public static int End(ReadOnlySpan<byte> json, int open)
    {
        int at = open;
        int depth = 0;
        uint carry = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref byte first = ref MemoryMarshal.GetReference(json);
            for (; json.Length - at >= Vector256<byte>.Count; at += Vector256<byte>.Count)
            {
                Vector256<byte> block = Vector256.LoadUnsafe(ref first, (nuint)at);
                if (Bits(block, (byte)'\\') != 0)
                {
                    break;
                }

                // Bit n says whether an odd number of quotes stands up to n: the text from an opening quote to before its closing one.
                uint inString = Parity(Bits(block, (byte)'"')) ^ carry;
                carry = (uint)((int)inString >> 31);

                // With bit 0x20 set, '[' becomes '{' and ']' becomes '}', and nothing else does.
                Vector256<byte> curly = block | Vector256.Create((byte)0x20);
                uint opens = Bits(curly, (byte)'{') & ~inString;
                uint closes = Bits(curly, (byte)'}') & ~inString;
                if (BitOperations.PopCount(closes) < depth)
                {
                    depth += BitOperations.PopCount(opens) - BitOperations.PopCount(closes);
                    continue;
                }

                for (uint brackets = opens | closes; brackets != 0; brackets &= brackets - 1)
                {
                    uint bracket = brackets & (~brackets + 1);
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

    /// <summary>The slow path and the definition: escapes, the last bytes of a text, and processors without vectors.</summary>
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(Vector256<byte> block, byte wanted) => Vector256.Equals(block, Vector256.Create(wanted)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Parity(uint bits)
    {
        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        return bits ^ (bits << 16);
    }
}
