using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>
/// A client's piece of sound that is written as nearly all of them are: one object with <c>type</c>, perhaps <c>event_id</c>, and <c>audio</c>, each once and without escapes, the sound in
/// whole base64. Of fifty events a second forty-nine are this, so it is read in one pass without a document. Whatever is written otherwise is none: it is read as JSON.
/// </summary>
internal ref struct SaidSound
{
    public const string Type = "input_audio_buffer.append";

    private const byte FirstPrintable = 0x20;
    private const byte LastPrintable = 0x7E;

    /// <summary>What base64 is written with.</summary>
    public static readonly SearchValues<byte> Base64Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);
    private static readonly SearchValues<byte> Spaces = SearchValues.Create(" \t\r\n"u8);

    /// <summary>A piece of sound.</summary>
    /// <param name="number">What the message is called by in an entry.</param>
    /// <param name="at">When it was said; null when nobody knows.</param>
    /// <param name="text">The base64, as it is on the wire.</param>
    /// <param name="bytes">How much sound that is.</param>
    public SaidSound(long number, string? eventId, double? at, ReadOnlySpan<byte> text, long bytes)
    {
        (Number, EventId, At, Bytes) = (number, eventId, at, bytes);
        Text = text;
    }

    public long Number { get; }

    public string? EventId { get; }

    public double? At { get; }

    public ReadOnlySpan<byte> Text { get; }

    public long Bytes { get; }

    /// <summary>The rule for which the server will refuse it; null when it will not.</summary>
    public string? Suspicion { get; set; }

    /// <summary>What is remembered of it.</summary>
    public readonly Asked ToAsked() => new(Number, Type, EventId, At) { Suspicion = Suspicion };

    /// <summary>Reads a message; false when it is anything else, or written in any other way.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, long number, double? at, out SaidSound sound)
    {
        sound = default;
        ReadOnlySpan<byte> rest = message;
        ReadOnlySpan<byte> eventId = default;
        ReadOnlySpan<byte> audio = default;
        bool hasType = false;
        bool hasEventId = false;
        if (!TryTake(ref rest, (byte)'{'))
        {
            return false;
        }

        do
        {
            if (!TryTakeText(ref rest, out ReadOnlySpan<byte> name) || !TryTake(ref rest, (byte)':'))
            {
                return false;
            }

            bool isRead = name.SequenceEqual("audio"u8) ? audio.IsEmpty && TryTakeSound(ref rest, out audio)
                : name.SequenceEqual("type"u8) ? !hasType && (hasType = TryTakeText(ref rest, out ReadOnlySpan<byte> type) && type.SequenceEqual("input_audio_buffer.append"u8))
                : name.SequenceEqual("event_id"u8) && !hasEventId && (hasEventId = TryTakeText(ref rest, out eventId));
            if (!isRead)
            {
                return false;
            }
        }
        while (TryTake(ref rest, (byte)','));

        if (!TryTake(ref rest, (byte)'}') || rest.IndexOfAnyExcept(Spaces) >= 0 || !hasType || audio.IsEmpty || !Base64.IsValid(audio, out int bytes))
        {
            return false;
        }

        sound = new(number, hasEventId ? Encoding.ASCII.GetString(eventId) : null, at, audio, bytes);
        return true;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, byte letter)
    {
        if (rest.IsEmpty || rest[0] != letter)
        {
            rest = rest[Math.Max(0, rest.IndexOfAnyExcept(Spaces))..];
        }

        if (rest.IsEmpty || rest[0] != letter)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    // Up to the quote; without a quote there is a text that is not over.
    private static bool TryTakeText(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryTake(ref rest, (byte)'"') || rest.IndexOf((byte)'"') is not (>= 0 and int end))
        {
            return false;
        }

        text = rest[..end];
        rest = rest[(end + 1)..];
        return !text.Contains((byte)'\\') && text.IndexOfAnyExceptInRange(FirstPrintable, LastPrintable) < 0;
    }

    private static bool TryTakeSound(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> sound)
    {
        sound = default;
        if (!TryTake(ref rest, (byte)'"') || rest.IndexOfAnyExcept(Base64Letters) is not (> 0 and int end) || rest[end] != '"')
        {
            return false;
        }

        sound = rest[..end];
        rest = rest[(end + 1)..];
        return true;
    }
}
