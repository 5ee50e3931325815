using System.Text.Json;
using System.Text.Json.Serialization;
using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// System.Text.Json with source generation: a plain class whose <c>delta</c> is a byte array, which the serializer
/// decodes. It is told which class to read, so that it needs no look at <c>type</c> beforehand.
/// </summary>
public sealed partial class AudioDeltaBySourceGeneration : IAudioDeltaReader
{
    public long Read(byte[] message)
    {
        Event read = Parse(message);
        return AudioDelta.Touch(read.EventId.Length, read.ResponseId.Length, read.ItemId.Length, read.OutputIndex, read.ContentIndex, read.Delta);
    }

    public AudioDelta ReadWhole(byte[] message)
    {
        Event read = Parse(message);
        return new AudioDelta(read.EventId, read.ResponseId, read.ItemId, read.OutputIndex, read.ContentIndex, read.Delta);
    }

    private static Event Parse(byte[] message) =>
        JsonSerializer.Deserialize(message, Json.Default.Event) is { Type: "response.output_audio.delta" } read
            ? read
            : throw new InvalidDataException("Not an audio event.");

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
