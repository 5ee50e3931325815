using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// The official SDK 2.15, by the very call that its <c>RealtimeSessionClient.ReceiveUpdatesAsync</c> makes for each
/// message. The socket, its buffers and the enumerator around that call are left out.
/// </summary>
public sealed class AudioDeltaByOpenAISdk : IAudioDeltaReader
{
    public long Read(byte[] message)
    {
        RealtimeServerUpdateResponseOutputAudioDelta read = Parse(message);
        return AudioDelta.Touch(read.EventId.Length, read.ResponseId.Length, read.ItemId.Length, read.OutputIndex, read.ContentIndex, read.Delta.ToMemory().Span);
    }

    public AudioDelta ReadWhole(byte[] message)
    {
        RealtimeServerUpdateResponseOutputAudioDelta read = Parse(message);
        return new AudioDelta(read.EventId, read.ResponseId, read.ItemId, read.OutputIndex, read.ContentIndex, read.Delta.ToArray());
    }

    private static RealtimeServerUpdateResponseOutputAudioDelta Parse(byte[] message) =>
        ModelReaderWriter.Read<RealtimeServerUpdate>(BinaryData.FromBytes(message), ModelReaderWriterOptions.Json, OpenAIContext.Default)
            is RealtimeServerUpdateResponseOutputAudioDelta read
                ? read
                : throw new InvalidDataException("Not an audio event.");
}
