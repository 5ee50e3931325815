using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Six bits with the instructions of AVX-512 on vectors of 256 bits: five instead of eight. Vectors of 512 bits would need
/// a permutation more, and gained nothing here; decoding, they do (<see cref="Base64Avx512"/>).
/// </summary>
internal readonly struct SixBitsByAvx512 : ISixBits
{
    /// <summary>For each bit: the second operand's where the third is set, the first one's elsewhere.</summary>
    private const byte SecondWhereThird = 0xD8;

    public static bool IsSupported => Avx512BW.VL.IsSupported && Avx512F.VL.IsSupported;

    /// <remarks>
    /// As words, a quantum is p = bytes 0 and 1, q = bytes 1 and 2, with the earlier byte above. Its values are p >> 10,
    /// p >> 4, q >> 6 and q, of each the low six bits. Shifted right by 10 and 6, the first and third are in their low bytes
    /// and the high bytes are free below their bit 2; shifted left by 4 and 8, the second and fourth are in their high bytes.
    /// The mask takes those, six bits each. It also takes bits 6 and 7 of the third, where q &lt;&lt; 8 has zeros and q >> 6
    /// has not; p >> 10 has nothing there, and neither shift to the right has anything in bits 14 and 15.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Split(Vector256<byte> quanta)
    {
        Vector256<ushort> outer = Avx512BW.VL.ShiftRightLogicalVariable(quanta.AsUInt16(), Vector256.Create(0x0006000A).AsUInt16());
        Vector256<ushort> inner = Avx512BW.VL.ShiftLeftLogicalVariable(quanta.AsUInt16(), Vector256.Create(0x00080004).AsUInt16());
        return Avx512F.VL.TernaryLogic(outer, inner, Vector256.Create(0x3FC03F00).AsUInt16(), SecondWhereThird).AsByte();
    }

    // One instruction to compare, and one for the larger value or zero: selecting between a result and zero costs nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Rows(Vector256<byte> values) => Vector256.ConditionalSelect(
        Avx512BW.VL.CompareGreaterThan(values, Vector256.Create((byte)25)),
        Avx2.Max(values, Vector256.Create((byte)51)),
        Vector256<byte>.Zero);
}
