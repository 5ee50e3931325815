using System.Buffers;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Realtime;

namespace Realtime.Protocol.Benchmarks.Peers.Writers;

/// <summary>The official SDK 2.15: its command, written as its session client writes it, without the socket.</summary>
public readonly struct AppendByOpenAISdk : IAudioAppendWriter
{
    public ReadOnlySpan<byte> Write(byte[] pcm, ArrayBufferWriter<byte> output) => Write(new RealtimeClientCommandInputAudioBufferAppend(BinaryData.FromBytes(pcm)));

    public ReadOnlySpan<byte> Write(byte[] pcm, string eventId, ArrayBufferWriter<byte> output) => Write(new RealtimeClientCommandInputAudioBufferAppend(BinaryData.FromBytes(pcm)) { EventId = eventId });

    private static ReadOnlySpan<byte> Write(RealtimeClientCommandInputAudioBufferAppend command) =>
        ModelReaderWriter.Write(command, ModelReaderWriterOptions.Json, OpenAIContext.Default).ToMemory().Span;
}
