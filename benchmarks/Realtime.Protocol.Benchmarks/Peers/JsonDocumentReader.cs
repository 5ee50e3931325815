using System.Text.Json;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary><see cref="JsonDocument"/> over the received bytes, disposed after each message so that its buffers are pooled; members are looked up by name.</summary>
public readonly struct JsonDocumentReader<TMembers> : IReader<Arrived>
    where TMembers : struct, IMembers<JsonElement>
{
    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        using JsonDocument document = JsonDocument.Parse(message.Memory);
        default(TMembers).HandOver(document.RootElement, ref sink);
    }
}
