using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Peers.Classes;
using Realtime.Protocol.Benchmarks.Peers.Members;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// System.Text.Json with source generation on a stream of events: a look at <c>type</c> with <see cref="Utf8JsonReader"/>,
/// the most frequent first, then the class of that event. Cheaper than the serializer's own polymorphism, which keeps the
/// type's text.
/// </summary>
public readonly struct SessionBySourceGeneration : IReader<Arrived>
{
    private static ClassesJson Classes => ClassesJson.Default;

    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink =>
        default(SessionMembers.OfClass).HandOver((ServerEventClass)JsonSerializer.Deserialize(message.Utf8, TypeOf(message.Utf8))!, ref sink);

    private static JsonTypeInfo TypeOf(ReadOnlySpan<byte> message)
    {
        var json = new Utf8JsonReader(message);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isType = json.ValueTextEquals("type"u8);
            json.Read();
            if (isType)
            {
                return Named(json);
            }

            json.Skip();
        }

        throw new InvalidDataException("A message without a type.");
    }

    private static JsonTypeInfo Named(in Utf8JsonReader json) => 0 switch
    {
        _ when json.ValueTextEquals("response.output_audio.delta"u8) => Classes.AudioDeltaEvent,
        _ when json.ValueTextEquals("response.output_audio_transcript.delta"u8) => Classes.TextDeltaEvent,
        _ when json.ValueTextEquals("conversation.item.input_audio_transcription.delta"u8) => Classes.InputTranscriptionEvent,
        _ when json.ValueTextEquals("conversation.item.input_audio_transcription.completed"u8) => Classes.InputTranscriptionEvent,
        _ when json.ValueTextEquals("conversation.item.added"u8) => Classes.ConversationItemEvent,
        _ when json.ValueTextEquals("conversation.item.done"u8) => Classes.ConversationItemEvent,
        _ when json.ValueTextEquals("response.output_item.added"u8) => Classes.OutputItemEvent,
        _ when json.ValueTextEquals("response.output_item.done"u8) => Classes.OutputItemEvent,
        _ when json.ValueTextEquals("response.content_part.added"u8) => Classes.ContentPartEvent,
        _ when json.ValueTextEquals("response.content_part.done"u8) => Classes.ContentPartEvent,
        _ when json.ValueTextEquals("response.output_audio.done"u8) => Classes.ContentDoneEvent,
        _ when json.ValueTextEquals("response.output_audio_transcript.done"u8) => Classes.ContentDoneEvent,
        _ when json.ValueTextEquals("response.created"u8) => Classes.ResponseEvent,
        _ when json.ValueTextEquals("response.done"u8) => Classes.ResponseEvent,
        _ when json.ValueTextEquals("input_audio_buffer.speech_started"u8) => Classes.InputEvent,
        _ when json.ValueTextEquals("input_audio_buffer.speech_stopped"u8) => Classes.InputEvent,
        _ when json.ValueTextEquals("input_audio_buffer.committed"u8) => Classes.InputEvent,
        _ when json.ValueTextEquals("session.created"u8) => Classes.SessionEvent,
        _ when json.ValueTextEquals("session.updated"u8) => Classes.SessionEvent,
        _ when json.ValueTextEquals("rate_limits.updated"u8) => Classes.RateLimitsEvent,
        _ => Classes.ServerEventClass,
    };
}
