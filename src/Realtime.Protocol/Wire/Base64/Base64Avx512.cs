using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Decodes base64 with AVX-512 where VBMI is missing: 256 characters a turn, four results of 48 bytes packed into three
/// full stores, and one test for errors for four turns. From 64 characters on it leaves nothing that could be decoded: the
/// last block ends with the text and may repeat what the one before it wrote, and a block with a fault counts up to the
/// fault. Compared with <see cref="Base64Scalar"/> for every byte at every place, every length and every alignment by
/// Base64KernelTests.
/// </summary>
internal static class Base64Avx512
{
    private const int QuantaInBlock = 16;
    private const int QuantaInTurn = 4 * QuantaInBlock;

    /// <summary>One test for so many turns: a test in each took 2 % of the time. What was written before it does not count yet.</summary>
    private const int TurnsPerTest = 4;

    /// <summary>For each bit: where the third operand is set, whether the first two differ.</summary>
    private const byte DifferWhereThird = 0x28;

    /// <summary>For each bit: the first operand, or the third where the second is missing.</summary>
    private const byte OrThirdWithoutSecond = 0xF2;

    /// <summary>True where the processor can and the runtime lets it.</summary>
    public static bool IsSupported => Avx512BW.IsSupported;

    /// <summary>Decodes whole quanta. The contract is that of <see cref="Base64Blocks"/>.</summary>
    /// <returns>The characters taken: none when there are fewer than 64 or no room for them; otherwise all that can be.</returns>
    [MethodImpl(Base64Blocks.Kernel)]
    public static int Decode(ref byte source, int length, ref byte destination, int capacity)
    {
        int quanta = (int)Math.Min((uint)length / 4, (uint)capacity / 3);
        int last = quanta - QuantaInBlock;
        if (last < 0)
        {
            return 0;
        }

        // Constants live in registers: as properties read in the loop they can become calls.
        Vector512<byte> columns = Columns;
        Vector512<byte> rows = Rows;
        Vector512<byte> offsets = Offsets;
        Vector512<byte> bytes = BytesOfQuanta;
        Vector512<int> pack0 = Pack0;
        int done = 0;
        if (quanta >= QuantaInTurn)
        {
            Vector512<int> pack1 = Pack1;
            Vector512<int> pack2 = Pack2;
            ref byte from = ref source;
            ref byte to = ref destination;
            int atOnce = TurnsPerTest;
            do
            {
                int turns = Math.Min((quanta - done) / QuantaInTurn, atOnce);
                Vector512<byte> faults = Vector512<byte>.Zero;
                for (int turn = turns; turn > 0; turn--)
                {
                    Vector512<byte> a = Translate(Vector512.LoadUnsafe(ref from), columns, rows, offsets, ref faults);
                    Vector512<byte> b = Translate(Vector512.LoadUnsafe(ref from, 64), columns, rows, offsets, ref faults);
                    Vector512<byte> c = Translate(Vector512.LoadUnsafe(ref from, 128), columns, rows, offsets, ref faults);
                    Vector512<byte> d = Translate(Vector512.LoadUnsafe(ref from, 192), columns, rows, offsets, ref faults);
                    Vector512<int> quantaOfB = Quanta(b, bytes);
                    Vector512<int> quantaOfC = Quanta(c, bytes);
                    Avx512F.PermuteVar16x32x2(Quanta(a, bytes), pack0, quantaOfB).AsByte().StoreUnsafe(ref to);
                    Avx512F.PermuteVar16x32x2(quantaOfB, pack1, quantaOfC).AsByte().StoreUnsafe(ref to, 64);
                    Avx512F.PermuteVar16x32x2(quantaOfC, pack2, Quanta(d, bytes)).AsByte().StoreUnsafe(ref to, 128);
                    from = ref Unsafe.Add(ref from, 4 * QuantaInTurn);
                    to = ref Unsafe.Add(ref to, 3 * QuantaInTurn);
                }

                if (faults == Vector512<byte>.Zero)
                {
                    done += turns * QuantaInTurn;
                    continue;
                }

                if (turns == 1)
                {
                    break;
                }

                // The text ends in one of these turns: again, one by one. What they wrote does not count.
                atOnce = 1;
                from = ref Unsafe.Add(ref source, (nint)(4 * done));
                to = ref Unsafe.Add(ref destination, (nint)(3 * done));
            }
            while (done <= quanta - QuantaInTurn);
        }

        while (done < quanta)
        {
            done = Math.Min(done, last);
            Vector512<byte> faults = Vector512<byte>.Zero;
            Vector512<byte> values = Translate(Vector512.LoadUnsafe(ref source, (nuint)(4 * done)), columns, rows, offsets, ref faults);

            // There is room for the whole block, so what lies behind a fault may be written too: it does not count.
            Vector512<byte> packed = Avx512F.PermuteVar16x32(Quanta(values, bytes), pack0).AsByte();
            packed.GetLower().StoreUnsafe(ref destination, (nuint)(3 * done));
            packed.GetUpper().GetLower().StoreUnsafe(ref destination, (nuint)(3 * done) + 32);
            ulong sound = Vector512.Equals(faults, Vector512<byte>.Zero).ExtractMostSignificantBits();
            if (sound != ulong.MaxValue)
            {
                return (4 * done) + (BitOperations.TrailingZeroCount(~sound) & ~3);
            }

            done += QuantaInBlock;
        }

        return 4 * done;
    }

