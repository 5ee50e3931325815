using System.Text.Json;
using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Peers.Classes;

namespace Realtime.Protocol.Benchmarks.Peers.Members;

/// <summary><c>response.output_audio.delta</c>: ids, indices and the PCM.</summary>
public static class AudioDeltaMembers
{
    private const string Type = "response.output_audio.delta";

    /// <summary>Ours.</summary>
    public readonly struct OfView : IMembers<ServerEvent>
    {
        public void HandOver<TSink>(scoped in ServerEvent read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (!read.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta))
            {
                throw AnotherEvent.Than(Type);
            }

            Base64View audio = delta.Delta;
            if (!audio.IsDecoded)
            {
                throw new InvalidDataException("The audio does not fit the destination.");
            }

            sink.Slice(delta.EventId.Raw);
            sink.Slice(delta.ResponseId.Raw);
            sink.Slice(delta.ItemId.Raw);
            sink.Number(delta.OutputIndex);
            sink.Number(delta.ContentIndex);
            sink.Bytes(audio.Bytes);
        }
    }

    /// <summary>The class that a serializer filled.</summary>
    public readonly struct OfClass : IMembers<AudioDeltaEvent>
    {
        public void HandOver<TSink>(scoped in AudioDeltaEvent read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (read.Type != Type)
            {
                throw AnotherEvent.Than(Type);
            }

            ContentPlace.HandOver(read, ref sink);
            sink.Bytes(read.Delta);
        }
    }

    /// <summary>The SDK's update.</summary>
    public readonly struct OfUpdate : IMembers<RealtimeServerUpdate>
    {
        public void HandOver<TSink>(scoped in RealtimeServerUpdate read, ref TSink sink)
            where TSink : struct, IAnswerSink
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
    }

    /// <summary>A parsed document.</summary>
    public readonly struct OfElement : IMembers<JsonElement>
    {
        public void HandOver<TSink>(scoped in JsonElement read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (!read.GetProperty("type"u8).ValueEquals("response.output_audio.delta"u8))
            {
                throw AnotherEvent.Than(Type);
            }

            ContentPlace.HandOver(read, ref sink);
            sink.Bytes(read.GetProperty("delta"u8).GetBytesFromBase64());
        }
    }
}
