using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Plain text is what most strings of the protocol are: printable ASCII without quote and backslash, which needs no
/// unescaping and cannot be invalid UTF-8. One pass finds its end and proves that it is plain.
/// </summary>
internal static class PlainText
{
    /// <summary>The offset behind the plain text that begins at <paramref name="start"/>: there stands a quote, something else that ends plain text, or nothing.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="start">From 0 to the text's length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int End(ReadOnlySpan<byte> json, int start)
    {
        int end = EndNearby(json, start);
        return end >= 0 ? end : EndOfLong(json, start);
    }

    /// <summary>The same, or a negative number where that takes more than one look: the text is longer than a vector, or all is shorter.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="start">From 0 to the text's length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndNearby(ReadOnlySpan<byte> json, int start)
    {
        // Nearly every name and every id ends within one vector. Near the end of the text it is the last vector,
        // without the bytes before the start; all 32 of them when the start is the end.
        if (!Vector128.IsHardwareAccelerated || json.Length < Vector256<byte>.Count)
        {
            return -1;
        }

        int at = Math.Min(start, json.Length - Vector256<byte>.Count);
        ulong ends = (ulong)Ends(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(json), (nuint)(uint)at)) >> (start - at);
        return ends != 0 ? start + BitOperations.TrailingZeroCount(ends) : -1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int EndOfLong(ReadOnlySpan<byte> json, int at)
    {
        ref byte first = ref MemoryMarshal.GetReference(json);
        if (Vector128.IsHardwareAccelerated && json.Length >= Vector256<byte>.Count)
        {
            int last = json.Length - Vector256<byte>.Count;
            for (; at <= last; at += Vector256<byte>.Count)
            {
                uint ends = Ends(Vector256.LoadUnsafe(ref first, (nuint)at));
                if (ends != 0)
                {
                    return at + BitOperations.TrailingZeroCount(ends);
                }
            }

            // Fewer than 32 bytes are left: the vector that ends with the text holds them, behind at - last bytes that don't count.
            uint rest = at < json.Length ? Ends(Vector256.LoadUnsafe(ref first, (nuint)last)) >> (at - last) : 0;
            return rest != 0 ? at + BitOperations.TrailingZeroCount(rest) : json.Length;
        }

        return EndByBytes(json, at);
    }

    /// <summary>The slow path: processors without vectors, and a text that is shorter than one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int EndByBytes(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is >= 0x20 and < 0x80 and not ((byte)'"' or (byte)'\\'))
        {
            at++;
        }

        return at;
    }

    // As signed bytes, control characters and everything from 0x80 on are below the space.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Ends(Vector256<byte> text) => ByteMask.Of(
        Vector256.LessThan(text.AsSByte(), Vector256.Create((sbyte)0x20)).AsByte()
            | Vector256.Equals(text, Vector256.Create((byte)'"'))
            | Vector256.Equals(text, Vector256.Create((byte)'\\')));
}
