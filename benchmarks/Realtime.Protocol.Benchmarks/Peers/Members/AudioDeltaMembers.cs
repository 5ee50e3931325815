using System.Text.Json;
using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Peers.Classes;

namespace Realtime.Protocol.Benchmarks.Peers.Members;

/// <summary><c>response.output_audio.delta</c>: ids, indices and the PCM.</summary>
public readonly struct AudioDeltaMembers : IMembers<ServerEvent>, IMembers<AudioDeltaEvent>, IMembers<RealtimeServerUpdate>, IMembers<JsonElement>
{
    private const string Type = "response.output_audio.delta";

    void IMembers<ServerEvent>.HandOver<TSink>(scoped in ServerEvent read, ref TSink sink)
    {
        if (!read.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta) || !delta.Delta.IsDecoded)
        {
            throw AnotherEvent.Than(Type);
        }

        sink.Slice(delta.EventId.Raw);
        sink.Slice(delta.ResponseId.Raw);
        sink.Slice(delta.ItemId.Raw);
        sink.Number(delta.OutputIndex);
        sink.Number(delta.ContentIndex);
        sink.Bytes(delta.Delta.Bytes);
    }

    void IMembers<AudioDeltaEvent>.HandOver<TSink>(scoped in AudioDeltaEvent read, ref TSink sink)
    {
        if (read.Type != Type)
        {
            throw AnotherEvent.Than(Type);
        }

        ContentPlace.HandOver(read, ref sink);
        sink.Bytes(read.Delta);
    }

    void IMembers<RealtimeServerUpdate>.HandOver<TSink>(scoped in RealtimeServerUpdate read, ref TSink sink)
    {
        if (read is not RealtimeServerUpdateResponseOutputAudioDelta delta)
        {
            throw AnotherEvent.Than(Type);
        }

        sink.Text(delta.EventId);
        sink.Text(delta.ResponseId);
        sink.Text(delta.ItemId);
        sink.Number(delta.OutputIndex);
        sink.Number(delta.ContentIndex);
        sink.Bytes(delta.Delta.ToMemory().Span);
    }

    void IMembers<JsonElement>.HandOver<TSink>(scoped in JsonElement read, ref TSink sink)
    {
        if (!read.GetProperty("type"u8).ValueEquals("response.output_audio.delta"u8))
        {
            throw AnotherEvent.Than(Type);
        }

        ContentPlace.HandOver(read, ref sink);
        sink.Bytes(read.GetProperty("delta"u8).GetBytesFromBase64());
    }
}
