using System.Text.Json;
using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Peers.Classes;

namespace Realtime.Protocol.Benchmarks.Peers.Members;

/// <summary><c>response.output_audio_transcript.delta</c>: ids, indices, the words and the obfuscation. The SDK has no member for the last one.</summary>
public static class TranscriptDeltaMembers
{
    private const string Type = "response.output_audio_transcript.delta";

    /// <summary>What the SDK hands over of what a message says.</summary>
    public static Answer ExpectedOfSdk(Answer says) => new([.. says.Members.Where(static member => member.Member != "obfuscation")]);

    /// <summary>Ours.</summary>
    public readonly struct OfView : IMembers<ServerEvent>
    {
        public void HandOver<TSink>(scoped in ServerEvent read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (!read.TryGetResponseOutputAudioTranscriptDelta(out ResponseOutputAudioTranscriptDeltaView delta))
            {
                throw AnotherEvent.Than(Type);
            }

            HandOverWords(delta, ref sink);
            sink.Slice(delta.Obfuscation.Raw);
        }
    }

    /// <summary>Everything but the obfuscation.</summary>
    public static void HandOverWords<TSink>(scoped in ResponseOutputAudioTranscriptDeltaView delta, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        sink.Slice(delta.EventId.Raw);
        sink.Slice(delta.ResponseId.Raw);
        sink.Slice(delta.ItemId.Raw);
        sink.Number(delta.OutputIndex);
        sink.Number(delta.ContentIndex);
        sink.Slice(delta.Delta.Raw);
    }

    /// <summary>The class that a serializer filled.</summary>
    public readonly struct OfClass : IMembers<TextDeltaEvent>
    {
        public void HandOver<TSink>(scoped in TextDeltaEvent read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (read.Type != Type)
            {
                throw AnotherEvent.Than(Type);
            }

            HandOverWords(read, ref sink);
            sink.Text(read.Obfuscation);
        }
    }

    /// <inheritdoc cref="HandOverWords{TSink}(in ResponseOutputAudioTranscriptDeltaView, ref TSink)"/>
    public static void HandOverWords<TSink>(TextDeltaEvent delta, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        ContentPlace.HandOver(delta, ref sink);
        sink.Text(delta.Delta);
    }

    /// <summary>The SDK's update.</summary>
    public readonly struct OfUpdate : IMembers<RealtimeServerUpdate>
    {
        public void HandOver<TSink>(scoped in RealtimeServerUpdate read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (read is not RealtimeServerUpdateResponseOutputAudioTranscriptDelta delta)
            {
                throw AnotherEvent.Than(Type);
            }

            sink.Text(delta.EventId);
            sink.Text(delta.ResponseId);
            sink.Text(delta.ItemId);
            sink.Number(delta.OutputIndex);
            sink.Number(delta.ContentIndex);
            sink.Text(delta.Delta);
        }
    }

    /// <summary>A parsed document.</summary>
    public readonly struct OfElement : IMembers<JsonElement>
    {
        public void HandOver<TSink>(scoped in JsonElement read, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (!read.GetProperty("type"u8).ValueEquals("response.output_audio_transcript.delta"u8))
            {
                throw AnotherEvent.Than(Type);
            }

            ContentPlace.HandOver(read, ref sink);
            sink.Text(read.GetProperty("delta"u8).GetString());
            sink.Text(read.GetProperty("obfuscation"u8).GetString());
        }
    }
}
