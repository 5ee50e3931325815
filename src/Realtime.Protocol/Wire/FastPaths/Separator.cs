using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What a sender writes between a name and its value, or between a value and the next name: a mark and white space. A message
/// comes from one sender, so what was found the first time is compared as one number from then on, the quotes around it too.
/// </summary>
internal readonly struct Separator
{
    private const int Bits = 8;
    private const int MostSpacesBeforeValue = 6;
    private const int MostSpacesBeforeName = 5;

    private readonly ulong _text;
    private readonly ulong _mask;

    private Separator(ulong text, ulong mask, int length)
    {
        _text = text;
        _mask = mask;
        Length = length;
    }

    /// <summary>The mark and the white space, in bytes.</summary>
    public int Length { get; }

    /// <summary>True for one that was not learned.</summary>
    public bool IsUnknown => _mask == 0;

    /// <summary>Learns what stands behind a name: a colon, white space, and behind it the quote of a text or a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryLearnBeforeValue(ref byte colon, out Separator separator)
    {
        int spaces = EnvelopeVectors.SpacesAt(ref Unsafe.Add(ref colon, 1));
        separator = Of(ref colon, spaces);
        return spaces <= MostSpacesBeforeValue && colon == (byte)':';
    }

    /// <summary>Learns what stands behind a value: the quote of a text or a number's last digit, and behind it a comma, white space and a quote.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryLearnBeforeName(ref byte comma, out Separator separator)
    {
        int spaces = EnvelopeVectors.SpacesAt(ref Unsafe.Add(ref comma, 1));
        Separator unquoted = Of(ref comma, spaces);
        separator = new((unquoted._text << Bits) | (byte)'"', (unquoted._mask << Bits) | byte.MaxValue, unquoted.Length);
        return spaces <= MostSpacesBeforeName && comma == (byte)',';
    }

    /// <summary>Zero when the same stands behind this name.</summary>
    /// <param name="behindName">Eight bytes of it are read.</param>
    /// <param name="quote">One where a text must follow, zero where a number must.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong DifferenceBeforeValue(ref byte behindName, int quote) =>
        (Unsafe.ReadUnaligned<ulong>(ref behindName) ^ _text) & (_mask >> Unquoted(quote));

    /// <summary>Zero when the same stands behind this value.</summary>
    /// <param name="behindValue">Behind the last digit, or behind the text without its quote; eight bytes of it are read.</param>
    /// <param name="quote">One behind a text, zero behind a number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong DifferenceBeforeName(ref byte behindValue, int quote) =>
        (Unsafe.ReadUnaligned<ulong>(ref behindValue) ^ (_text >> Unquoted(quote))) & (_mask >> Unquoted(quote));

    // A number has no quote: the last byte of what stands before it is not compared, the first of what stands behind it is another.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Unquoted(int quote) => (quote ^ 1) << 3;

    // The mark, the spaces, and a quote behind them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Separator Of(ref byte mark, int spaces)
    {
        ulong mask = ulong.MaxValue >> (Bits * (MostSpacesBeforeValue - spaces));
        return new((Unsafe.ReadUnaligned<ulong>(ref mark) & (mask >> Bits)) | ((ulong)'"' << (Bits * (1 + spaces))), mask, 1 + spaces);
    }
}
