using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Peers.Writers;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Comparisons;

/// <summary>Writing <c>input_audio_buffer.append</c>: what a microphone costs, 50 times a second at 960 bytes.</summary>
public static class AudioAppends
{
    private const int Seed = 99;
    private const int Ids = 64;

    public static Comparison Of(int audioBytes)
    {
        byte[] pcm = SeededSpeech.Pcm16(new Random(Seed), audioBytes);
        return new($"append {audioBytes}",
        [
            new AppendWriting<AppendByBareBase64>(Ways.BareBase64, new(), pcm, [], isBare: true),
            new AppendWriting<AppendByRealtimeProtocol>(Ways.RealtimeProtocol, new(), pcm, []),
            new AppendWriting<AppendByUtf8JsonWriter>(Ways.Utf8JsonWriter, new(), pcm, []),
            new AppendWriting<AppendByOpenAISdk>(Ways.OpenAISdk, new(), pcm, []),
        ]);
    }

    /// <summary>The same with an id, another one each time, as a client sends that wants to know which append an error is about.</summary>
    public static Comparison WithEventId(int audioBytes)
    {
        var random = new Random(Seed);
        byte[] pcm = SeededSpeech.Pcm16(random, audioBytes);
        string[] ids = [.. Enumerable.Range(0, Ids).Select(_ => SeededIds.EventId(random))];
        return new($"append {audioBytes}, event id",
        [
            new AppendWriting<AppendByBareBase64>(Ways.BareBase64, new(), pcm, [], isBare: true),
            new AppendWriting<WithEventId<AppendByRealtimeProtocol>>(Ways.RealtimeProtocol, new(new(), ids), pcm, ids),
            new AppendWriting<WithEventId<AppendByUtf8JsonWriter>>(Ways.Utf8JsonWriter, new(new(), ids), pcm, ids),
            new AppendWriting<WithEventId<AppendByOpenAISdk>>(Ways.OpenAISdk, new(new(), ids), pcm, ids),
        ]);
    }
}
