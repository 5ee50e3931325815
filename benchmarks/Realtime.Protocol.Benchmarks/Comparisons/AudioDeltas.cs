using System.Buffers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Peers;
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

    // From this size on, several whole messages would not stay in the processor's first cache.
    private const int LargeBytes = 4_800;

    /// <summary>As the service sends them: the same members in the same order, the event's id another one each time.</summary>
    public static Comparison Usual(int audioBytes)
    {
        Message[] messages = AudioDeltaMessages.Usual(audioBytes, UsualMessages);
        return new($"audio {audioBytes}",
        [
            Whole(Ways.BareBase64, new AudioDeltaByBareBase64(), messages),
            Whole(Ways.RealtimeProtocol, new AudioDeltaByRealtimeProtocol(), messages),
            Whole(Ways.Utf8JsonReader, new AudioDeltaByUtf8JsonReader(), messages),
            Whole(Ways.SourceGeneration, new AudioDeltaBySourceGeneration(), messages),
            Whole(Ways.OpenAISdk, new AudioDeltaByOpenAISdk(), messages),
        ]);
    }

    /// <summary>No message like the one before it: order and spacing change each time, and some name their type last.</summary>
    public static Comparison AnyOrder(int audioBytes)
    {
        Message[] messages = AudioDeltaMessages.AnyOrder(audioBytes, AnyOrderMessages);
        return new($"audio {audioBytes}, any order",
        [
            Whole(Ways.BareBase64, new AudioDeltaByBareBase64(), messages),
            Whole(Ways.RealtimeProtocol, new AudioDeltaByRealtimeProtocol(), messages),
        ]);
    }

    /// <summary>As a pipe hands them out.</summary>
    public static Comparison Segmented(int audioBytes, int segmentBytes)
    {
        Message[] messages = AudioDeltaMessages.Usual(audioBytes, UsualMessages);
        return new($"audio {audioBytes}, segments {segmentBytes}",
        [
            Whole(Ways.BareBase64, new AudioDeltaByBareBase64(), messages),
            new Reading<AudioDeltaByRealtimeProtocol, SegmentedArrivals, ReadOnlySequence<byte>>(Ways.RealtimeProtocol, new AudioDeltaByRealtimeProtocol(), new SegmentedArrivals(messages, segmentBytes)),
        ]);
    }

    private static Timed Whole<TReader>(string way, TReader reader, Message[] messages)
        where TReader : struct, IReader<Arrived>
    {
        Func<Answers.Answer, Answers.Answer>? expected = reader is AudioDeltaByBareBase64 ? AudioDeltaByBareBase64.Expected : null;
        return messages[0].Payload.Length > LargeBytes
            ? new Reading<TReader, ReceiveBuffer, Arrived>(way, reader, new ReceiveBuffer(messages), expected)
            : new Reading<TReader, MessageRing, Arrived>(way, reader, new MessageRing(messages), expected);
    }
}
