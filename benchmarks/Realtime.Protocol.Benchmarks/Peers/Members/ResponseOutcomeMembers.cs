using System.Text.Json;
using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Peers.Classes;

namespace Realtime.Protocol.Benchmarks.Peers.Members;

/// <summary>The top level of <c>response.done</c> only: which event, which response, and how it ended. Serializers build the rest all the same.</summary>
public static class ResponseOutcomeMembers
{
    private const string Type = "response.done";

    private static readonly string[] HandedOver = ["event_id", "response.id", "response.status"];

    /// <summary>What is handed over of what a message says.</summary>
    public static Answer Expected(Answer says) => new([.. says.Members.Where(static member => HandedOver.Contains(member.Member))]);

    /// <summary>Ours.</summary>
    public readonly struct OfView : IMembers<ServerEvent>
    {
        public void HandOver<TSink>(scoped in ServerEvent read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (!read.TryGetResponseDone(out ResponseDoneView done))
            {
                throw AnotherEvent.Than(Type);
            }

            sink.Slice(done.EventId.Raw);
            ResponseView response = done.Response;
            sink.Slice(response.Id.Raw);
            sink.Slice(response.Status.Raw.Raw);
        }
    }

    /// <summary>The class that a serializer filled.</summary>
    public readonly struct OfClass : IMembers<ResponseEvent>
    {
        public void HandOver<TSink>(scoped in ResponseEvent read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (read.Type != Type)
            {
                throw AnotherEvent.Than(Type);
            }

            sink.Text(read.EventId);
            sink.Text(read.Response.Id);
            sink.Text(read.Response.Status);
        }
    }

    /// <summary>The SDK's update.</summary>
    public readonly struct OfUpdate : IMembers<RealtimeServerUpdate>
    {
        public void HandOver<TSink>(scoped in RealtimeServerUpdate read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (read is not RealtimeServerUpdateResponseDone done)
            {
                throw AnotherEvent.Than(Type);
            }

            sink.Text(done.EventId);
            sink.Text(done.Response.Id);
            sink.Text(done.Response.Status.ToString());
        }
    }

    /// <summary>A parsed document.</summary>
    public readonly struct OfElement : IMembers<JsonElement>
    {
        public void HandOver<TSink>(scoped in JsonElement read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (!read.GetProperty("type"u8).ValueEquals("response.done"u8))
            {
                throw AnotherEvent.Than(Type);
            }

            sink.Text(read.GetProperty("event_id"u8).GetString());
            JsonElement response = read.GetProperty("response"u8);
            sink.Text(response.GetProperty("id"u8).GetString());
            sink.Text(response.GetProperty("status"u8).GetString());
        }
    }
}
