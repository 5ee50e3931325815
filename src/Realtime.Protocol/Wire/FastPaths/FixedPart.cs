using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Realtime.Protocol.Wire;

/// <summary>
/// A part of an earlier message that later ones have in common with it, byte for byte. In the first part one id may differ:
/// its bytes are masked out, and whoever compares looks at them. The bytes lie in a text of the shape's, all parts one behind the other.
/// </summary>
/// <remarks>
/// Compared in whole vectors: a part that is shorter than one is compared together with bytes before it, at the beginning of a message
/// behind it, which are masked out. Where there are not as many, the answer is no. Vectors of 256 bits are two of 128 where
/// the processor has no larger ones.
/// </remarks>
internal struct FixedPart
{
    /// <summary>Where the bytes lie in the text; their masks lie right behind.</summary>
    private int _known;

    /// <summary>How many bytes are compared: the part, or a vector where that is more.</summary>
    private int _size;

    /// <summary>How many of them come before the part.</summary>
    private int _before;

    /// <summary>The number of bytes in common.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes of text that a part of this length needs.</summary>
    public static int TextBytes(int length) => 2 * Math.Max(length, Vector256<byte>.Count);

    /// <summary>Remembers a part of a message.</summary>
    /// <param name="message">The message, of the length of a vector at least.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="length">Its length.</param>
    /// <param name="text">Where its bytes are kept, erased until now.</param>
    /// <param name="at">Where in there; as many bytes as <see cref="TextBytes"/> says.</param>
    /// <param name="id">The id in a first part that may differ; absent when none may.</param>
    public void Learn(ReadOnlySpan<byte> message, int start, int length, byte[] text, int at, Slot id)
    {
        Length = length;
        _known = at;
        _size = Math.Max(length, Vector256<byte>.Count);
        _before = Math.Min(start, _size - length);
        Span<byte> known = text.AsSpan(at + _before, length);
        Span<byte> mask = text.AsSpan(at + _size + _before, length);
        message.Slice(start, length).CopyTo(known);
        mask.Fill(byte.MaxValue);
        known.Slice(id.Start, id.Length).Clear();
        mask.Slice(id.Start, id.Length).Clear();
    }

    /// <summary>True when the part stands at this place.</summary>
    /// <param name="message">One whole message.</param>
    /// <param name="position">Where.</param>
    /// <param name="text">The text of the shape.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsAt(ReadOnlySpan<byte> message, int position, byte[] text) => Vector128.IsHardwareAccelerated
        ? Fits(message, position) && DifferenceAt(message, position, text) == Vector256<byte>.Zero
        : IsAtByBytes(message, position, text);

    /// <summary>True when what is compared lies within the message: then it is at least a vector. A place before the message is a large number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Fits(ReadOnlySpan<byte> message, int position) => (uint)(position - _before) + (ulong)(uint)_size <= (uint)message.Length;

    /// <summary>Zero when the part stands at this place, at which it fits. Asked for by itself, it is compared without a detour by a truth value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<byte> DifferenceAt(ReadOnlySpan<byte> message, int position, byte[] text)
    {
        // In bounds: it fits the message, and known bytes and masks are as many. The last vector overlaps the one before it.
        ref byte first = ref Unsafe.Add(ref MemoryMarshal.GetReference(message), (nint)(uint)(position - _before));
        ref byte known = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(text), (nint)(uint)_known);
        ref byte mask = ref Unsafe.Add(ref known, (nint)(uint)_size);
        nuint last = (nuint)(uint)_size - (nuint)Vector256<byte>.Count;
        Vector256<byte> differences = Difference(ref first, ref known, ref mask, last);
        for (nuint at = 0; at < last; at += (nuint)Vector256<byte>.Count)
        {
            differences |= Difference(ref first, ref known, ref mask, at);
        }

        return differences;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Difference(ref byte message, ref byte known, ref byte mask, nuint at) =>
        (Vector256.LoadUnsafe(ref message, at) ^ Vector256.LoadUnsafe(ref known, at)) & Vector256.LoadUnsafe(ref mask, at);

    /// <summary>The slow path: processors without vectors.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly bool IsAtByBytes(ReadOnlySpan<byte> message, int position, byte[] text)
    {
        if (message.Length - position < Length)
        {
            return false;
        }

        int known = _known + _before;
        for (int i = 0; i < Length; i++)
        {
            if (((message[position + i] ^ text[known + i]) & text[known + _size + i]) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
