using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Peers.Writers;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Comparisons;

/// <summary>Writing <c>input_audio_buffer.append</c>: what a microphone costs, 50 times a second at 960 bytes.</summary>
public static class AudioAppends
{
    private const int Seed = 99;

    public static Comparison Of(int audioBytes)
    {
        byte[] pcm = SeededSpeech.Pcm16(new Random(Seed), audioBytes);
        return new($"append {audioBytes}",
        [
            new AppendWriting<AppendByBareBase64>(Ways.BareBase64, new(), pcm, isBare: true),
            new AppendWriting<AppendByRealtimeProtocol>(Ways.RealtimeProtocol, new(), pcm),
            new AppendWriting<AppendByUtf8JsonWriter>(Ways.Utf8JsonWriter, new(), pcm),
            new AppendWriting<AppendByOpenAISdk>(Ways.OpenAISdk, new(), pcm),
        ]);
    }
}
