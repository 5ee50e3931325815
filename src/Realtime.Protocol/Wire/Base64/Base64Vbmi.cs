using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Base64 with AVX-512 VBMI: one instruction looks up 64 characters in a table of 128. 256 characters a turn, one test
/// for errors, and the four results of 48 bytes packed into three full stores. Compared with <see cref="Base64Scalar"/>
/// by Base64KernelTests, on the processor where it has the instructions and by their meaning everywhere.
/// </summary>
internal static class Base64Vbmi
{
    /// <summary>True where the processor can and the runtime lets it.</summary>
    public static bool IsSupported => Avx512Vbmi.IsSupported && Avx512BW.IsSupported && Vector512.IsHardwareAccelerated;

    /// <summary>Decodes blocks of 256 and of 64 characters. The contract is that of <see cref="Base64Blocks"/>.</summary>
    [MethodImpl(Base64Blocks.Kernel)]
    public static int Decode<TInstructions>(ref byte source, int length, ref byte destination, int capacity)
        where TInstructions : struct, IVbmi
    {
        ref byte values = ref MemoryMarshal.GetReference(Tables.Values);
        Vector512<byte> lower = Vector512.LoadUnsafe(ref values);
        Vector512<byte> upper = Vector512.LoadUnsafe(ref values, 64);
        ref byte packs = ref MemoryMarshal.GetReference(Tables.Packs);
        int taken = 0;
        int written = 0;
        if (length >= 256 && capacity >= 192)
        {
            Vector512<byte> pack0 = Vector512.LoadUnsafe(ref packs);
            Vector512<byte> pack1 = Vector512.LoadUnsafe(ref packs, 64);
            Vector512<byte> pack2 = Vector512.LoadUnsafe(ref packs, 128);
            do
            {
                ref byte from = ref Unsafe.Add(ref source, taken);
                Vector512<byte> a = Vector512.LoadUnsafe(ref from);
                Vector512<byte> b = Vector512.LoadUnsafe(ref from, 64);
                Vector512<byte> c = Vector512.LoadUnsafe(ref from, 128);
                Vector512<byte> d = Vector512.LoadUnsafe(ref from, 192);
                Vector512<byte> valuesOfA = TInstructions.Permute2(lower, a, upper);
                Vector512<byte> valuesOfB = TInstructions.Permute2(lower, b, upper);
                Vector512<byte> valuesOfC = TInstructions.Permute2(lower, c, upper);
                Vector512<byte> valuesOfD = TInstructions.Permute2(lower, d, upper);

                // The table has the sign bit where there is no character, and a byte from 0x80 on has it itself.
                Vector512<byte> faults = a | valuesOfA | b | valuesOfB | c | valuesOfC | d | valuesOfD;
                if (faults.ExtractMostSignificantBits() != 0)
                {
                    break;
                }

                Vector512<byte> quantaOfB = Quanta<TInstructions>(valuesOfB);
                Vector512<byte> quantaOfC = Quanta<TInstructions>(valuesOfC);
                ref byte to = ref Unsafe.Add(ref destination, written);
                TInstructions.Permute2(Quanta<TInstructions>(valuesOfA), pack0, quantaOfB).StoreUnsafe(ref to);
                TInstructions.Permute2(quantaOfB, pack1, quantaOfC).StoreUnsafe(ref to, 64);
                TInstructions.Permute2(quantaOfC, pack2, Quanta<TInstructions>(valuesOfD)).StoreUnsafe(ref to, 128);
                taken += 256;
                written += 192;
            }
            while (length - taken >= 256 && capacity - written >= 192);
        }

        // 48 bytes are stored as 64, of which the first 48 are those of the first pack.
        Vector512<byte> pack = Vector512.LoadUnsafe(ref packs);
        while (length - taken >= 64 && capacity - written >= 64)
        {
            Vector512<byte> text = Vector512.LoadUnsafe(ref source, (nuint)taken);
            Vector512<byte> sixBits = TInstructions.Permute2(lower, text, upper);
            if ((text | sixBits).ExtractMostSignificantBits() != 0)
            {
                break;
            }

            TInstructions.Permute(Quanta<TInstructions>(sixBits), pack).StoreUnsafe(ref destination, (nuint)written);
            taken += 64;
            written += 48;
        }

        return taken;
    }

