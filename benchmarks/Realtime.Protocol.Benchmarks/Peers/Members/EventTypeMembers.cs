using System.Text.Json;
using OpenAI.Realtime;

namespace Realtime.Protocol.Benchmarks.Peers.Members;

/// <summary>Which event it is, and nothing else. A library that does not know an event still says its type.</summary>
public readonly struct EventTypeMembers : IMembers<ServerEvent>, IMembers<RealtimeServerUpdate>, IMembers<JsonElement>
{
    void IMembers<ServerEvent>.HandOver<TSink>(scoped in ServerEvent read, ref TSink sink)
    {
        if (read.Kind == ServerEventKind.Unknown)
        {
            throw AnotherEvent.Than("an event of the protocol");
        }

        sink.Slice(read.TypeText.Raw);
    }

    void IMembers<RealtimeServerUpdate>.HandOver<TSink>(scoped in RealtimeServerUpdate read, ref TSink sink) => sink.Text(read.Kind.ToString());

    void IMembers<JsonElement>.HandOver<TSink>(scoped in JsonElement read, ref TSink sink) => sink.Text(read.GetProperty("type"u8).GetString());
}
