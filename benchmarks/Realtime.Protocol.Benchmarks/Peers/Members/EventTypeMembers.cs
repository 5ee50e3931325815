using System.Text.Json;
using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Peers.Members;

/// <summary>Which event it is, and nothing else. A library that does not know an event still says its type.</summary>
public static class EventTypeMembers
{
    /// <summary>Ours.</summary>
    public readonly struct OfView : IMembers<ServerEvent>
    {
        public void HandOver<TSink>(scoped in ServerEvent read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (read.Kind == ServerEventKind.Unknown)
            {
                throw AnotherEvent.Than("an event of the protocol");
            }

            sink.Slice(read.TypeText.Raw);
        }
    }

    /// <summary>The SDK's update.</summary>
    public readonly struct OfUpdate : IMembers<RealtimeServerUpdate>
    {
        public void HandOver<TSink>(scoped in RealtimeServerUpdate read, ref TSink sink)
            where TSink : struct, IAnswerSink =>
            sink.Text(read.Kind.ToString());
    }

    /// <summary>A parsed document.</summary>
    public readonly struct OfElement : IMembers<JsonElement>
    {
        public void HandOver<TSink>(scoped in JsonElement read, ref TSink sink)
            where TSink : struct, IAnswerSink =>
            sink.Text(read.GetProperty("type"u8).GetString());
    }
}
