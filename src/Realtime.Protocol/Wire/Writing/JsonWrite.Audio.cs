using System.Buffers;
using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Wire;

/// <summary>
/// The short way for events that come many times a second and mostly say nothing but sound. What stands around the sound
/// was known when the code was generated, and a span keeps its length, so there is nothing to measure, check or count.
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
}