    /// <summary>Encodes blocks of 192 and of 48 bytes. The contract is that of <see cref="Base64Blocks"/>.</summary>
    [MethodImpl(Base64Blocks.Kernel)]
    public static int Encode<TInstructions>(ref byte source, int length, ref byte destination, int capacity)
        where TInstructions : struct, IVbmi
    {
        Vector512<byte> alphabet = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(Tables.Alphabet));
        Vector512<byte> quantaOfBytes = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(Tables.QuantaOfBytes));
        int taken = 0;
        int written = 0;

        // 48 bytes are loaded as 64.
        while (length - taken >= 192 + 16 && capacity - written >= 256)
        {
            ref byte from = ref Unsafe.Add(ref source, taken);
            ref byte to = ref Unsafe.Add(ref destination, written);
            Vector512<byte> a = Split<TInstructions>(Vector512.LoadUnsafe(ref from), quantaOfBytes);
            Vector512<byte> b = Split<TInstructions>(Vector512.LoadUnsafe(ref from, 48), quantaOfBytes);
            Vector512<byte> c = Split<TInstructions>(Vector512.LoadUnsafe(ref from, 96), quantaOfBytes);
            Vector512<byte> d = Split<TInstructions>(Vector512.LoadUnsafe(ref from, 144), quantaOfBytes);
            TInstructions.Permute(alphabet, a).StoreUnsafe(ref to);
            TInstructions.Permute(alphabet, b).StoreUnsafe(ref to, 64);
            TInstructions.Permute(alphabet, c).StoreUnsafe(ref to, 128);
            TInstructions.Permute(alphabet, d).StoreUnsafe(ref to, 192);
            taken += 192;
            written += 256;
        }

        while (length - taken >= 48 + 16 && capacity - written >= 64)
        {
            Vector512<byte> values = Split<TInstructions>(Vector512.LoadUnsafe(ref source, (nuint)taken), quantaOfBytes);
            TInstructions.Permute(alphabet, values).StoreUnsafe(ref destination, (nuint)written);
            taken += 48;
            written += 64;
        }

        return taken;
    }

    /// <summary>Four times six bits become 24 bits in each 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Quanta<TInstructions>(Vector512<byte> values)
        where TInstructions : struct, IVbmi
    {
        Vector512<short> pairs = TInstructions.MultiplyAddAdjacent(values, Vector512.Create(0x01400140).AsSByte());
        return TInstructions.MultiplyAddAdjacent(pairs, Vector512.Create(0x00011000).AsInt16()).AsByte();
    }

    /// <summary>
    /// The four values of each quantum: its bytes as 1 0 2 1, twice in 64 bits, and from them eight times eight bits
    /// that begin at 10, 4, 22, 16 and 42, 36, 54, 48. The two bits above the six are not looked at by the lookup.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Split<TInstructions>(Vector512<byte> bytes, Vector512<byte> quantaOfBytes)
        where TInstructions : struct, IVbmi =>
        TInstructions.MultiShift(Vector512.Create(0x3036242A1016040AUL).AsByte(), TInstructions.Permute(bytes, quantaOfBytes).AsUInt64());

    /// <summary>Made once, when the first kernel runs.</summary>
    private static class Tables
    {
        private static readonly byte[] ValuesOfCharacters = MakeValues();
        private static readonly byte[] PacksOfQuanta = MakePacks();
        private static readonly byte[] BytesInQuanta = MakeQuantaOfBytes();

        /// <summary>By character below 0x80: its value, or a byte with the sign bit for none.</summary>
        public static ReadOnlySpan<byte> Values => ValuesOfCharacters;

        /// <summary>Three tables that take 64 of the 192 bytes each, out of two neighbouring vectors of quanta.</summary>
        public static ReadOnlySpan<byte> Packs => PacksOfQuanta;

        /// <summary>By place in the quanta: which of the 48 bytes stands there.</summary>
        public static ReadOnlySpan<byte> QuantaOfBytes => BytesInQuanta;

        public static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

        private static byte[] MakeValues()
        {
            byte[] values = new byte[128];
            for (int character = 0; character < values.Length; character++)
            {
                values[character] = (byte)Base64Scalar.Values[character];
            }

            return values;
        }

        private static byte[] MakePacks()
        {
            // Byte n of a vector's 48 is byte 2 - n % 3 of its quantum n / 3 (the quantum lies with its low byte first).
            byte[] packs = new byte[192];
            for (int at = 0; at < packs.Length; at++)
            {
                int vector = at / 48;
                int within = at % 48;
                int index = (within / 3 * 4) + 2 - (within % 3);
                packs[at] = (byte)(index + (vector == at / 64 ? 0 : 64));
            }

            return packs;
        }

        private static byte[] MakeQuantaOfBytes()
        {
            byte[] quanta = new byte[64];
            ReadOnlySpan<byte> order = [1, 0, 2, 1];
            for (int at = 0; at < quanta.Length; at++)
            {
                quanta[at] = (byte)((at / 4 * 3) + order[at % 4]);
            }

            return quanta;
        }
    }
}