    /// <summary>
    /// The six bits of each character. The row is its high nibble, and that plus 8 when the low one is 15, which tells '/'
    /// from '+'. The row says which offset leads from character to value, and which bit the column must have. A byte from
    /// 0x80 on has the column zero, which lacks what every row wants.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Translate(Vector512<byte> text, Vector512<byte> columns, Vector512<byte> rows, Vector512<byte> offsets, ref Vector512<byte> faults)
    {
        Vector512<byte> column = Avx512BW.Shuffle(columns, text);
        Vector512<byte> row = Avx512F.TernaryLogic(Avx512F.ShiftRightLogical(text.AsInt32(), 4).AsByte(), column, Vector512.Create((byte)0x0F), DifferWhereThird);
        faults = Avx512F.TernaryLogic(faults, column, Avx512BW.Shuffle(rows, row), OrThirdWithoutSecond);
        return Avx512BW.Add(text, Avx512BW.Shuffle(offsets, row));
    }

    /// <summary>Four times six bits become three bytes, in the order of the text; they take the first twelve of each lane's sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Quanta(Vector512<byte> values, Vector512<byte> bytes)
    {
        Vector512<short> pairs = Avx512BW.MultiplyAddAdjacent(values, Vector512.Create(0x01400140).AsSByte());
        Vector512<int> quanta = Avx512BW.MultiplyAddAdjacent(pairs, Vector512.Create(0x00011000).AsInt16());
        return Avx512BW.Shuffle(quanta.AsByte(), bytes).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Four(Vector128<byte> lane) => Vector512.Create(Vector256.Create(lane, lane), Vector256.Create(lane, lane));

    /// <summary>
    /// By low nibble, the rows in which it is a character: 0x10 the signs (2), 0x20 the digits (3), 0x40 the first half of
    /// the letters (4 and 6), 0x80 the second (5 and 7). So 0 to 9 are digits, 1 to 15 begin the letters, 0 to 10 end them,
    /// and 11 and 15 are signs. 15 also has the 8 that changes its row.
    /// </summary>
    private static Vector512<byte> Columns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Four(Vector128.Create((byte)0xA0, 0xE0, 0xE0, 0xE0, 0xE0, 0xE0, 0xE0, 0xE0, 0xE0, 0xE0, 0xC0, 0x50, 0x40, 0x40, 0x40, 0x58));
    }

    /// <summary>By row, what the column must have: all four bits, which none has, where there are no characters.</summary>
    private static Vector512<byte> Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Four(Vector128.Create((byte)0xF0, 0xF0, 0x10, 0x20, 0x40, 0x80, 0x40, 0x80, 0xF0, 0xF0, 0x10, 0x20, 0x40, 0x80, 0x40, 0x80));
    }

    /// <summary>By row: (2) '+', (3) digits, (4, 5) upper case, (6, 7) lower case; with the 8, (10) '/' and the same letters.</summary>
    private static Vector512<byte> Offsets
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Four(Vector128.Create((sbyte)0, 0, 19, 4, -65, -65, -71, -71, 0, 0, 16, 4, -65, -65, -71, -71).AsByte());
    }

    /// <summary>A quantum lies with its low byte first.</summary>
    private static Vector512<byte> BytesOfQuanta
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Four(Vector128.Create((byte)2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0xFF, 0xFF, 0xFF, 0xFF));
    }

    // Of a vector's 16 times four bytes, 3, 7, 11 and 15 are empty. From two vectors, a pack takes the 16 that come next: the
    // first twelve and four of the second, from there the other eight and eight, then four and twelve. 16 and more are the second's.
    private static Vector512<int> Pack0
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20);
    }

    private static Vector512<int> Pack1
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25);
    }

    private static Vector512<int> Pack2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25, 26, 28, 29, 30);
    }
}
