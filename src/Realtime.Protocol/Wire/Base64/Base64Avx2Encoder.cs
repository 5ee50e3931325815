using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Encodes 24 bytes as 32 characters, four times a turn. From 24 bytes on it leaves no whole quantum: the last block ends
/// with the input and may repeat what the one before it wrote. Compared with the platform for every length, alignment and
/// capacity, between guard pages, by Base64KernelTests.
/// </summary>
internal static class Base64Avx2Encoder
{
    private const int QuantaInBlock = 8;
    private const int QuantaInTurn = 4 * QuantaInBlock;

    /// <summary>True where the processor can and the runtime lets it.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Encodes whole quanta. The contract is that of <see cref="Base64Blocks"/>.</summary>
    /// <returns>The bytes taken: none, or all quanta that are there and fit.</returns>
    [MethodImpl(Base64Blocks.Kernel)]
    public static int Encode(ref byte source, int length, ref byte destination, int capacity)
    {
        int quanta = (int)Math.Min((uint)length / 3, (uint)capacity / 4);
        int last = quanta - QuantaInBlock;
        if (last < 0)
        {
            return 0;
        }

        EncodeBlock(ref source, ref destination, 0);
        int done = QuantaInBlock;

        // Loaded from four bytes before, a block lies in both halves of the vector, twelve bytes each, and needs no permutation.
        // Before this turn lies the first block. Behind it lies the last one, so the four bytes behind are there to read too.
        Vector256<byte> order = OrderFromFourBefore;
        ref byte from = ref Unsafe.Add(ref source, (3 * QuantaInBlock) - 4);
        ref byte to = ref Unsafe.Add(ref destination, 4 * QuantaInBlock);
        for (; done <= last - QuantaInTurn; done += QuantaInTurn)
        {
            Vector256<byte> a = Split(Avx2.Shuffle(Vector256.LoadUnsafe(ref from), order));
            Vector256<byte> b = Split(Avx2.Shuffle(Vector256.LoadUnsafe(ref from, 24), order));
            Vector256<byte> c = Split(Avx2.Shuffle(Vector256.LoadUnsafe(ref from, 48), order));
            Vector256<byte> d = Split(Avx2.Shuffle(Vector256.LoadUnsafe(ref from, 72), order));
            Characters(a).StoreUnsafe(ref to);
            Characters(b).StoreUnsafe(ref to, 32);
            Characters(c).StoreUnsafe(ref to, 64);
            Characters(d).StoreUnsafe(ref to, 96);
            from = ref Unsafe.Add(ref from, 3 * QuantaInTurn);
            to = ref Unsafe.Add(ref to, 4 * QuantaInTurn);
        }

        for (; done < quanta; done += QuantaInBlock)
        {
            EncodeBlock(ref source, ref destination, Math.Min(done, last));
        }

        return 3 * quanta;
    }

    /// <summary>Encodes the block that begins with this quantum and touches nothing around it: two loads of 16 bytes share eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeBlock(ref byte source, ref byte destination, int quantum)
    {
        ref byte from = ref Unsafe.Add(ref source, 3 * quantum);
        var bytes = Vector256.Create(Vector128.LoadUnsafe(ref from), Vector128.LoadUnsafe(ref from, 8));
        Characters(Split(Avx2.Shuffle(bytes, OrderOfTwoLoads))).StoreUnsafe(ref destination, (nuint)(4 * quantum));
    }

    /// <summary>
    /// The four values of each quantum, out of its bytes as 1 0 2 1. AVX2 cannot shift neighbours differently; multiplications
    /// do, after Wojciech Muła and Daniel Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions" (2018).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Split(Vector256<byte> quanta)
    {
        // The high half of x * 2^n is x >> (16 - n), the low half of it x << n.
        Vector256<ushort> outer = Avx2.MultiplyHigh((quanta.AsInt32() & Vector256.Create(0x0FC0FC00)).AsUInt16(), Vector256.Create(0x04000040).AsUInt16());
        Vector256<ushort> inner = Avx2.MultiplyLow((quanta.AsInt32() & Vector256.Create(0x003F03F0)).AsUInt16(), Vector256.Create(0x01000010).AsUInt16());
        return (outer | inner).AsByte();
    }

    /// <summary>
    /// Which distance leads from value to character: row 0 for upper case, and otherwise the value, but at least 51. So lower
    /// case has one row, each digit and sign its own, and four bits tell them all apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Characters(Vector256<byte> values)
    {
        // Values are below 64, so comparing them as signed bytes is comparing them.
        Vector256<byte> rows = Avx2.CompareGreaterThan(values.AsSByte(), Vector256.Create((sbyte)25)).AsByte() & Avx2.Max(values, Vector256.Create((byte)51));
        return values + Avx2.Shuffle(Distances, rows);
    }

    /// <summary>From value to character, by the low four bits of the row: 0 is upper case, 51 lower case, 52 to 61 are digits, then '+' and '/'.</summary>
    private static Vector256<byte> Distances
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
        (sbyte)65, 0, 0, 71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16,
        65, 0, 0, 71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16).AsByte();
    }

    /// <summary>Each quantum as its bytes 1 0 2 1; the first half begins at its byte 4.</summary>
    private static Vector256<byte> OrderFromFourBefore
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
        (byte)5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14,
        1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
    }

    /// <summary>The same; the second half begins at its byte 4.</summary>
    private static Vector256<byte> OrderOfTwoLoads
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
        (byte)1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,
        5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14);
    }
}
