using System.Runtime.Intrinsics;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What <see cref="Base64Encoder"/> does with 24 bytes once it has them, in the instructions of one processor or another.
/// The JIT compiles the encoder anew for each structure, so the indirection costs nothing.
/// </summary>
internal interface ISixBits
{
    /// <summary>True where the processor can and the runtime lets it.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>The four values of each quantum, in their order, out of its bytes as 1 0 2 1.</summary>
    static abstract Vector256<byte> Split(Vector256<byte> quanta);

    /// <summary>
    /// Where <see cref="Base64Encoder"/> finds the distance from value to character: 0 for upper case, and otherwise the
    /// value, but at least 51. So lower case has one row, each digit and sign its own, and four bits tell them all apart.
    /// </summary>
    static abstract Vector256<byte> Rows(Vector256<byte> values);
}
