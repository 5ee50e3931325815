using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Encodes with AVX-512 where VBMI is missing: 48 bytes as 64 characters, four times a turn. From 66 bytes on it leaves no
/// whole quantum: the last block ends with the input and may repeat what the one before it wrote. Compared with the platform
/// for every length, alignment and capacity, between guard pages, by Base64KernelTests.
/// </summary>
internal static class Base64Avx512Encoder
{
    /// <summary>The first block reads 64 bytes and takes 48 of them; these are the whole quanta that it needs.</summary>
    public const int LeastBytes = 66;

    private const int QuantaInBlock = 16;
    private const int QuantaInTurn = 4 * QuantaInBlock;

    /// <summary>For each bit: the second operand's where the third is set, the first one's elsewhere.</summary>
    private const byte SecondWhereThird = 0xD8;

    /// <summary>True where the processor can and the runtime lets it.</summary>
    public static bool IsSupported => Avx512BW.IsSupported;

    /// <summary>Encodes whole quanta. The contract is that of <see cref="Base64Blocks"/>.</summary>
    /// <returns>The bytes taken: none when there are fewer than <see cref="LeastBytes"/> or no room for them; otherwise all quanta that are there and fit.</returns>
    [MethodImpl(Base64Blocks.Kernel)]
    public static int Encode(ref byte source, int length, ref byte destination, int capacity)
    {
        int quanta = (int)Math.Min((uint)length / 3, (uint)capacity / 4);
        if (quanta < LeastBytes / 3)
        {
            return 0;
        }

        // Constants live in registers: made anew in the loop they cost a fifth of it.
        Vector512<byte> order = Order;
        Vector512<byte> distances = Distances;
        EncodeBlock(ref source, ref destination, LanesFromFirst, order, distances);
        int done = QuantaInBlock;

        // Behind the first block there are 16 bytes in front of each to read too, so none reads what lies behind it.
        Vector512<int> lanes = LanesFromFifth;
        ref byte from = ref Unsafe.Add(ref source, (3 * QuantaInBlock) - 16);
        ref byte to = ref Unsafe.Add(ref destination, 4 * QuantaInBlock);
        for (; done <= quanta - QuantaInTurn; done += QuantaInTurn)
        {
            Vector512<byte> a = Split(Load(ref from, lanes, order));
            Vector512<byte> b = Split(Load(ref Unsafe.Add(ref from, 48), lanes, order));
            Vector512<byte> c = Split(Load(ref Unsafe.Add(ref from, 96), lanes, order));
            Vector512<byte> d = Split(Load(ref Unsafe.Add(ref from, 144), lanes, order));
            Characters(a, distances).StoreUnsafe(ref to);
            Characters(b, distances).StoreUnsafe(ref to, 64);
            Characters(c, distances).StoreUnsafe(ref to, 128);
            Characters(d, distances).StoreUnsafe(ref to, 192);
            from = ref Unsafe.Add(ref from, 3 * QuantaInTurn);
            to = ref Unsafe.Add(ref to, 4 * QuantaInTurn);
        }

        for (; done < quanta; done += QuantaInBlock)
        {
            nuint quantum = (nuint)Math.Min(done, quanta - QuantaInBlock);
            EncodeBlock(ref Unsafe.Add(ref source, (3 * quantum) - 16), ref Unsafe.Add(ref destination, 4 * quantum), lanes, order, distances);
        }

        return 3 * quanta;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeBlock(ref byte from, ref byte to, Vector512<int> lanes, Vector512<byte> order, Vector512<byte> distances) =>
        Characters(Split(Load(ref from, lanes, order)), distances).StoreUnsafe(ref to);

    /// <summary>48 of 64 bytes, twelve to a lane, each quantum as its bytes 1 0 2 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Load(ref byte from, Vector512<int> lanes, Vector512<byte> order) =>
        Avx512BW.Shuffle(Avx512F.PermuteVar16x32(Vector512.LoadUnsafe(ref from).AsInt32(), lanes).AsByte(), order);

    /// <summary>The four values of each quantum, in their order, out of its bytes as 1 0 2 1.</summary>
    /// <remarks>
    /// As words, a quantum is p = bytes 0 and 1, q = bytes 1 and 2, with the earlier byte above. Its values are p >> 10,
    /// p >> 4, q >> 6 and q, of each the low six bits. Shifted right by 10 and 6, the first and third are in their low bytes
    /// and the high bytes are free below their bit 2; shifted left by 4 and 8, the second and fourth are in their high bytes.
    /// The mask takes those, six bits each. It also takes bits 6 and 7 of the third, where q &lt;&lt; 8 has zeros and q >> 6
    /// has not; p >> 10 has nothing there, and neither shift to the right has anything in bits 14 and 15.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Split(Vector512<byte> quanta)
    {
        Vector512<ushort> outer = Avx512BW.ShiftRightLogicalVariable(quanta.AsUInt16(), Vector512.Create(0x0006000A).AsUInt16());
        Vector512<ushort> inner = Avx512BW.ShiftLeftLogicalVariable(quanta.AsUInt16(), Vector512.Create(0x00080004).AsUInt16());
        return Avx512F.TernaryLogic(outer, inner, Vector512.Create(0x3FC03F00).AsUInt16(), SecondWhereThird).AsByte();
    }

    /// <summary>
    /// Which distance leads from value to character: row 0 for upper case, and otherwise the value, but at least 51. So lower
    /// case has one row, each digit and sign its own, and four bits tell them all apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Characters(Vector512<byte> values, Vector512<byte> distances)
    {
        // One instruction to compare, and one for the larger value or zero: selecting between a result and zero costs nothing.
        Vector512<byte> rows = Vector512.ConditionalSelect(
            Avx512BW.CompareGreaterThan(values, Vector512.Create((byte)25)),
            Avx512BW.Max(values, Vector512.Create((byte)51)),
            Vector512<byte>.Zero);
        return Avx512BW.Add(values, Avx512BW.Shuffle(distances, rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Four(Vector128<byte> lane) => Vector512.Create(Vector256.Create(lane, lane), Vector256.Create(lane, lane));

    /// <summary>From value to character, by the low four bits of the row: 0 is upper case, 51 lower case, 52 to 61 are digits, then '+' and '/'.</summary>
    private static Vector512<byte> Distances
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Four(Vector128.Create((sbyte)65, 0, 0, 71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16).AsByte());
    }

    // Three times four bytes to each lane, and whatever comes next.
    private static Vector512<int> LanesFromFirst
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 10, 11, 12);
    }

    private static Vector512<int> LanesFromFifth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(4, 5, 6, 7, 7, 8, 9, 10, 10, 11, 12, 13, 13, 14, 15, 15);
    }

    private static Vector512<byte> Order
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Four(Vector128.Create((byte)1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
    }
}
