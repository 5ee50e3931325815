using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Realtime.Protocol.Wire;

/// <summary>Base64 by a table, four characters at a time: the fallback of every kernel, and the one that they are compared with.</summary>
internal static class Base64Scalar
{
    /// <summary>What a byte outside the alphabet stands for: the sign bit survives every shift and every or.</summary>
    public const sbyte None = -1;

    /// <summary>The value of each character, or <see cref="None"/>.</summary>
    public static ReadOnlySpan<sbyte> Values =>
    [
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 62, -1, -1, -1, 63,
        52, 53, 54, 55, 56, 57, 58, 59, 60, 61, -1, -1, -1, -1, -1, -1,
        -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
        15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, -1, -1, -1, -1, -1,
        -1, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
        41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    ];

    /// <summary>Decodes whole quanta until something else comes, the text ends or the destination is full.</summary>
    /// <returns>The characters taken, a multiple of four.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int taken = 0;
        while (text.Length - taken >= 4 && destination.Length >= 3)
        {
            int quantum = Quantum(text.Slice(taken, 4));
            if (quantum < 0)
            {
                break;
            }

            destination[2] = (byte)quantum;
            destination[1] = (byte)(quantum >> 8);
            destination[0] = (byte)(quantum >> 16);
            destination = destination[3..];
            taken += 4;
        }

        return taken;
    }

    /// <summary>The 24 bits of four characters; negative when one of them is none of the 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Quantum(ReadOnlySpan<byte> four)
    {
        // A byte indexes a table of 256, so no access can be out of range.
        ref sbyte values = ref MemoryMarshal.GetReference(Values);
        return (Unsafe.Add(ref values, four[0]) << 18) | (Unsafe.Add(ref values, four[1]) << 12)
            | (Unsafe.Add(ref values, four[2]) << 6) | (int)Unsafe.Add(ref values, four[3]);
    }
}
