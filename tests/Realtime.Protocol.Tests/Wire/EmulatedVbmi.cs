using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>
/// The instructions of AVX-512 VBMI by their published operation (Intel 64 and IA-32 Architectures Software Developer's
/// Manual, volume 2), a byte at a time: so the kernel is proven on machines that lack them. Where a machine has them,
/// the kernel is tested on both.
/// </summary>
internal readonly struct EmulatedVbmi : IVbmi
{
    /// <summary>vpermb: the low six bits of each index.</summary>
    public static Vector512<byte> Permute(Vector512<byte> table, Vector512<byte> indices)
    {
        Span<byte> result = stackalloc byte[64];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = table[indices[i] & 63];
        }

        return Vector512.Create<byte>(result);
    }

    /// <summary>vpermi2b: bit 6 of each index chooses the table, bit 7 is ignored.</summary>
    public static Vector512<byte> Permute2(Vector512<byte> lower, Vector512<byte> indices, Vector512<byte> upper)
    {
        Span<byte> result = stackalloc byte[64];
        for (int i = 0; i < result.Length; i++)
        {
            int index = indices[i];
            result[i] = (index & 64) == 0 ? lower[index & 63] : upper[index & 63];
        }

        return Vector512.Create<byte>(result);
    }

    /// <summary>vpmultishiftqb: eight bits of the 64 that the byte lies in, rotated.</summary>
    public static Vector512<byte> MultiShift(Vector512<byte> control, Vector512<ulong> value)
    {
        Span<byte> result = stackalloc byte[64];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (byte)ulong.RotateRight(value[i / 8], control[i] & 63);
        }

        return Vector512.Create<byte>(result);
    }

    /// <summary>vpmaddubsw: the sum of two products saturates.</summary>
    public static Vector512<short> MultiplyAddAdjacent(Vector512<byte> left, Vector512<sbyte> right)
    {
        Span<byte> result = stackalloc byte[64];
        for (int i = 0; i < 64; i += 2)
        {
            int sum = (left[i] * right[i]) + (left[i + 1] * right[i + 1]);
            BinaryPrimitives.WriteInt16LittleEndian(result[i..], (short)Math.Clamp(sum, short.MinValue, short.MaxValue));
        }

        return Vector512.Create<byte>(result).AsInt16();
    }

    /// <summary>vpmaddwd: the sum of two products wraps.</summary>
    public static Vector512<int> MultiplyAddAdjacent(Vector512<short> left, Vector512<short> right)
    {
        Span<byte> result = stackalloc byte[64];
        for (int i = 0; i < 32; i += 2)
        {
            BinaryPrimitives.WriteInt32LittleEndian(result[(2 * i)..], unchecked((left[i] * right[i]) + (left[i + 1] * right[i + 1])));
        }

        return Vector512.Create<byte>(result).AsInt32();
    }
}
