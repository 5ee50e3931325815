using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Peers;
using Realtime.Protocol.Benchmarks.Peers.Classes;
using Realtime.Protocol.Benchmarks.Peers.Members;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Comparisons;

/// <summary>Reading what is not audio: the words as they are spoken, the end of a response, one of each event, and a session whole.</summary>
public static class OtherEvents
{
    private const int Seed = 4_711;
    private const int DoneMessages = 16;

    /// <summary><c>response.output_audio_transcript.delta</c>, about 250 bytes: the most frequent event after audio.</summary>
    public static Comparison TranscriptDelta()
    {
        var call = new MuseumCall(Seed);
        Message[] messages = [.. MuseumCall.Words.Select(call.TranscriptDelta)];
        return new("transcript delta",
        [
            Way(Ways.RealtimeProtocol, new RealtimeProtocolReader<TranscriptDeltaMembers.OfView>(), messages),
            Way(Ways.SourceGeneration, new SourceGenerationReader<TextDeltaEvent, TranscriptDeltaMembers.OfClass>(ClassesJson.Default.TextDeltaEvent), messages),
            Way(Ways.JsonDocument, new JsonDocumentReader<TranscriptDeltaMembers.OfElement>(), messages),
            Way(Ways.Newtonsoft, new NewtonsoftReader<TextDeltaEvent, TranscriptDeltaMembers.OfClass>(), messages),
            Way(Ways.OpenAISdk, new OpenAISdkReader<TranscriptDeltaMembers.OfUpdate>(), messages, TranscriptDeltaMembers.ExpectedOfSdk),
        ]);
    }

    /// <summary><c>response.done</c>, about 1,000 bytes, every field of it.</summary>
    public static Comparison ResponseDone()
    {
        Message[] messages = DoneEvents();
        return new("response.done",
        [
            Way(Ways.RealtimeProtocol, new RealtimeProtocolReader<ResponseDoneMembers.OfView>(), messages),
            Way(Ways.SourceGeneration, new SourceGenerationReader<ResponseEvent, ResponseDoneMembers.OfClass>(ClassesJson.Default.ResponseEvent), messages),
            Way(Ways.JsonDocument, new JsonDocumentReader<ResponseDoneMembers.OfElement>(), messages),
            Way(Ways.Newtonsoft, new NewtonsoftReader<ResponseEvent, ResponseDoneMembers.OfClass>(), messages),
            Way(Ways.OpenAISdk, new OpenAISdkReader<ResponseDoneMembers.OfUpdate>(), messages, ResponseDoneMembers.ExpectedOfSdk),
        ]);
    }

    /// <summary>The same messages, their top level only.</summary>
    public static Comparison ResponseOutcome()
    {
        Message[] messages = DoneEvents();
        return new("response.done, top level",
        [
            Way(Ways.RealtimeProtocol, new RealtimeProtocolReader<ResponseOutcomeMembers.OfView>(), messages, ResponseOutcomeMembers.Expected),
            Way(Ways.SourceGeneration, new SourceGenerationReader<ResponseEvent, ResponseOutcomeMembers.OfClass>(ClassesJson.Default.ResponseEvent), messages, ResponseOutcomeMembers.Expected),
            Way(Ways.JsonDocument, new JsonDocumentReader<ResponseOutcomeMembers.OfElement>(), messages, ResponseOutcomeMembers.Expected),
            Way(Ways.Newtonsoft, new NewtonsoftReader<ResponseEvent, ResponseOutcomeMembers.OfClass>(), messages, ResponseOutcomeMembers.Expected),
            Way(Ways.OpenAISdk, new OpenAISdkReader<ResponseOutcomeMembers.OfUpdate>(), messages, ResponseOutcomeMembers.Expected),
        ]);
    }

    /// <summary>One message of every kind that the server sends, only its type asked for.</summary>
    public static Comparison EveryKind()
    {
        Message[] messages = EventExamples.Server();
        return new("every kind of event",
        [
            Way(Ways.RealtimeProtocol, new RealtimeProtocolReader<EventTypeMembers.OfView>(), messages, atOnce: messages.Length),
            Way(Ways.Utf8JsonReader, new TypeByUtf8JsonReader(), messages, atOnce: messages.Length),
            Way(Ways.JsonDocument, new JsonDocumentReader<EventTypeMembers.OfElement>(), messages, atOnce: messages.Length),
            Way(Ways.OpenAISdk, new OpenAISdkReader<EventTypeMembers.OfUpdate>(), messages, atOnce: messages.Length),
        ]);
    }

    /// <summary>A whole session, 180 messages and 2.5 MB, read by one reader.</summary>
    public static Comparison Session()
    {
        Message[] messages = SessionMessages.Create();
        return new("session",
        [
            Way(Ways.BareBase64, new BareBase64Reader(), messages, BareBase64Reader.Expected, messages.Length),
            Way(Ways.RealtimeProtocol, new RealtimeProtocolReader<SessionMembers.OfView>(), messages, SessionMembers.Expected, messages.Length),
            Way(Ways.SourceGeneration, new SessionBySourceGeneration(), messages, SessionMembers.Expected, messages.Length),
            Way(Ways.OpenAISdk, new OpenAISdkReader<SessionMembers.OfUpdate>(), messages, SessionMembers.Expected, messages.Length),
        ]);
    }

    private static Message[] DoneEvents()
    {
        var call = new MuseumCall(Seed);
        return [.. Enumerable.Range(0, DoneMessages).Select(_ => call.ResponseDone())];
    }

    private static Timed Way<TReader>(string name, TReader reader, Message[] messages, Func<Answer, Answer>? expected = null, int atOnce = 1)
        where TReader : struct, IReader<Arrived> =>
        new Reading<TReader, MessageRing, Arrived>(name, reader, new MessageRing(messages), expected, atOnce);
}
