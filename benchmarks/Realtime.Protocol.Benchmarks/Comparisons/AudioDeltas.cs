using System.Buffers;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Peers;
using Realtime.Protocol.Benchmarks.Peers.Classes;
using Realtime.Protocol.Benchmarks.Peers.Members;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Comparisons;

/// <summary>
/// Reading <c>response.output_audio.delta</c>, members and PCM: the event that a voice application receives most often
/// and that is nearly all of its bytes. 19,200 bytes of audio (0.4 s) is what the service sends.
/// </summary>
public static class AudioDeltas
{
    private const int UsualMessages = 16;
    private const int AnyOrderMessages = 64;

    // From this payload on, several whole messages would not stay in the processor's first cache.
    private const int LargePayload = 4_096;

    /// <summary>As the service sends them: the same members in the same order, the event's id another one each time.</summary>
    public static Comparison Usual(int audioBytes)
    {
        Message[] messages = AudioDeltaMessages.Usual(audioBytes, UsualMessages);
        return new($"audio {audioBytes}",
        [
            Way(Ways.BareBase64, new BareBase64Reader(), messages, BareBase64Reader.Expected),
            Way(Ways.RealtimeProtocol, new RealtimeProtocolReader<AudioDeltaMembers.OfView>(), messages),
            Way(Ways.Copy, new CopyReader(messages[0].Length), messages, CopyReader.ExpectedOf(messages)),
            Way(Ways.Utf8JsonReader, new AudioDeltaByUtf8JsonReader(), messages),
            Way(Ways.SourceGeneration, new SourceGenerationReader<AudioDeltaEvent, AudioDeltaMembers.OfClass>(ClassesJson.Default.AudioDeltaEvent), messages),
            Way(Ways.JsonDocument, new JsonDocumentReader<AudioDeltaMembers.OfElement>(), messages),
            Way(Ways.Newtonsoft, new NewtonsoftReader<AudioDeltaEvent, AudioDeltaMembers.OfClass>(), messages),
            Way(Ways.OpenAISdk, new OpenAISdkReader<AudioDeltaMembers.OfUpdate>(), messages),
        ]);
    }

    /// <summary>No message like the one before it: order and spacing change each time, and some name their type last.</summary>
    public static Comparison AnyOrder(int audioBytes)
    {
        Message[] messages = AudioDeltaMessages.AnyOrder(audioBytes, AnyOrderMessages);
        return new($"audio {audioBytes}, any order",
        [
            Way(Ways.BareBase64, new BareBase64Reader(), messages, BareBase64Reader.Expected),
            Way(Ways.RealtimeProtocol, new RealtimeProtocolReader<AudioDeltaMembers.OfView>(), messages),
        ]);
    }

    /// <summary>As a pipe hands them out, in segments of one size.</summary>
    public static Comparison Segmented(int audioBytes, int segmentBytes)
    {
        Message[] messages = AudioDeltaMessages.Usual(audioBytes, UsualMessages);
        var reader = new RealtimeProtocolReader<AudioDeltaMembers.OfView>();
        return new($"audio {audioBytes}, segments {segmentBytes}",
        [
            Way(Ways.BareBase64, new BareBase64Reader(), messages, BareBase64Reader.Expected),
            Way(Ways.RealtimeProtocol, new RealtimeProtocolReader<AudioDeltaMembers.OfView>(), messages, segmentBytes),
            Way(Ways.CopiedFirst, new CopiedFirstReader<RealtimeProtocolReader<AudioDeltaMembers.OfView>>(reader, messages[0].Length), messages, segmentBytes),
        ]);
    }

    private static Timed Way<TReader>(string name, TReader reader, Message[] messages, Func<Answer, Answer>? expected = null)
        where TReader : struct, IReader<Arrived> =>
        messages[0].Payload.Length > LargePayload
            ? new Reading<TReader, ReceiveBuffer, Arrived>(name, reader, new ReceiveBuffer(messages), expected)
            : new Reading<TReader, MessageRing, Arrived>(name, reader, new MessageRing(messages), expected);

    private static Timed Way<TReader>(string name, TReader reader, Message[] messages, int segmentBytes)
        where TReader : struct, IReader<ReadOnlySequence<byte>> =>
        new Reading<TReader, SegmentedArrivals, ReadOnlySequence<byte>>(name, reader, new SegmentedArrivals(messages, segmentBytes));
}
