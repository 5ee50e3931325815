using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Encodes with AVX-512 VBMI: 48 bytes become 64 characters by three instructions, four times a turn. From 66 bytes on it
/// leaves no whole quantum: the last block ends with the input and may repeat what the one before it wrote. Compared with the
/// platform for every length, alignment and capacity, between guard pages, by Base64KernelTests, on the processor where it has
/// the instructions and by their meaning everywhere.
/// </summary>
internal static class Base64VbmiEncoder
{
    /// <summary>The first block reads 64 bytes and takes 48 of them; these are the whole quanta that it needs.</summary>
    public const int LeastBytes = 66;

    private const int QuantaInBlock = 16;
    private const int QuantaInTurn = 4 * QuantaInBlock;

    /// <summary>How far ahead cache lines are asked for; measured.</summary>
    private const int CharactersAhead = 512;

    /// <summary>True where the processor can and the runtime lets it.</summary>
    public static bool IsSupported => Base64Vbmi.IsSupported;

    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    /// <summary>Encodes whole quanta. The contract is that of <see cref="Base64Blocks"/>.</summary>
    /// <returns>The bytes taken: none when there are fewer than <see cref="LeastBytes"/> or no room for them; otherwise all quanta that are there and fit.</returns>
    [MethodImpl(Base64Blocks.Kernel)]
    public static int Encode<TInstructions>(ref byte source, int length, ref byte destination, int capacity)
        where TInstructions : struct, IVbmi
    {
        int quanta = (int)Math.Min((uint)length / 3, (uint)capacity / 4);
        if (quanta < LeastBytes / 3)
        {
            return 0;
        }

        // Constants live in registers: as properties read in the loop they can become calls.
        Vector512<byte> alphabet = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(Alphabet));
        Vector512<byte> order = OrderFromFirst;
        EncodeBlock<TInstructions>(ref source, ref destination, order, alphabet);
        int done = QuantaInBlock;

        // Behind the first block there are 16 bytes in front of each to read too, so none reads what lies behind it.
        order += Vector512.Create((byte)16);
        ref byte from = ref Unsafe.Add(ref source, (3 * QuantaInBlock) - 16);
        ref byte to = ref Unsafe.Add(ref destination, 4 * QuantaInBlock);
        for (; done <= quanta - QuantaInTurn; done += QuantaInTurn)
        {
            if (quanta - done >= QuantaInTurn + (CharactersAhead / 4))
            {
                CacheLines.Ask256(ref Unsafe.Add(ref to, CharactersAhead));
            }

            Vector512<byte> a = Split<TInstructions>(Vector512.LoadUnsafe(ref from), order);
            Vector512<byte> b = Split<TInstructions>(Vector512.LoadUnsafe(ref from, 48), order);
            Vector512<byte> c = Split<TInstructions>(Vector512.LoadUnsafe(ref from, 96), order);
            Vector512<byte> d = Split<TInstructions>(Vector512.LoadUnsafe(ref from, 144), order);
            TInstructions.Permute(alphabet, a).StoreUnsafe(ref to);
            TInstructions.Permute(alphabet, b).StoreUnsafe(ref to, 64);
            TInstructions.Permute(alphabet, c).StoreUnsafe(ref to, 128);
            TInstructions.Permute(alphabet, d).StoreUnsafe(ref to, 192);
            from = ref Unsafe.Add(ref from, 3 * QuantaInTurn);
            to = ref Unsafe.Add(ref to, 4 * QuantaInTurn);
        }

        for (; done < quanta; done += QuantaInBlock)
        {
            nuint quantum = (nuint)Math.Min(done, quanta - QuantaInBlock);
            EncodeBlock<TInstructions>(ref Unsafe.Add(ref source, (3 * quantum) - 16), ref Unsafe.Add(ref destination, 4 * quantum), order, alphabet);
        }

        return 3 * quanta;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EncodeBlock<TInstructions>(ref byte from, ref byte to, Vector512<byte> order, Vector512<byte> alphabet)
        where TInstructions : struct, IVbmi =>
        TInstructions.Permute(alphabet, Split<TInstructions>(Vector512.LoadUnsafe(ref from), order)).StoreUnsafe(ref to);

    /// <summary>
    /// The four values of each quantum: its bytes as 1 0 2 1, twice in 64 bits, and from them eight times eight bits
    /// that begin at 10, 4, 22, 16 and 42, 36, 54, 48. The two bits above the six are not looked at by the lookup.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Split<TInstructions>(Vector512<byte> bytes, Vector512<byte> order)
        where TInstructions : struct, IVbmi =>
        TInstructions.MultiShift(Vector512.Create(0x3036242A1016040AUL).AsByte(), TInstructions.Permute(bytes, order).AsUInt64());

    /// <summary>Each quantum as its bytes 1 0 2 1.</summary>
    private static Vector512<byte> OrderFromFirst
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
        (byte)1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10, 13, 12, 14, 13, 16, 15, 17, 16, 19, 18, 20, 19, 22, 21, 23, 22,
        25, 24, 26, 25, 28, 27, 29, 28, 31, 30, 32, 31, 34, 33, 35, 34, 37, 36, 38, 37, 40, 39, 41, 40, 43, 42, 44, 43, 46, 45, 47, 46);
    }
}
