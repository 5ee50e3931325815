using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Decodes base64 on ARM64: the load puts the first, second, third and last characters of the quanta into vectors of their own, a
/// table of 128 entries in eight registers gives their values, and the store puts the bytes in turns again. The platform decodes so
/// too, but does not end at a quote: it would have to be looked for first. Compared with <see cref="Base64Scalar"/> for
/// every byte at every place, every length and every alignment by Base64KernelTests, on an emulated processor; its speed was never
/// measured.
/// </summary>
internal static class Base64AdvSimd
{
    /// <summary>What leads from a character of the upper half of ASCII to its place in the table of that half, and from one of the lower half out of it.</summary>
    private const byte UpperHalf = 0x40;

    private const ulong SignBits = 0x80_80_80_80_80_80_80_80;

    /// <summary>True where the processor can and the runtime lets it.</summary>
    public static bool IsSupported => AdvSimd.Arm64.IsSupported;

    /// <summary>Decodes blocks of 64 and of 32 characters. The contract is that of <see cref="Base64Blocks"/>.</summary>
    public static int Decode(ref byte source, int length, ref byte destination, int capacity) =>
        Decode(ref source, length, ref destination, capacity, ref Unsafe.As<sbyte, byte>(ref MemoryMarshal.GetReference(Base64Scalar.Values)));

    // The table is a parameter, so that the JIT does not know what is in it: vectors that it knows, it puts together anew for each lookup.
    [MethodImpl(Base64Blocks.Kernel)]
    private static unsafe int Decode(ref byte source, int length, ref byte destination, int capacity, ref byte values)
    {
        Vector128<byte> t0 = Vector128.LoadUnsafe(ref values);
        Vector128<byte> t1 = Vector128.LoadUnsafe(ref values, 16);
        Vector128<byte> t2 = Vector128.LoadUnsafe(ref values, 32);
        Vector128<byte> t3 = Vector128.LoadUnsafe(ref values, 48);
        Vector128<byte> t4 = Vector128.LoadUnsafe(ref values, 64);
        Vector128<byte> t5 = Vector128.LoadUnsafe(ref values, 80);
        Vector128<byte> t6 = Vector128.LoadUnsafe(ref values, 96);
        Vector128<byte> t7 = Vector128.LoadUnsafe(ref values, 112);
        var half = Vector128.Create(UpperHalf);
        int taken = 0;
        int written = 0;
        fixed (byte* from = &source, to = &destination)
        {
            while (length - taken >= 64 && capacity - written >= 48)
            {
                (Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) = AdvSimd.Arm64.Load4xVector128AndUnzip(from + taken);

                // A place behind its table gives zero to a lookup, and to an extending one what was there before.
                Vector128<byte> valuesOfA = AdvSimd.Arm64.VectorTableLookupExtension(AdvSimd.Arm64.VectorTableLookup((t0, t1, t2, t3), a), (t4, t5, t6, t7), a ^ half);
                Vector128<byte> valuesOfB = AdvSimd.Arm64.VectorTableLookupExtension(AdvSimd.Arm64.VectorTableLookup((t0, t1, t2, t3), b), (t4, t5, t6, t7), b ^ half);
                Vector128<byte> valuesOfC = AdvSimd.Arm64.VectorTableLookupExtension(AdvSimd.Arm64.VectorTableLookup((t0, t1, t2, t3), c), (t4, t5, t6, t7), c ^ half);
                Vector128<byte> valuesOfD = AdvSimd.Arm64.VectorTableLookupExtension(AdvSimd.Arm64.VectorTableLookup((t0, t1, t2, t3), d), (t4, t5, t6, t7), d ^ half);

                // The table has the sign bit where there is no character, and a byte from 0x80 on has it itself.
                Vector128<byte> faults = (a | valuesOfA) | (b | valuesOfB) | (c | valuesOfC) | (d | valuesOfD);
                if ((AdvSimd.Arm64.MaxPairwise(faults, faults).AsUInt64().ToScalar() & SignBits) != 0)
                {
                    break;
                }

                AdvSimd.Arm64.StoreVectorAndZip(
                    to + written,
                    (AdvSimd.ShiftLeftAndInsert(valuesOfB >> 4, valuesOfA, 2), AdvSimd.ShiftLeftAndInsert(valuesOfC >> 2, valuesOfB, 4), AdvSimd.ShiftLeftAndInsert(valuesOfD, valuesOfC, 6)));
                taken += 64;
                written += 48;
            }

            while (length - taken >= 32 && capacity - written >= 24)
            {
                (Vector64<byte> a, Vector64<byte> b, Vector64<byte> c, Vector64<byte> d) = AdvSimd.Load4xVector64AndUnzip(from + taken);
                Vector64<byte> valuesOfA = AdvSimd.VectorTableLookupExtension(AdvSimd.VectorTableLookup((t0, t1, t2, t3), a), (t4, t5, t6, t7), a ^ half.GetLower());
                Vector64<byte> valuesOfB = AdvSimd.VectorTableLookupExtension(AdvSimd.VectorTableLookup((t0, t1, t2, t3), b), (t4, t5, t6, t7), b ^ half.GetLower());
                Vector64<byte> valuesOfC = AdvSimd.VectorTableLookupExtension(AdvSimd.VectorTableLookup((t0, t1, t2, t3), c), (t4, t5, t6, t7), c ^ half.GetLower());
                Vector64<byte> valuesOfD = AdvSimd.VectorTableLookupExtension(AdvSimd.VectorTableLookup((t0, t1, t2, t3), d), (t4, t5, t6, t7), d ^ half.GetLower());
                Vector64<byte> faults = (a | valuesOfA) | (b | valuesOfB) | (c | valuesOfC) | (d | valuesOfD);
                if ((faults.AsUInt64().ToScalar() & SignBits) != 0)
                {
                    break;
                }

                AdvSimd.StoreVectorAndZip(
                    to + written,
                    (AdvSimd.ShiftLeftAndInsert(valuesOfB >> 4, valuesOfA, 2), AdvSimd.ShiftLeftAndInsert(valuesOfC >> 2, valuesOfB, 4), AdvSimd.ShiftLeftAndInsert(valuesOfD, valuesOfC, 6)));
                taken += 32;
                written += 24;
            }
        }

        return taken;
    }
}
