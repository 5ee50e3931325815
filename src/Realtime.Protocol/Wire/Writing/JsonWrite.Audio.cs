using System.Buffers;
using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Wire;

/// <summary>
/// The short way for events that come many times a second and mostly say nothing but sound, and perhaps an id. What stands
/// around them was known when the code was generated, and a span keeps its length, so there is nothing to measure or count.
/// </summary>
public static partial class JsonWrite
{
    /// <summary>Writes an event that holds audio and nothing else. Inlined, so that each text is a few stores instead of a copy.</summary>
    /// <param name="output">Where to; asked once, for exactly what is written.</param>
    /// <param name="before">The event up to the audio and its quote.</param>
    /// <param name="audio">The audio, not encoded.</param>
    /// <param name="behind">The event from the quote behind the audio.</param>
    /// <returns>False, and nothing written, for audio that is empty, in several pieces, or too long for a message.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAudio(IBufferWriter<byte> output, ReadOnlySpan<byte> before, AudioBytes audio, ReadOnlySpan<byte> behind)
    {
        ReadOnlySpan<byte> bytes = audio.Span;
        if (bytes.IsEmpty || bytes.Length > MeasuringSink.MaxMessageBytes / 2)
        {
            return false;
        }

        ArgumentNullException.ThrowIfNull(output);
        int encoded = (int)((uint)(bytes.Length + 2) / 3 * 4);
        int length = before.Length + encoded + behind.Length;
        Span<byte> room = output.GetSpan(length)[..length];
        before.CopyTo(room);
        Base64Blocks.EncodeLast(bytes, room.Slice(before.Length, encoded));
        behind.CopyTo(room[(before.Length + encoded)..]);
        output.Advance(length);
        return true;
    }

    /// <summary>The same for an event that also holds a text of its own, such as an id, before the audio.</summary>
    /// <param name="output">Where to; asked once, for exactly what is written.</param>
    /// <param name="before">The event up to the text and its quote.</param>
    /// <param name="text">The text.</param>
    /// <param name="between">The event from the quote behind the text up to the audio and its quote.</param>
    /// <param name="audio">The audio, not encoded.</param>
    /// <param name="behind">The event from the quote behind the audio.</param>
    /// <returns>False, and nothing written, for audio as above, and for text that is not as ids are: 16 to 64 characters of ASCII, none of which needs an escape.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAudio(IBufferWriter<byte> output, ReadOnlySpan<byte> before, scoped in Text text, ReadOnlySpan<byte> between, AudioBytes audio, ReadOnlySpan<byte> behind)
    {
        // Field by field: text and audio, copied as a whole right after they were written in parts, are waited for.
        string? characters = text.String;
        if (characters is null)
        {
            return TryAudio(output, before, text.Utf8, between, audio.Span, behind);
        }

        return ShortPlainText.TryTake(characters, out ShortPlainText plain) && TryAudio(output, before, in plain, between, audio.Span, behind);
    }

    // On its own: UTF-8 is rarer than strings.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryAudio(IBufferWriter<byte> output, ReadOnlySpan<byte> before, ReadOnlySpan<byte> text, ReadOnlySpan<byte> between, ReadOnlySpan<byte> audio, ReadOnlySpan<byte> behind) =>
        ShortPlainText.TryTake(text, out ShortPlainText plain) && TryAudio(output, before, in plain, between, audio, behind);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryAudio(IBufferWriter<byte> output, ReadOnlySpan<byte> before, scoped in ShortPlainText plain, ReadOnlySpan<byte> between, ReadOnlySpan<byte> audio, ReadOnlySpan<byte> behind)
    {
        if (audio.IsEmpty || audio.Length > MeasuringSink.MaxMessageBytes / 2)
        {
            return false;
        }

        ArgumentNullException.ThrowIfNull(output);
        int encoded = (int)((uint)(audio.Length + 2) / 3 * 4);
        int textEnd = before.Length + plain.Length;
        int audioStart = textEnd + between.Length;
        int length = audioStart + encoded + behind.Length;
        Span<byte> room = output.GetSpan(length)[..length];
        before.CopyTo(room);
        plain.CopyTo(room[before.Length..]);
        between.CopyTo(room[textEnd..]);
        Base64Blocks.EncodeLast(audio, room.Slice(audioStart, encoded));
        behind.CopyTo(room[(audioStart + encoded)..]);
        output.Advance(length);
        return true;
    }
}
