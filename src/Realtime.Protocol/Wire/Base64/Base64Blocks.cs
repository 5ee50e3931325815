using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PlatformBase64 = System.Buffers.Text.Base64;

namespace Realtime.Protocol.Wire;

/// <summary>
/// The base64 kernels, as one. Every kernel keeps the same contract: it takes whole quanta (four characters, three
/// bytes) from the front, as many as it can, stops before the first quantum that holds anything but the 64 characters,
/// and never reads or writes outside what it was given; inside, it may write more than it counts. Text
/// that is too short for one, the next finer one takes: below 64 characters, below 32, then four at a time. So no kernel needs
/// to be right about ends, padding or errors, only about not passing them.
/// </summary>
internal static class Base64Blocks
{
    /// <summary>
    /// A kernel is compiled once, fully and on its own. Inlined into its callers it uses up what the JIT grants them for
    /// inlining, its own parts become calls, and it runs five times slower (measured: 10 instead of 2 µs for 19,200 bytes).
    /// </summary>
    public const MethodImplOptions Kernel = MethodImplOptions.NoInlining;

    /// <summary>True when this process has decoded something. A field: a property would be one method more to compile before the first sound.</summary>
    internal static bool HasBegun;

    /// <summary>Decodes whole quanta until something else comes, the text ends or the destination is full.</summary>
    /// <returns>The characters taken, a multiple of four; three bytes were written for each four of them.</returns>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        ref byte source = ref MemoryMarshal.GetReference(text);
        ref byte target = ref MemoryMarshal.GetReference(destination);
        int taken = 0;
        if (!HasBegun)
        {
            return DecodeFirst(text, destination);
        }

        if (Base64Vbmi.IsSupported)
        {
            taken = Base64Vbmi.Decode<HardwareVbmi>(ref source, text.Length, ref target, destination.Length);
        }
        else if (Base64Avx512.IsSupported)
        {
            taken = Base64Avx512.Decode(ref source, text.Length, ref target, destination.Length);
        }

        // Where one of these takes anything, it takes all, and the others need not even be compiled.
        if (taken > 0)
        {
            return taken;
        }

        if (Base64Avx2.IsSupported)
        {
            taken = Base64Avx2.Decode(ref source, text.Length, ref target, destination.Length);
        }
        else if (Base64AdvSimd.IsSupported)
        {
            taken = Base64AdvSimd.Decode(ref source, text.Length, ref target, destination.Length);
        }
        else
        {
            taken = DecodeByPlatform(text, destination);
        }

        return taken + Base64Scalar.Decode(text[taken..], destination[(taken / 4 * 3)..]);
    }

    /// <summary>
    /// To compile a kernel takes a third of what a process needs for its first event, and the platform's, which is not compiled
    /// ahead of time either, nearly as much. The first sound should not wait for that. Whoever comes here at the same time gets the same answer.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int DecodeFirst(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        // Where there is nothing to decode, nothing has begun.
        HasBegun = text.Length >= 4 && destination.Length >= 3;
        return Base64Scalar.Decode(text, destination);
    }

    /// <summary>Encodes bytes, the last ones with padding. The destination has the exact size.</summary>
    public static void EncodeLast(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        int taken = EncodeBlocks(bytes, destination);
        if (taken < bytes.Length)
        {
            PlatformBase64.EncodeToUtf8(bytes[taken..], destination[(taken / 3 * 4)..], out _, out _, isFinalBlock: true);
        }
    }

    /// <summary>Encodes whole quanta and leaves up to two bytes.</summary>
    /// <returns>The bytes taken, a multiple of three.</returns>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        int taken = EncodeBlocks(bytes, destination);
        PlatformBase64.EncodeToUtf8(bytes[taken..], destination[(taken / 3 * 4)..], out int consumed, out _, isFinalBlock: false);
        return taken + consumed;
    }

    private static int EncodeBlocks(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        ref byte source = ref MemoryMarshal.GetReference(bytes);
        ref byte target = ref MemoryMarshal.GetReference(destination);
        int taken = 0;
        if (Base64VbmiEncoder.IsSupported)
        {
            if (bytes.Length >= Base64VbmiEncoder.LeastBytes)
            {
                taken = Base64VbmiEncoder.Encode<HardwareVbmi>(ref source, bytes.Length, ref target, destination.Length);
            }
        }
        else if (Base64Avx512Encoder.IsSupported && bytes.Length >= Base64Avx512Encoder.LeastBytes)
        {
            taken = Base64Avx512Encoder.Encode(ref source, bytes.Length, ref target, destination.Length);
        }

        // Where one of these takes anything, it takes all quanta, and the other need not even be compiled.
        if (taken == 0 && Base64Avx2Encoder.IsSupported)
        {
            taken = Base64Avx2Encoder.Encode(ref source, bytes.Length, ref target, destination.Length);
        }

        return taken;
    }

    /// <summary>
    /// The platform's decoder is vectorised too. It passes over white space, which is refused here:
    /// then fewer bytes come out than the characters taken say, and nothing of its work counts. So it gets none that lies
    /// behind the string, where it is usual.
    /// </summary>
    internal static int DecodeByPlatform(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int quote = text.IndexOf((byte)'"');
        text = quote < 0 ? text : text[..quote];
        PlatformBase64.DecodeFromUtf8(text, destination, out int consumed, out int written, isFinalBlock: false);
        return consumed % 4 == 0 && written == consumed / 4 * 3 ? consumed : 0;
    }
}
