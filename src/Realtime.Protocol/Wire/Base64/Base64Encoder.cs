using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Encodes 24 bytes as 32 characters, four times a turn. From 24 bytes on it leaves no whole quantum: the last block ends
/// with the input and may repeat what the one before it wrote. Compared with the platform for every length, alignment and
/// capacity, between guard pages, by Base64KernelTests.
/// </summary>
internal static class Base64Encoder
{
    private const int QuantaInBlock = 8;
    private const int QuantaInTurn = 4 * QuantaInBlock;

    /// <summary>Encodes whole quanta. The contract is that of <see cref="Base64Blocks"/>.</summary>
    /// <returns>The bytes taken: none, or all quanta that are there and fit.</returns>
    [MethodImpl(Base64Blocks.Kernel)]
    public static int Encode<TSixBits>(ref byte source, int length, ref byte destination, int capacity)
        where TSixBits : struct, ISixBits
    {
        int quanta = (int)Math.Min((uint)length / 3, (uint)capacity / 4);
        int last = quanta - QuantaInBlock;
        if (last < 0)
        {
            return 0;
        }

        EncodeBlock<TSixBits>(ref source, ref destination, 0);
        int done = QuantaInBlock;

        // Loaded from four bytes before, a block lies in both halves of the vector, twelve bytes each, and needs no permutation.
        // Before this turn lies the first block. Behind it lies the last one, so the four bytes behind are there to read too.
        Vector256<byte> order = OrderFromFourBefore;
        ref byte from = ref Unsafe.Add(ref source, (3 * QuantaInBlock) - 4);
        ref byte to = ref Unsafe.Add(ref destination, 4 * QuantaInBlock);
        for (; done <= last - QuantaInTurn; done += QuantaInTurn)
        {
            Vector256<byte> a = TSixBits.Split(Avx2.Shuffle(Vector256.LoadUnsafe(ref from), order));
            Vector256<byte> b = TSixBits.Split(Avx2.Shuffle(Vector256.LoadUnsafe(ref from, 24), order));
            Vector256<byte> c = TSixBits.Split(Avx2.Shuffle(Vector256.LoadUnsafe(ref from, 48), order));
            Vector256<byte> d = TSixBits.Split(Avx2.Shuffle(Vector256.LoadUnsafe(ref from, 72), order));
            Characters<TSixBits>(a).StoreUnsafe(ref to);
            Characters<TSixBits>(b).StoreUnsafe(ref to, 32);
            Characters<TSixBits>(c).StoreUnsafe(ref to, 64);
            Characters<TSixBits>(d).StoreUnsafe(ref to, 96);
            from = ref Unsafe.Add(ref from, 3 * QuantaInTurn);
            to = ref Unsafe.Add(ref to, 4 * QuantaInTurn);
        }

        for (; done < quanta; done += QuantaInBlock)
        {
            EncodeBlock<TSixBits>(ref source, ref destination, Math.Min(done, last));
        }

        return 3 * quanta;
    }

    /// <summary>Encodes the block that begins with this quantum and touches nothing around it: two loads of 16 bytes share eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeBlock<TSixBits>(ref byte source, ref byte destination, int quantum)
        where TSixBits : struct, ISixBits
    {
        ref byte from = ref Unsafe.Add(ref source, 3 * quantum);
        var bytes = Vector256.Create(Vector128.LoadUnsafe(ref from), Vector128.LoadUnsafe(ref from, 8));
        Characters<TSixBits>(TSixBits.Split(Avx2.Shuffle(bytes, OrderOfTwoLoads))).StoreUnsafe(ref destination, (nuint)(4 * quantum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Characters<TSixBits>(Vector256<byte> values)
        where TSixBits : struct, ISixBits => values + Avx2.Shuffle(Distances, TSixBits.Rows(values));

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
