using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Decodes base64 with AVX-512 VBMI: one instruction looks up 64 characters in a table of 128. 256 characters a turn and
/// one test for errors. From 64 characters on it leaves nothing that could be decoded: a turn with a fault counts up to the
/// fault, and the last turn or block ends with the text and may repeat what the one before it wrote. Compared with
/// <see cref="Base64Scalar"/> by Base64KernelTests, on the processor where it has the instructions and by their meaning
/// everywhere.
/// </summary>
internal static class Base64Vbmi
{
    private const int QuantaInBlock = 16;
    private const int QuantaInTurn = 4 * QuantaInBlock;

    /// <summary>A block of 48 bytes is stored as 64; what is too much, the next store writes over.</summary>
    private const int StoredTooMuch = 16;

    /// <summary>How far ahead cache lines are asked for; measured, for text that comes from the third cache and bytes that go to the second.</summary>
    private const int TextAhead = 2048;
    private const int BytesAhead = 384;

    /// <summary>True where the processor can and the runtime lets it.</summary>
    public static bool IsSupported => Avx512Vbmi.IsSupported && Avx512BW.IsSupported && Vector512.IsHardwareAccelerated;

    /// <summary>Decodes whole quanta. The contract is that of <see cref="Base64Blocks"/>.</summary>
    /// <returns>The characters taken: none when there are fewer than 64 or no room for them; otherwise all that can be.</returns>
    [MethodImpl(Base64Blocks.Kernel)]
    public static int Decode<TInstructions>(ref byte source, int length, ref byte destination, int capacity)
        where TInstructions : struct, IVbmi
    {
        int quanta = (int)Math.Min((uint)length / 4, (uint)capacity / 3);
        int last = quanta - QuantaInBlock;
        if (last < 0)
        {
            return 0;
        }

        // The table has the sign bit where there is no character, and a byte from 0x80 on has it itself.
        ref byte values = ref Unsafe.As<sbyte, byte>(ref MemoryMarshal.GetReference(Base64Scalar.Values));
        Vector512<byte> lower = Vector512.LoadUnsafe(ref values);
        Vector512<byte> upper = Vector512.LoadUnsafe(ref values, 64);
        Vector512<byte> pack = Pack;
        int done = 0;
        int lastTurn = Math.Min(quanta, (capacity - StoredTooMuch) / 3) - QuantaInTurn;
        while (lastTurn >= 0)
        {
            ref byte from = ref Unsafe.Add(ref source, (nint)(4 * done));
            ref byte to = ref Unsafe.Add(ref destination, (nint)(3 * done));
            if (lastTurn - done >= TextAhead / 4)
            {
                CacheLines.Ask256(ref Unsafe.Add(ref from, TextAhead));
            }

            if (lastTurn - done >= BytesAhead / 3)
            {
                CacheLines.Ask192(ref Unsafe.Add(ref to, BytesAhead));
            }

            Vector512<byte> a = Vector512.LoadUnsafe(ref from);
            Vector512<byte> b = Vector512.LoadUnsafe(ref from, 64);
            Vector512<byte> c = Vector512.LoadUnsafe(ref from, 128);
            Vector512<byte> d = Vector512.LoadUnsafe(ref from, 192);
            Vector512<byte> valuesOfA = TInstructions.Permute2(lower, a, upper);
            Vector512<byte> valuesOfB = TInstructions.Permute2(lower, b, upper);
            Vector512<byte> valuesOfC = TInstructions.Permute2(lower, c, upper);
            Vector512<byte> valuesOfD = TInstructions.Permute2(lower, d, upper);

            // A store for each block: two results packed into one store by Permute2 takes three instructions of the processor's own.
            TInstructions.Permute(Quanta<TInstructions>(valuesOfA), pack).StoreUnsafe(ref to);
            TInstructions.Permute(Quanta<TInstructions>(valuesOfB), pack).StoreUnsafe(ref to, 48);
            TInstructions.Permute(Quanta<TInstructions>(valuesOfC), pack).StoreUnsafe(ref to, 96);
            TInstructions.Permute(Quanta<TInstructions>(valuesOfD), pack).StoreUnsafe(ref to, 144);

            // There is room for the whole turn, so what lies behind a fault may be written too: it does not count.
            Vector512<byte> faults = (a | valuesOfA | b) | (c | valuesOfC | d) | (valuesOfB | valuesOfD);
            if (faults.ExtractMostSignificantBits() != 0)
            {
                return (4 * done) + SoundOfTurn(Faults(a, valuesOfA), Faults(b, valuesOfB), Faults(c, valuesOfC), Faults(d, valuesOfD));
            }

            if (done == lastTurn)
            {
                done += QuantaInTurn;
                break;
            }

            done = Math.Min(done + QuantaInTurn, lastTurn);
        }

        // What a turn is too long for, or has no room for what it stores too much.
        while (done < quanta)
        {
            done = Math.Min(done, last);
            Vector512<byte> text = Vector512.LoadUnsafe(ref source, (nuint)(4 * done));
            Vector512<byte> sixBits = TInstructions.Permute2(lower, text, upper);
            Vector512<byte> packed = TInstructions.Permute(Quanta<TInstructions>(sixBits), pack);
            packed.GetLower().StoreUnsafe(ref destination, (nuint)(3 * done));
            packed.GetUpper().GetLower().StoreUnsafe(ref destination, (nuint)(3 * done) + 32);
            ulong faults = Faults(text, sixBits);
            if (faults != 0)
            {
                return (4 * done) + Sound(faults);
            }

            done += QuantaInBlock;
        }

        return 4 * done;
    }

    /// <summary>Four times six bits become 24 bits in each 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Quanta<TInstructions>(Vector512<byte> values)
        where TInstructions : struct, IVbmi
    {
        Vector512<short> pairs = TInstructions.MultiplyAddAdjacent(values, Vector512.Create(0x01400140).AsSByte());
        return TInstructions.MultiplyAddAdjacent(pairs, Vector512.Create(0x00011000).AsInt16()).AsByte();
    }

    /// <summary>A bit for each character that is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Faults(Vector512<byte> text, Vector512<byte> values) => (text | values).ExtractMostSignificantBits();

    /// <summary>The characters of the whole quanta before the first fault of a block.</summary>
    private static int Sound(ulong faults) => BitOperations.TrailingZeroCount(faults) & ~3;

    /// <summary>The same for a turn, which has a fault in one of its blocks.</summary>
    private static int SoundOfTurn(ulong a, ulong b, ulong c, ulong d) =>
        a != 0 ? Sound(a) : b != 0 ? 64 + Sound(b) : c != 0 ? 128 + Sound(c) : 192 + Sound(d);

    /// <summary>The bytes of 16 quanta, one behind the other; a quantum lies with its low byte first, and its fourth is empty.</summary>
    private static Vector512<byte> Pack
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
        (byte)2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 18, 17, 16, 22, 21, 20, 26, 25, 24, 30, 29, 28, 34, 33, 32, 38, 37, 36, 42, 41,
        40, 46, 45, 44, 50, 49, 48, 54, 53, 52, 58, 57, 56, 62, 61, 60, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3);
    }
}
