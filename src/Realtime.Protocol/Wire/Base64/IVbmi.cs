using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Wire;

/// <summary>
/// The instructions of AVX-512 VBMI that <see cref="Base64Vbmi"/> and <see cref="Base64VbmiEncoder"/> are made of. An interface, so that the kernels can be
/// proven on machines that lack them: the tests give it the instructions' published meaning in plain code. The JIT
/// compiles a kernel anew for each structure, so the indirection costs nothing.
/// </summary>
internal interface IVbmi
{
    /// <summary>Each byte of the result is the byte of <paramref name="table"/> that the low six bits of the index name (vpermb).</summary>
    static abstract Vector512<byte> Permute(Vector512<byte> table, Vector512<byte> indices);

    /// <summary>As <see cref="Permute"/>, from the 128 bytes of two vectors, by seven bits (vpermi2b).</summary>
    static abstract Vector512<byte> Permute2(Vector512<byte> lower, Vector512<byte> indices, Vector512<byte> upper);

    /// <summary>Each byte of the result is eight bits of its own 64, from the bit that the control's low six bits name, around the end (vpmultishiftqb).</summary>
    static abstract Vector512<byte> MultiShift(Vector512<byte> control, Vector512<ulong> value);

    /// <summary>Unsigned bytes times signed bytes, neighbours added (vpmaddubsw).</summary>
    static abstract Vector512<short> MultiplyAddAdjacent(Vector512<byte> left, Vector512<sbyte> right);

    /// <summary>Words times words, neighbours added (vpmaddwd).</summary>
    static abstract Vector512<int> MultiplyAddAdjacent(Vector512<short> left, Vector512<short> right);
}

/// <summary>The instructions themselves.</summary>
internal readonly struct HardwareVbmi : IVbmi
{
    public static Vector512<byte> Permute(Vector512<byte> table, Vector512<byte> indices) => Avx512Vbmi.PermuteVar64x8(table, indices);

    public static Vector512<byte> Permute2(Vector512<byte> lower, Vector512<byte> indices, Vector512<byte> upper) => Avx512Vbmi.PermuteVar64x8x2(lower, indices, upper);

    public static Vector512<byte> MultiShift(Vector512<byte> control, Vector512<ulong> value) => Avx512Vbmi.MultiShift(control, value);

    public static Vector512<short> MultiplyAddAdjacent(Vector512<byte> left, Vector512<sbyte> right) => Avx512BW.MultiplyAddAdjacent(left, right);

    public static Vector512<int> MultiplyAddAdjacent(Vector512<short> left, Vector512<short> right) => Avx512BW.MultiplyAddAdjacent(left, right);
}
