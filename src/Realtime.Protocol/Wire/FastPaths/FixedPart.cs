using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Realtime.Protocol.Wire;

/// <summary>
/// A part of an earlier message that later ones have in common with it, byte for byte. In the first part one id may differ:
/// text of the same length, plain as the strict reader's fast path wants it.
/// </summary>
/// <remarks>
/// Compared in whole vectors: a part that is shorter than one is compared together with as many bytes before it, which
/// are masked out. Where there are not as many, byte by byte. Vectors of 256 bits are two of 128 where the processor has no larger ones.
/// </remarks>
internal sealed class FixedPart
{
    private byte[] _known = [];
    private byte[] _mask = [];
    private int _padding;
    private int _idStart;
    private int _idLength;

    /// <summary>The number of bytes in common.</summary>
    public int Length { get; private set; }

    /// <summary>Remembers a part of a message.</summary>
    /// <param name="part">The part.</param>
    /// <param name="id">The id in a first part that may differ; absent when none may.</param>
    public void Learn(ReadOnlySpan<byte> part, Slot id = default)
    {
        Length = part.Length;
        _idStart = id.Start;
        _idLength = id.Length;
        _padding = Math.Max(0, Vector256<byte>.Count - part.Length);
        int size = part.Length + _padding;
        if (_known.Length < size)
        {
            _known = new byte[size];
            _mask = new byte[size];
        }

        part.CopyTo(_known.AsSpan(_padding));
        _known.AsSpan(_padding + _idStart, _idLength).Clear();
        _mask.AsSpan(0, _padding).Clear();
        _mask.AsSpan(_padding, part.Length).Fill(byte.MaxValue);
        _mask.AsSpan(_padding + _idStart, _idLength).Clear();
    }

    /// <summary>Erases the part.</summary>
    public void Forget()
    {
        Length = 0;
        _known.AsSpan().Clear();
    }

    /// <summary>True when the message begins with the part, and its id is plain text of the same length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Begins(ReadOnlySpan<byte> message) =>
        IsAt(message, 0) && (_idLength == 0 || PlainText.End(message, _idStart) >= _idStart + _idLength);

    /// <summary>True when the part stands at this place.</summary>
    /// <param name="message">One whole message.</param>
    /// <param name="position">Where; at most the message's length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAt(ReadOnlySpan<byte> message, int position)
    {
        if (message.Length - position < Length)
        {
            return false;
        }

        return Vector128.IsHardwareAccelerated && position >= _padding ? IsAtByVectors(message, position) : IsAtByBytes(message, position);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsAtByVectors(ReadOnlySpan<byte> message, int position)
    {
        // In bounds: IsAt has seen that the padding and the part lie within the message, and together they are at least a
        // vector; the other two are as long. The last vector overlaps the one before it.
        ref byte first = ref Unsafe.Add(ref MemoryMarshal.GetReference(message), (nint)(uint)(position - _padding));
        ref byte known = ref MemoryMarshal.GetArrayDataReference(_known);
        ref byte mask = ref MemoryMarshal.GetArrayDataReference(_mask);
        nuint last = (nuint)(uint)(_padding + Length - Vector256<byte>.Count);
        Vector256<byte> differences = Difference(ref first, ref known, ref mask, last);
        for (nuint at = 0; at < last; at += (nuint)Vector256<byte>.Count)
        {
            differences |= Difference(ref first, ref known, ref mask, at);
        }

        return differences == Vector256<byte>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Difference(ref byte message, ref byte known, ref byte mask, nuint at) =>
        (Vector256.LoadUnsafe(ref message, at) ^ Vector256.LoadUnsafe(ref known, at)) & Vector256.LoadUnsafe(ref mask, at);

    /// <summary>The slow path: processors without vectors, and a short part at the very beginning.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsAtByBytes(ReadOnlySpan<byte> message, int position)
    {
        for (int i = 0; i < Length; i++)
        {
            if (((message[position + i] ^ _known[_padding + i]) & _mask[_padding + i]) != 0)
            {
                return false;
            }
        }

        return true;
    }
}
