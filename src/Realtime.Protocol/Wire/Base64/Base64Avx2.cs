using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Decodes base64 with AVX2: 128 characters a turn in four independent chains and one test for errors, which is what makes
/// it faster than the platform's loop of 32. Lookup by nibbles after Wojciech Muła and Daniel Lemire, "Faster Base64
/// Encoding and Decoding Using AVX2 Instructions" (2018). Compared with <see cref="Base64Scalar"/> for every byte at
/// every place, every length and every alignment by Base64KernelTests.
/// </summary>
internal static class Base64Avx2
{
    private const byte Slash = (byte)'/';

    /// <summary>True where the processor can and the runtime lets it.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Decodes blocks of 128 and of 32 characters. The contract is that of <see cref="Base64Blocks"/>.</summary>
    [MethodImpl(Base64Blocks.Kernel)]
    public static int Decode(ref byte source, int length, ref byte destination, int capacity)
    {
        // Constants live in registers: as properties read in the loop they can become calls.
        Vector256<byte> low = FaultsOfLowNibble;
        Vector256<byte> high = FaultsOfHighNibble;
        Vector256<byte> offsets = Offsets;
        Vector256<byte> bytes = BytesOfQuanta;
        Vector256<int> order = OrderOfQuanta;
        int taken = 0;
        int written = 0;

        // A block of 32 characters becomes 24 bytes but is stored as 32: what is too much, the next store writes over. The last
        // one of a turn stores its 24 bytes only.
        while (length - taken >= 128 && capacity - written >= 96)
        {
            ref byte from = ref Unsafe.Add(ref source, taken);
            Vector256<byte> faults = Vector256<byte>.Zero;
            Vector256<byte> a = Translate(Vector256.LoadUnsafe(ref from), low, high, offsets, ref faults);
            Vector256<byte> b = Translate(Vector256.LoadUnsafe(ref from, 32), low, high, offsets, ref faults);
            Vector256<byte> c = Translate(Vector256.LoadUnsafe(ref from, 64), low, high, offsets, ref faults);
            Vector256<byte> d = Translate(Vector256.LoadUnsafe(ref from, 96), low, high, offsets, ref faults);
            if (faults != Vector256<byte>.Zero)
            {
                break;
            }

            ref byte to = ref Unsafe.Add(ref destination, written);
            Pack(a, bytes, order).StoreUnsafe(ref to);
            Pack(b, bytes, order).StoreUnsafe(ref to, 24);
            Pack(c, bytes, order).StoreUnsafe(ref to, 48);
            StoreExactly(Pack(d, bytes, order), ref to, 72);
            taken += 128;
            written += 96;
        }

        while (length - taken >= 32 && capacity - written >= 24)
        {
            Vector256<byte> faults = Vector256<byte>.Zero;
            Vector256<byte> values = Translate(Vector256.LoadUnsafe(ref source, (nuint)taken), low, high, offsets, ref faults);
            if (faults != Vector256<byte>.Zero)
            {
                break;
            }

            StoreExactly(Pack(values, bytes, order), ref destination, (nuint)written);
            taken += 32;
            written += 24;
        }

        return taken;
    }

    /// <summary>
    /// The six bits of each character. The high nibble says which offset leads from character to value, except that
    /// '/' shares its nibble with '+' and is told apart by comparison. Faults: for each pair of nibbles, the two tables
    /// have a bit in common exactly when the pair is not a character of base64; a byte from 0x80 on has one always.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Translate(Vector256<byte> text, Vector256<byte> faultsOfLow, Vector256<byte> faultsOfHigh, Vector256<byte> offsets, ref Vector256<byte> faults)
    {
        // 0x2F is '/' and keeps of each byte what the lookups need: they look at the low four bits, and give 0 for a set sign bit only.
        Vector256<byte> slash = Vector256.Create(Slash);
        Vector256<byte> high = Vector256.ShiftRightLogical(text.AsInt32(), 4).AsByte() & slash;
        faults |= Avx2.Shuffle(faultsOfLow, text & slash) & Avx2.Shuffle(faultsOfHigh, high);
        return text + Avx2.Shuffle(offsets, Vector256.Equals(text, slash) + high);
    }

    /// <summary>Four times six bits become three bytes, and the bytes of each half move together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Pack(Vector256<byte> values, Vector256<byte> bytes, Vector256<int> order)
    {
        Vector256<short> pairs = Avx2.MultiplyAddAdjacent(values, Vector256.Create(0x01400140).AsSByte());
        Vector256<int> quanta = Avx2.MultiplyAddAdjacent(pairs, Vector256.Create(0x00011000).AsInt16());
        return Avx2.PermuteVar8x32(Avx2.Shuffle(quanta.AsByte(), bytes).AsInt32(), order).AsByte();
    }

    /// <summary>Stores the 24 bytes of a block and touches nothing behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreExactly(Vector256<byte> packed, ref byte destination, nuint offset)
    {
        packed.GetLower().StoreUnsafe(ref destination, offset);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref destination, offset + 16), packed.GetUpper().AsUInt64().ToScalar());
    }

    private static Vector256<byte> FaultsOfLowNibble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
        (byte)0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A,
        0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
    }

    private static Vector256<byte> FaultsOfHighNibble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
        (byte)0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
        0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
    }

    /// <summary>By high nibble: (1) '/', (2) '+', (3) digits, (4, 5) upper case, (6, 7) lower case.</summary>
    private static Vector256<byte> Offsets
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
        (sbyte)0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0).AsByte();
    }

    private static Vector256<byte> BytesOfQuanta
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(
        (byte)2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0xFF, 0xFF, 0xFF, 0xFF,
        2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 0xFF, 0xFF, 0xFF, 0xFF);
    }

    private static Vector256<int> OrderOfQuanta
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(0, 1, 2, 4, 5, 6, 7, 7);
    }
}
