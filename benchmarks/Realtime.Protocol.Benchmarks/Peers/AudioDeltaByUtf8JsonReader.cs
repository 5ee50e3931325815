using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// What a careful programmer writes by hand for audio deltas: one pass of <see cref="Utf8JsonReader"/>, ids kept as slices,
/// the audio decoded into a reused destination, nothing allocated. It trusts the message more than ours does: a missing
/// member or one that comes twice goes unnoticed.
/// </summary>
public readonly struct AudioDeltaByUtf8JsonReader() : IReader<Arrived>
{
    private readonly byte[] _destination = new byte[AudioDeltaMessages.DestinationBytes];

    private ref struct Slices
    {
        public bool IsAudioDelta;
        public ReadOnlySpan<byte> EventId;
        public ReadOnlySpan<byte> ResponseId;
        public ReadOnlySpan<byte> ItemId;
        public long OutputIndex;
        public long ContentIndex;
        public ReadOnlySpan<byte> Audio;
    }

    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        Slices slices = Parse(message.Utf8);
        sink.Slice(slices.EventId);
        sink.Slice(slices.ResponseId);
        sink.Slice(slices.ItemId);
        sink.Number(slices.OutputIndex);
        sink.Number(slices.ContentIndex);
        sink.Bytes(slices.Audio);
    }

    private Slices Parse(ReadOnlySpan<byte> message)
    {
        var slices = new Slices();
        var json = new Utf8JsonReader(message);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                slices.IsAudioDelta = json.ValueTextEquals("response.output_audio.delta"u8);
            }
            else if (json.ValueTextEquals("event_id"u8))
            {
                json.Read();
                slices.EventId = json.ValueSpan;
            }
            else if (json.ValueTextEquals("response_id"u8))
            {
                json.Read();
                slices.ResponseId = json.ValueSpan;
            }
            else if (json.ValueTextEquals("item_id"u8))
            {
                json.Read();
                slices.ItemId = json.ValueSpan;
            }
            else if (json.ValueTextEquals("output_index"u8))
            {
                json.Read();
                slices.OutputIndex = json.GetInt64();
            }
            else if (json.ValueTextEquals("content_index"u8))
            {
                json.Read();
                slices.ContentIndex = json.GetInt64();
            }
            else if (json.ValueTextEquals("delta"u8))
            {
                json.Read();
                slices.Audio = Decode(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return slices.IsAudioDelta ? slices : throw new InvalidDataException("Not an audio event.");
    }

    private ReadOnlySpan<byte> Decode(scoped ref Utf8JsonReader json) =>
        json.ValueIsEscaped ? json.GetBytesFromBase64()
        : Base64.DecodeFromUtf8(json.ValueSpan, _destination, out _, out int written) == OperationStatus.Done ? _destination.AsSpan(0, written)
        : throw new InvalidDataException("The audio is not base64.");
}
