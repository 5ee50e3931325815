using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Six bits with AVX2, which cannot shift neighbours differently: multiplications do it, after Wojciech Muła and Daniel
/// Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions" (2018).
/// </summary>
internal readonly struct SixBitsByAvx2 : ISixBits
{
    public static bool IsSupported => Avx2.IsSupported;

    // The high half of x * 2^n is x >> (16 - n), the low half of it x << n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Split(Vector256<byte> quanta)
    {
        Vector256<ushort> outer = Avx2.MultiplyHigh((quanta.AsInt32() & Vector256.Create(0x0FC0FC00)).AsUInt16(), Vector256.Create(0x04000040).AsUInt16());
        Vector256<ushort> inner = Avx2.MultiplyLow((quanta.AsInt32() & Vector256.Create(0x003F03F0)).AsUInt16(), Vector256.Create(0x01000010).AsUInt16());
        return (outer | inner).AsByte();
    }

    // Values are below 64, so comparing them as signed bytes is comparing them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Rows(Vector256<byte> values) =>
        Avx2.CompareGreaterThan(values.AsSByte(), Vector256.Create((sbyte)25)).AsByte() & Avx2.Max(values, Vector256.Create((byte)51));
}
