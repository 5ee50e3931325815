using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// The official SDK 2.15, by the very call that its <c>RealtimeSessionClient.ReceiveUpdatesAsync</c> makes for each
/// message. The socket, its buffers and the enumerator around that call are left out.
/// </summary>
public readonly struct AudioDeltaByOpenAISdk : IReader<Arrived>
{
    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        if (ModelReaderWriter.Read<RealtimeServerUpdate>(BinaryData.FromBytes(message.Memory), ModelReaderWriterOptions.Json, OpenAIContext.Default)
            is not RealtimeServerUpdateResponseOutputAudioDelta read)
        {
            throw new InvalidDataException("Not an audio event.");
        }

        sink.Text(read.EventId);
        sink.Text(read.ResponseId);
        sink.Text(read.ItemId);
        sink.Number(read.OutputIndex);
        sink.Number(read.ContentIndex);
        sink.Bytes(read.Delta.ToMemory().Span);
    }
}
