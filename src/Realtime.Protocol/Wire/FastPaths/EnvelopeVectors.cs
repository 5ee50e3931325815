using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What <see cref="AnyOrderReader"/> asks of a few bytes at once: where the commas are, how long a value is, how much white space
/// comes. Each reads as many bytes as it says, all of which the caller must have, and has no branch. Where vectors of 256 bits are
/// missing, as on ARM64, each is two of 128 bits.
/// </summary>
internal static class EnvelopeVectors
{
    /// <summary>True where the processor has vectors of 128 bits at least, and the runtime lets them be used.</summary>
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    /// <summary>The commas in 64 bytes, a bit for each byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Commas(ref byte text) => Avx512BW.IsSupported
        ? Vector512.Equals(Vector512.LoadUnsafe(ref text), Vector512.Create((byte)',')).ExtractMostSignificantBits()
        : ByteMask.Of(Equal(ref text, (byte)','), Equal(ref Unsafe.Add(ref text, 32), (byte)','));

    /// <summary>The quotes in 32 bytes, a bit for each byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Quotes(ref byte text) => ByteMask.Of(Equal(ref text, (byte)'"'));

    /// <summary>How many plain characters or digits stand here, of 32 bytes.</summary>
    /// <param name="value">A text behind its quote, or a number.</param>
    /// <param name="quote">One for a text, zero for a number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthAt(ref byte value, int quote)
    {
        ref byte range = ref Unsafe.Add(ref MemoryMarshal.GetReference(Ranges), (nint)(quote * 2 * Vector256<byte>.Count));
        Vector256<byte> text = Vector256.LoadUnsafe(ref value);
        Vector256<sbyte> fromLowest = (text - Vector256.LoadUnsafe(ref range)).AsSByte();
        Vector256<byte> ends = Vector256.GreaterThan(fromLowest, Vector256.LoadUnsafe(ref range, (nuint)Vector256<byte>.Count).AsSByte()).AsByte()
            | Vector256.Equals(text, Vector256.Create((byte)'"'))
            | Vector256.Equals(text, Vector256.Create((byte)'\\'));
        return BitOperations.TrailingZeroCount(ByteMask.Of(ends));
    }

    /// <summary>How much white space stands here, of 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SpacesAt(ref byte value)
    {
        Vector128<byte> text = Vector128.LoadUnsafe(ref value);

        // The instruction of x86 looks at the low nibble of bytes below 0x80 by itself.
        Vector128<byte> found = Ssse3.IsSupported ? Ssse3.Shuffle(Spaces, text) : Vector128.ShuffleNative(Spaces, text & Vector128.Create((byte)0xF));
        return BitOperations.TrailingZeroCount(~Vector128.Equals(text, found).ExtractMostSignificantBits());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Equal(ref byte text, byte mark) => Vector256.Equals(Vector256.LoadUnsafe(ref text), Vector256.Create(mark));

    /// <summary>By low nibble, the white space that has it; elsewhere 2, which has another one. Bytes from 0x80 on find none that equals them.</summary>
    private static Vector128<byte> Spaces
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)' ', 2, 0, 2, 2, 2, 2, 2, 2, (byte)'\t', (byte)'\n', 2, 2, (byte)'\r', 2, 2);
    }

    /// <summary>
    /// For numbers and for texts, what leads from the first character allowed to the lowest signed byte, and the last one
    /// from there: 0x30 and 0x39, 0x20 and 0x7F. So what is larger is below the first or above the last.
    /// </summary>
    private static ReadOnlySpan<byte> Ranges =>
    [
        0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0,
        0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89, 0x89,
        0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0,
        0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF, 0xDF,
    ];
}
