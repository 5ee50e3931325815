using System.Buffers;

namespace Realtime.Protocol.Benchmarks.Peers.Writers;

/// <summary>One way of writing <c>input_audio_buffer.append</c>, as well as its library allows. A struct, so that the loop around it is compiled for it alone.</summary>
public interface IAudioAppendWriter
{
    /// <param name="pcm">The sound to append.</param>
    /// <param name="output">Reused and empty; a library with a buffer of its own leaves it so.</param>
    /// <returns>What was written, valid until the next call.</returns>
    ReadOnlySpan<byte> Write(byte[] pcm, ArrayBufferWriter<byte> output);

    /// <inheritdoc cref="Write(byte[], ArrayBufferWriter{byte})"/>
    /// <param name="eventId">The event's id.</param>
    ReadOnlySpan<byte> Write(byte[] pcm, string eventId, ArrayBufferWriter<byte> output);
}
