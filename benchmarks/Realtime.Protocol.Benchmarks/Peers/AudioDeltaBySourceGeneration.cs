using System.Text.Json;
using System.Text.Json.Serialization;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// System.Text.Json with source generation: a plain class whose <c>delta</c> is a byte array, which the serializer
/// decodes. It is told which class to read, so that it needs no look at <c>type</c> beforehand.
/// </summary>
public readonly partial struct AudioDeltaBySourceGeneration : IReader<Arrived>
{
    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        if (JsonSerializer.Deserialize(message.Utf8, Json.Default.Event) is not { Type: "response.output_audio.delta" } read)
        {
            throw new InvalidDataException("Not an audio event.");
        }

        sink.Text(read.EventId);
        sink.Text(read.ResponseId);
        sink.Text(read.ItemId);
        sink.Number(read.OutputIndex);
        sink.Number(read.ContentIndex);
        sink.Bytes(read.Delta);
    }

    private sealed class Event
    {
        public string Type { get; set; } = "";

        public string EventId { get; set; } = "";

        public string ResponseId { get; set; } = "";

        public string ItemId { get; set; } = "";

        public long OutputIndex { get; set; }

        public long ContentIndex { get; set; }

        public byte[] Delta { get; set; } = [];
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Event))]
    private sealed partial class Json : JsonSerializerContext;
}
