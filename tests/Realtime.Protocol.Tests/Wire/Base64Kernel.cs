using System.Runtime.InteropServices;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

internal delegate int Base64Step(ReadOnlySpan<byte> source, Span<byte> destination);

/// <summary>
/// One implementation of base64 as the tests see it. A kernel may leave the rest to a finer one, but no more than a
/// block, as long as there is room for what it stores: so one that does nothing does not pass.
/// </summary>
/// <param name="Decode">From characters to bytes; the answer is the number of characters taken. Nothing where it only encodes.</param>
/// <param name="Block">The characters of its smallest block.</param>
/// <param name="BlockRoom">The bytes that it wants to store for that.</param>
/// <param name="Encode">From bytes to characters; the answer is the number of bytes taken.</param>
/// <param name="EncodeBlock">The bytes that it wants to load for its smallest block; it stores the characters of a <paramref name="Block"/>.</param>
internal sealed record Base64Kernel(Base64Step? Decode, int Block, int BlockRoom, Base64Step? Encode, int EncodeBlock)
{
    /// <summary>What this processor, in this mode, can run. The emulation runs everywhere.</summary>
    public static IReadOnlyDictionary<string, Base64Kernel> All { get; } = Available();

    /// <summary>Kernels whose instructions are missing here.</summary>
    public static IReadOnlyList<string> Missing { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        ? [.. Base64AdvSimd.IsSupported ? Array.Empty<string>() : ["AdvSimd"]]
        :
        [
            .. Base64Avx2.IsSupported ? Array.Empty<string>() : ["AVX2"],
            .. Base64Avx512.IsSupported && Base64Avx512Encoder.IsSupported ? Array.Empty<string>() : ["AVX-512"],
            .. Base64Vbmi.IsSupported ? Array.Empty<string>() : ["AVX-512 VBMI"],
        ];

    /// <summary>Base64Blocks relies on it: having taken one block, it leaves nothing that could be decoded.</summary>
    public bool FinishesDecoding { get; private init; }

    /// <summary>The same for encoding.</summary>
    public bool FinishesEncoding { get; private init; }

    /// <summary>Slow ones get fewer alignments.</summary>
    public bool IsEmulated { get; private init; }

    private static Dictionary<string, Base64Kernel> Available()
    {
        Dictionary<string, Base64Kernel> kernels = new()
        {
            ["Composed"] = new(Base64Blocks.Decode, 4, 3, Base64Blocks.Encode, 3),
            ["Scalar"] = new(Base64Scalar.Decode, 4, 3, null, 0),
            ["Platform"] = new(Base64Blocks.DecodeByPlatform, int.MaxValue, 0, null, 0),
            ["VbmiEmulated"] = Vbmi<EmulatedVbmi>() with { IsEmulated = true },
            ["VbmiEncoderEmulated"] = VbmiEncoder<EmulatedVbmi>() with { IsEmulated = true },
        };
        if (Base64Avx2.IsSupported)
        {
            kernels["Avx2"] = new(
                static (source, destination) => Base64Avx2.Decode(ref MemoryMarshal.GetReference(source), source.Length, ref MemoryMarshal.GetReference(destination), destination.Length),
                32,
                24,
                null,
                0)
            {
                FinishesDecoding = true,
            };
        }

        if (Base64Avx512.IsSupported)
        {
            kernels["Avx512"] = new(
                static (source, destination) => Base64Avx512.Decode(ref MemoryMarshal.GetReference(source), source.Length, ref MemoryMarshal.GetReference(destination), destination.Length),
                64,
                48,
                null,
                0)
            {
                FinishesDecoding = true,
            };
        }

        if (Base64Avx2Encoder.IsSupported)
        {
            kernels["Avx2Encoder"] = new(
                null,
                32,
                0,
                static (source, destination) => Base64Avx2Encoder.Encode(ref MemoryMarshal.GetReference(source), source.Length, ref MemoryMarshal.GetReference(destination), destination.Length),
                24);
        }

        if (Base64Avx512Encoder.IsSupported)
        {
            kernels["Avx512Encoder"] = new(
                null,
                88,
                0,
                static (source, destination) => Base64Avx512Encoder.Encode(ref MemoryMarshal.GetReference(source), source.Length, ref MemoryMarshal.GetReference(destination), destination.Length),
                Base64Avx512Encoder.LeastBytes)
            {
                FinishesEncoding = true,
            };
        }

        if (Base64AdvSimd.IsSupported)
        {
            kernels["AdvSimd"] = new(
                static (source, destination) => Base64AdvSimd.Decode(ref MemoryMarshal.GetReference(source), source.Length, ref MemoryMarshal.GetReference(destination), destination.Length),
                32,
                24,
                null,
                0);
        }

        if (Base64Vbmi.IsSupported)
        {
            kernels["Vbmi"] = Vbmi<HardwareVbmi>();
            kernels["VbmiEncoder"] = VbmiEncoder<HardwareVbmi>();
        }

        return kernels;
    }

    private static Base64Kernel Vbmi<TInstructions>()
        where TInstructions : struct, IVbmi => new(
            static (source, destination) => Base64Vbmi.Decode<TInstructions>(ref MemoryMarshal.GetReference(source), source.Length, ref MemoryMarshal.GetReference(destination), destination.Length),
            64,
            48,
            null,
            0)
        {
            FinishesDecoding = true,
        };

    private static Base64Kernel VbmiEncoder<TInstructions>()
        where TInstructions : struct, IVbmi => new(
            null,
            88,
            0,
            static (source, destination) => Base64VbmiEncoder.Encode<TInstructions>(ref MemoryMarshal.GetReference(source), source.Length, ref MemoryMarshal.GetReference(destination), destination.Length),
            Base64VbmiEncoder.LeastBytes)
        {
            FinishesEncoding = true,
        };
}
