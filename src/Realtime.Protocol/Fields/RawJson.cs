using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol;

/// <summary>
/// Any JSON value, checked once and then written as it stands: the parameters of a tool, for example. The default is absent.
/// </summary>
public readonly struct RawJson
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _utf8;

    private RawJson(ReadOnlyMemory<byte> utf8) => _utf8 = utf8;

    /// <summary>True when there is a value.</summary>
    public bool HasValue => !_utf8.IsEmpty;

    /// <summary>Absent, or a value (which may be the JSON value <c>null</c>).</summary>
    public Presence Presence => _utf8.IsEmpty ? Presence.Absent : Presence.Value;

    /// <summary>The JSON text; empty when absent.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8.Span;

    /// <summary>The value that this text describes. It is checked now and never again.</summary>
    /// <param name="json">One JSON value.</param>
    /// <returns>The value, as it stands.</returns>
    /// <exception cref="ArgumentNullException">There is no text.</exception>
    /// <exception cref="FormatException">The text is not one JSON value, or holds half a character (a lone surrogate); the message says where and why.</exception>
    public static RawJson Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return FromUtf8(StrictUtf8.GetBytes(json));
        }
        catch (EncoderFallbackException half)
        {
            throw new FormatException($"This is not one JSON value: it holds a surrogate without its partner at position {half.Index}.", half);
        }
    }

    /// <summary>The value that this UTF-8 text describes. The memory is kept, not copied, so it must stay unchanged until the event is written.</summary>
    /// <param name="json">UTF-8 of one JSON value.</param>
    /// <returns>The value, as it stands.</returns>
    /// <exception cref="FormatException">The text is not one JSON value; the message says where and why.</exception>
    public static RawJson FromUtf8(ReadOnlyMemory<byte> json)
    {
        var cursor = new JsonCursor(json.Span);
        if (!cursor.Skip() || !cursor.End())
        {
            throw new FormatException($"This is not one JSON value: {cursor.Error}.");
        }

        return new RawJson(json);
    }
}
