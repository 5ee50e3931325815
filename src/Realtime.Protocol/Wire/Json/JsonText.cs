using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Text and numbers as JSON writes them. Only what RFC 8259 wants escaped is escaped (quote, backslash, control
/// characters); everything else goes out as UTF-8. A lone surrogate or invalid UTF-8 can't be expressed and is refused.
/// </summary>
internal static class JsonText
{
    /// <summary>The longest text of a 64-bit integer (20) or of a double in its shortest round-trip form (24).</summary>
    public const int MaxNumberLength = 32;

    private const int UnicodeEscapeLength = 6;

    private const string Escaped =
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000A\u000B\u000C\u000D\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F";

    private static readonly SearchValues<char> EscapedCharacters = SearchValues.Create(Escaped);
    private static readonly SearchValues<byte> EscapedBytes = SearchValues.Create(Encoding.ASCII.GetBytes(Escaped));

    /// <summary>The number of bytes of the text once it is escaped, without quotes: up to six for each byte or character, which may be more than memory holds.</summary>
    /// <exception cref="ArgumentException">The text can't be expressed in JSON.</exception>
    public static long MeasureEscaped(scoped in Text text) => text.String is { } characters ? Measure(characters) : Measure(text.Utf8);

    /// <summary>Writes text that was measured before. Returns the number of bytes.</summary>
    public static int WriteEscaped(scoped in Text text, Span<byte> destination) =>
        text.String is { } characters ? Write(characters, destination) : Write(text.Utf8, destination);

    /// <summary>Writes the shortest text that reads back as the same number. Returns the number of bytes.</summary>
    /// <exception cref="ArgumentException">JSON has no text for infinity and not-a-number.</exception>
    public static int Format(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
        {
            ThrowNotFinite();
        }

        value.TryFormat(destination, out int written, default, CultureInfo.InvariantCulture);
        return written;
    }

    // These four are never inlined: their searches would use up what the JIT grants the writer of an event for inlining, and
    // most events leave most of their texts out.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Measure(ReadOnlySpan<char> text)
    {
        long length = 0;
        while (true)
        {
            int plain = text.IndexOfAny(EscapedCharacters);
            length += Utf8Length(plain < 0 ? text : text[..plain]);
            if (plain < 0)
            {
                return length;
            }

            length += ShortEscape(text[plain]) == 0 ? UnicodeEscapeLength : 2;
            text = text[(plain + 1)..];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Measure(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            ThrowInvalidUtf8();
        }

        long length = text.Length;
        for (int at = text.IndexOfAny(EscapedBytes); at >= 0; at = text.IndexOfAny(EscapedBytes))
        {
            length += (ShortEscape((char)text[at]) == 0 ? UnicodeEscapeLength : 2) - 1;
            text = text[(at + 1)..];
        }

        return length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Write(ReadOnlySpan<char> text, Span<byte> destination)
    {
        int total = 0;
        while (true)
        {
            int plain = text.IndexOfAny(EscapedCharacters);
            total += Encoding.UTF8.GetBytes(plain < 0 ? text : text[..plain], destination[total..]);
            if (plain < 0)
            {
                return total;
            }

            total += WriteEscape(text[plain], destination[total..]);
            text = text[(plain + 1)..];
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Write(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int total = 0;
        while (true)
        {
            int plain = text.IndexOfAny(EscapedBytes);
            ReadOnlySpan<byte> run = plain < 0 ? text : text[..plain];
            run.CopyTo(destination[total..]);
            total += run.Length;
            if (plain < 0)
            {
                return total;
            }

            total += WriteEscape((char)text[plain], destination[total..]);
            text = text[(plain + 1)..];
        }
    }

    private static int WriteEscape(char character, Span<byte> destination)
    {
        destination[0] = (byte)'\\';
        byte shortEscape = ShortEscape(character);
        if (shortEscape != 0)
        {
            destination[1] = shortEscape;
            return 2;
        }

        "u00"u8.CopyTo(destination[1..]);
        destination[4] = (byte)(character >= 0x10 ? '1' : '0');
        destination[5] = "0123456789abcdef"u8[character & 0xF];
        return UnicodeEscapeLength;
    }

    private static byte ShortEscape(char character) => character switch
    {
        '"' => (byte)'"',
        '\\' => (byte)'\\',
        '\b' => (byte)'b',
        '\f' => (byte)'f',
        '\n' => (byte)'n',
        '\r' => (byte)'r',
        '\t' => (byte)'t',
        _ => 0,
    };

    private static long Utf8Length(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            return text.Length;
        }

        long length = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int used) != OperationStatus.Done)
            {
                ThrowLoneSurrogate();
            }

            length += rune.Utf8SequenceLength;
            text = text[used..];
        }

        return length;
    }

    [DoesNotReturn]
    private static void ThrowLoneSurrogate() =>
        throw new ArgumentException("The text holds a surrogate without its partner, which has no UTF-8 form. Was a string cut inside a character?");

    [DoesNotReturn]
    private static void ThrowInvalidUtf8() =>
        throw new ArgumentException("The text was given as UTF-8 and is not valid UTF-8.");

    [DoesNotReturn]
    private static void ThrowNotFinite() =>
        throw new ArgumentException("JSON has no text for infinity and not-a-number.");
}
