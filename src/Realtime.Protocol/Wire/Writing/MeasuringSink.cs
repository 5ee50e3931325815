using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Wire;

/// <summary>Counts the bytes of an event and refuses what must not be sent. Runs before <see cref="WritingSink"/>.</summary>
internal struct MeasuringSink : IJsonSink
{
    /// <summary>The largest message that any service takes; a larger event is a mistake of the caller.</summary>
    public const int MaxMessageBytes = int.MaxValue / 2;

    private long _length;

    /// <summary>The exact number of bytes that the event takes.</summary>
    /// <exception cref="ArgumentException">The event is larger than a message can be.</exception>
    public readonly int Length => _length <= MaxMessageBytes ? (int)_length : ThrowTooLarge(_length);

    public void Raw(ReadOnlySpan<byte> json) => _length += json.Length;

    public void String(scoped in Text text) => _length += JsonText.MeasureEscaped(in text) + 2;

    public void Integer(long value)
    {
        Span<byte> digits = stackalloc byte[JsonText.MaxNumberLength];
        Utf8Formatter.TryFormat(value, digits, out int written);
        _length += written;
    }

    public void Number(double value)
    {
        Span<byte> digits = stackalloc byte[JsonText.MaxNumberLength];
        _length += JsonText.Format(value, digits);
    }

    public void Base64(scoped in AudioBytes audio) => _length += Base64Text.EncodedLength(audio.Length) + 2;

    [DoesNotReturn]
    private static int ThrowTooLarge(long length) =>
        throw new ArgumentException($"The event takes {length} bytes; a message holds at most {MaxMessageBytes}.");
}
