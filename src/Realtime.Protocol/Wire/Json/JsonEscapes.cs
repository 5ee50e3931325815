using System.Buffers.Text;
using System.ComponentModel;
using System.Text;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Escape sequences of JSON strings, in both reading directions: how long one is, and what it stands for. Decoding takes
/// text that <see cref="JsonCursor"/> has checked, so it cannot meet an invalid sequence.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class JsonEscapes
{
    private const int UnicodeEscapeLength = 6;
    private const int LongestUtf8Sequence = 4;

    /// <summary>True when text in a message equals this text, its escapes decoded.</summary>
    public static bool ValueEquals(ReadOnlySpan<byte> message, Slot text, ReadOnlySpan<byte> expected)
    {
        ReadOnlySpan<byte> raw = text.In(message);
        return text.IsEscaped ? DecodedEquals(raw, expected) : raw.SequenceEqual(expected);
    }

    /// <summary>Decodes a name or a type that holds escapes. False when it is longer than any known one.</summary>
    public static bool TryDecodeName(ReadOnlySpan<byte> name, Span<byte> destination, out int length) => TryDecode(name, destination, out length);

    /// <summary>The length of the sequence that starts at this backslash; a surrogate pair counts as one sequence.</summary>
    internal static bool TryMeasure(ReadOnlySpan<byte> text, out int length, out ReadErrorReason reason)
    {
        length = 2;
        reason = ReadErrorReason.None;
        if (text.Length < 2)
        {
            reason = ReadErrorReason.Truncated;
            return false;
        }

        switch (text[1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return true;
            case (byte)'u':
                break;
            default:
                reason = ReadErrorReason.InvalidEscape;
                return false;
        }

        if (!TryReadUnit(text, out char unit, out reason))
        {
            return false;
        }

        length = UnicodeEscapeLength;
        if (!char.IsSurrogate(unit))
        {
            return true;
        }

        ReadOnlySpan<byte> rest = text[UnicodeEscapeLength..];
        if (rest.Length < 2 && "\\u"u8.StartsWith(rest))
        {
            reason = ReadErrorReason.Truncated;
            return false;
        }

        if (!char.IsHighSurrogate(unit) || !rest.StartsWith("\\u"u8))
        {
            reason = ReadErrorReason.LoneSurrogate;
            return false;
        }

        if (!TryReadUnit(rest, out char low, out reason))
        {
            return false;
        }

        length = 2 * UnicodeEscapeLength;
        reason = char.IsLowSurrogate(low) ? ReadErrorReason.None : ReadErrorReason.LoneSurrogate;
        return char.IsLowSurrogate(low);
    }

    /// <summary>Decodes the sequence at the start of <paramref name="text"/> as UTF-8.</summary>
    /// <returns>How many bytes of <paramref name="text"/> it took.</returns>
    internal static int DecodeOne(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        if (text[1] != (byte)'u')
        {
            destination[0] = text[1] switch
            {
                (byte)'b' => 0x08,
                (byte)'f' => 0x0C,
                (byte)'n' => 0x0A,
                (byte)'r' => 0x0D,
                (byte)'t' => 0x09,
                byte itself => itself,
            };
            written = 1;
            return 2;
        }

        TryReadUnit(text, out char unit, out _);
        if (!char.IsHighSurrogate(unit))
        {
            written = new Rune(unit).EncodeToUtf8(destination);
            return UnicodeEscapeLength;
        }

        TryReadUnit(text[UnicodeEscapeLength..], out char low, out _);
        written = new Rune(unit, low).EncodeToUtf8(destination);
        return 2 * UnicodeEscapeLength;
    }

    /// <summary>Decodes text with escapes. False when the destination is too small; it may have been written to then.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        Span<byte> one = stackalloc byte[LongestUtf8Sequence];
        while (true)
        {
            int plain = text.IndexOf((byte)'\\');
            ReadOnlySpan<byte> run = plain < 0 ? text : text[..plain];
            if (!run.TryCopyTo(destination[written..]))
            {
                written = 0;
                return false;
            }

            written += run.Length;
            if (plain < 0)
            {
                return true;
            }

            int used = DecodeOne(text[plain..], one, out int length);
            if (!one[..length].TryCopyTo(destination[written..]))
            {
                written = 0;
                return false;
            }

            written += length;
            text = text[(plain + used)..];
        }
    }

    /// <summary>The length of text once its escapes are decoded.</summary>
    internal static int DecodedLength(ReadOnlySpan<byte> text)
    {
        int length = text.Length;
        Span<byte> one = stackalloc byte[LongestUtf8Sequence];
        for (int at = text.IndexOf((byte)'\\'); at >= 0; at = text.IndexOf((byte)'\\'))
        {
            int used = DecodeOne(text[at..], one, out int written);
            length += written - used;
            text = text[(at + used)..];
        }

        return length;
    }

    private static bool DecodedEquals(ReadOnlySpan<byte> text, ReadOnlySpan<byte> expected)
    {
        Span<byte> one = stackalloc byte[LongestUtf8Sequence];
        while (true)
        {
            int plain = text.IndexOf((byte)'\\');
            if (plain < 0)
            {
                return text.SequenceEqual(expected);
            }

            if (!expected.StartsWith(text[..plain]))
            {
                return false;
            }

            int used = DecodeOne(text[plain..], one, out int length);
            expected = expected[plain..];
            if (!expected.StartsWith(one[..length]))
            {
                return false;
            }

            expected = expected[length..];
            text = text[(plain + used)..];
        }
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> escape, out char unit, out ReadErrorReason reason)
    {
        unit = default;
        ReadOnlySpan<byte> digits = escape.Length >= UnicodeEscapeLength ? escape[2..UnicodeEscapeLength] : escape[2..];
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                reason = ReadErrorReason.InvalidEscape;
                return false;
            }
        }

        if (digits.Length < 4)
        {
            reason = ReadErrorReason.Truncated;
            return false;
        }

        reason = ReadErrorReason.None;
        bool parsed = Utf8Parser.TryParse(digits, out uint value, out _, 'x');
        unit = (char)value;
        return parsed;
    }
}
