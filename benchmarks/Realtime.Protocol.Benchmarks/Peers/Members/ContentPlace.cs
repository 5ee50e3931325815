using System.Text.Json;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Peers.Classes;

namespace Realtime.Protocol.Benchmarks.Peers.Members;

/// <summary>What every event of one piece of content begins with: its own id, and the response, item and indices that it belongs to.</summary>
internal static class ContentPlace
{
    public static void HandOver<TSink>(ContentEventClass read, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        sink.Text(read.EventId);
        sink.Text(read.ResponseId);
        sink.Text(read.ItemId);
        sink.Number(read.OutputIndex);
        sink.Number(read.ContentIndex);
    }

    public static void HandOver<TSink>(JsonElement read, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        sink.Text(read.GetProperty("event_id"u8).GetString());
        sink.Text(read.GetProperty("response_id"u8).GetString());
        sink.Text(read.GetProperty("item_id"u8).GetString());
        sink.Number(read.GetProperty("output_index"u8).GetInt64());
        sink.Number(read.GetProperty("content_index"u8).GetInt64());
    }
}
