using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Decodes base64 with AVX2: 128 characters a turn in four independent chains and one test for errors, which is what makes
/// it faster than the platform's loop of 32. Lookup by aqrit's hash of averages. From 32 characters on it leaves nothing that
/// could be decoded: the last block ends with the text and may repeat what the one before it wrote, and a block with a fault
/// counts up to the fault. Compared with <see cref="Base64Scalar"/> for every byte at every place, every length and every
/// alignment by Base64KernelTests.
/// </summary>
internal static class Base64Avx2
{
    private const int QuantaInBlock = 8;
    private const int QuantaInTurn = 4 * QuantaInBlock;

    /// <summary>Each half of a block is twelve bytes and is stored as sixteen; what is too much, the next store writes over.</summary>
    private const int StoredTooMuch = 4;

    /// <summary>True where the processor can and the runtime lets it.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Decodes whole quanta. The contract is that of <see cref="Base64Blocks"/>.</summary>
    /// <returns>The characters taken: none when there are fewer than 32 or no room for them; otherwise all that can be.</returns>
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
        Vector256<byte> offsetHash = OffsetHash;
        Vector256<byte> offsets = Offsets;
        Vector256<byte> checkHash = CheckHash;
        Vector256<byte> checks = Checks;
        Vector256<byte> bytes = BytesOfQuanta;
        int done = 0;
        int lastTurn = Math.Min(quanta, (capacity - StoredTooMuch) / 3) - QuantaInTurn;
        for (; done <= lastTurn; done += QuantaInTurn)
        {
            ref byte from = ref Unsafe.Add(ref source, (nint)(4 * done));
            Vector256<byte> faults = Vector256<byte>.Zero;
            Vector256<byte> a = Translate(Vector256.LoadUnsafe(ref from), offsetHash, offsets, checkHash, checks, ref faults);
            Vector256<byte> b = Translate(Vector256.LoadUnsafe(ref from, 32), offsetHash, offsets, checkHash, checks, ref faults);
            Vector256<byte> c = Translate(Vector256.LoadUnsafe(ref from, 64), offsetHash, offsets, checkHash, checks, ref faults);
            Vector256<byte> d = Translate(Vector256.LoadUnsafe(ref from, 96), offsetHash, offsets, checkHash, checks, ref faults);
            if (faults.ExtractMostSignificantBits() != 0)
            {
                break;
            }

            ref byte to = ref Unsafe.Add(ref destination, (nint)(3 * done));
            StoreHalves(Quanta(a, bytes), ref to, 0);
            StoreHalves(Quanta(b, bytes), ref to, 24);
            StoreHalves(Quanta(c, bytes), ref to, 48);
            StoreHalves(Quanta(d, bytes), ref to, 72);
        }

        Vector256<int> order = OrderOfQuanta;
        while (done < quanta)
        {
            done = Math.Min(done, last);
            Vector256<byte> faults = Vector256<byte>.Zero;
            Vector256<byte> values = Translate(Vector256.LoadUnsafe(ref source, (nuint)(4 * done)), offsetHash, offsets, checkHash, checks, ref faults);

            // There is room for the whole block, so what lies behind a fault may be written too: it does not count.
            Vector256<byte> packed = Avx2.PermuteVar8x32(Quanta(values, bytes).AsInt32(), order).AsByte();
            packed.GetLower().StoreUnsafe(ref destination, (nuint)(3 * done));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref destination, (nint)((3 * done) + 16)), packed.GetUpper().AsUInt64().ToScalar());
            uint wrong = faults.ExtractMostSignificantBits();
            if (wrong != 0)
            {
                return (4 * done) + (BitOperations.TrailingZeroCount(wrong) & ~3);
            }

            done += QuantaInBlock;
        }

        return 4 * done;
    }

    /// <summary>
    /// The six bits of each character. A hash of it, which is the average of what its low nibble stands for and of its upper
    /// five bits, says which offset leads from character to value; another says what added to it stays positive just where
    /// there is a character. Only the low nibble of a hash counts, so what the shift brings from the neighbour does not, and
    /// below 0x80 it cannot reach the sign bit: 0xEF and 0x0F at most. A byte from 0x80 on is negative with any check.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Translate(Vector256<byte> text, Vector256<byte> offsetHash, Vector256<byte> offsets, Vector256<byte> checkHash, Vector256<byte> checks, ref Vector256<byte> faults)
    {
        Vector256<byte> upper = Vector256.ShiftRightLogical(text.AsInt32(), 3).AsByte();
        Vector256<byte> check = Avx2.Average(Avx2.Shuffle(checkHash, text), upper);
        Vector256<byte> offset = Avx2.Average(Avx2.Shuffle(offsetHash, text), upper);
        faults |= Avx2.AddSaturate(Avx2.Shuffle(checks, check).AsSByte(), text.AsSByte()).AsByte();
        return text + Avx2.Shuffle(offsets, offset);
    }

    /// <summary>Four times six bits become three bytes, in the order of the text; they take the first twelve of each half's sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Quanta(Vector256<byte> values, Vector256<byte> bytes)
    {
        Vector256<short> pairs = Avx2.MultiplyAddAdjacent(values, Vector256.Create(0x01400140).AsSByte());
        Vector256<int> quanta = Avx2.MultiplyAddAdjacent(pairs, Vector256.Create(0x00011000).AsInt16());
        return Avx2.Shuffle(quanta.AsByte(), bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves(Vector256<byte> quanta, ref byte destination, nuint offset)
    {
        quanta.GetLower().StoreUnsafe(ref destination, offset);
        quanta.GetUpper().StoreUnsafe(ref destination, offset + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Two(Vector128<byte> half) => Vector256.Create(half, half);

    /// <summary>By low nibble. With the upper bits it makes 3 of '+', 4 of digits, 5 and 6 of upper case, 7 and 8 of lower case, 10 of '/', and 12 and 14 of m and o, which have the nibbles of the signs.</summary>
    private static Vector256<byte> OffsetHash
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Two(Vector128.Create((byte)0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0F, 0x00, 0x0F));
    }

    private static Vector256<byte> Offsets
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Two(Vector128.Create((sbyte)0, 0, 0, 19, 4, -65, -65, -71, -71, 0, 16, -61, -65, -65, -71, -71).AsByte());
    }

    /// <summary>By low nibble. With the upper bits it makes one number of characters that follow one another, as far as four bits can tell them apart.</summary>
    private static Vector256<byte> CheckHash
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Two(Vector128.Create((byte)0x0D, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x03, 0x07, 0x0B, 0x0B, 0x0B, 0x0F));
    }

    /// <summary>The negated first character of those that share a hash; -128 where none does.</summary>
    private static Vector256<byte> Checks
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Two(Vector128.Create((byte)0x80, 0x80, 0x80, 0x80, 0xCF, 0xBF, 0xD5, 0xA6, 0xB5, 0x86, 0xD1, 0x80, 0xB1, 0x80, 0x91, 0x80));
    }

    /// <summary>A quantum lies with its low byte first.</summary>
    private static Vector256<byte> BytesOfQuanta
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Two(Vector128.Create((byte)2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0xFF, 0xFF, 0xFF, 0xFF));
    }

    private static Vector256<int> OrderOfQuanta
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(0, 1, 2, 4, 5, 6, 7, 7);
    }
}
