using System.Buffers;

namespace Realtime.Protocol.Benchmarks.Peers.Writers;

/// <summary>Ours: the struct takes raw audio, the writer makes base64 of it where the message is written.</summary>
public readonly struct AppendByRealtimeProtocol : IAudioAppendWriter
{
    public ReadOnlySpan<byte> Write(byte[] pcm, ArrayBufferWriter<byte> output)
    {
        EventWriter.Write(output, new InputAudioBufferAppend { Audio = pcm });
        return output.WrittenSpan;
    }

    public ReadOnlySpan<byte> Write(byte[] pcm, string eventId, ArrayBufferWriter<byte> output)
    {
        EventWriter.Write(output, new InputAudioBufferAppend { EventId = eventId, Audio = pcm });
        return output.WrittenSpan;
    }
}
