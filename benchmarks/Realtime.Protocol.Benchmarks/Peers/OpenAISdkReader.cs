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
public readonly struct OpenAISdkReader<TMembers> : IReader<Arrived>
    where TMembers : struct, IMembers<RealtimeServerUpdate>
{
    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink =>
        default(TMembers).HandOver(
            ModelReaderWriter.Read<RealtimeServerUpdate>(BinaryData.FromBytes(message.Memory), ModelReaderWriterOptions.Json, OpenAIContext.Default)!,
            ref sink);
}
