using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What a comparison of bytes found, as a number with a bit for each byte, the first byte's the lowest. x86 has an instruction for
/// it. ARM64 has none: there a power of two is kept of each byte that was found, and neighbours are added until eight are one byte.
/// </summary>
internal static class ByteMask
{
    private const ulong Powers = 0x80_40_20_10_08_04_02_01;

    /// <summary>32 bits, one for each byte.</summary>
    /// <param name="found">Each byte has all its bits, or none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(Vector256<byte> found)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<byte> sums = Pairs(found);
            sums = AdvSimd.Arm64.AddPairwise(sums, sums);
            return AdvSimd.Arm64.AddPairwise(sums, sums).AsUInt32().ToScalar();
        }

        return found.ExtractMostSignificantBits();
    }

    /// <summary>64 bits, one for each byte.</summary>
    /// <param name="low">The first 32 bytes; each has all its bits, or none.</param>
    /// <param name="high">The 32 bytes behind them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(Vector256<byte> low, Vector256<byte> high)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<byte> sums = AdvSimd.Arm64.AddPairwise(Pairs(low), Pairs(high));
            return AdvSimd.Arm64.AddPairwise(sums, sums).AsUInt64().ToScalar();
        }

        return low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pairs(Vector256<byte> found)
    {
        Vector128<byte> powers = Vector128.Create(Powers).AsByte();
        return AdvSimd.Arm64.AddPairwise(found.GetLower() & powers, found.GetUpper() & powers);
    }
}
