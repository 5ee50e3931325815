using BenchmarkDotNet.Attributes;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Peers;

namespace Realtime.Protocol.Benchmarks;

/// <summary>
/// Reading one <c>response.output_audio.delta</c>, members and PCM: the event that a voice application receives most
/// often and that is nearly all of its bytes. 19,200 bytes of audio (0.4 s) is what the service sends.
/// </summary>
[MemoryDiagnoser, MinColumn]
public class AudioDeltaReading : CheckedBenchmark
{
    private AudioDeltaMessage _message = null!;
    private AudioDeltaByBareBase64 _bareBase64 = null!;
    private AudioDeltaByRealtimeProtocol _realtimeProtocol = null!;
    private AudioDeltaByUtf8JsonReader _utf8JsonReader = null!;
    private AudioDeltaBySourceGeneration _sourceGeneration = null!;
    private AudioDeltaByOpenAISdk _openAISdk = null!;

    [Params(960, 4_800, 19_200, 96_000)]
    public int AudioBytes { get; set; }

    public override void Prepare()
    {
        _message = AudioDeltaMessage.Create(AudioBytes);
        _bareBase64 = new AudioDeltaByBareBase64(_message.Base64, AudioDeltaMessage.DestinationBytes);
        _realtimeProtocol = new AudioDeltaByRealtimeProtocol(AudioDeltaMessage.DestinationBytes);
        _utf8JsonReader = new AudioDeltaByUtf8JsonReader(AudioDeltaMessage.DestinationBytes);
        _sourceGeneration = new AudioDeltaBySourceGeneration();
        _openAISdk = new AudioDeltaByOpenAISdk();
    }

    [Benchmark(Baseline = true)]
    public long BareBase64() => _bareBase64.Read(_message.Utf8);

    [Benchmark]
    public long RealtimeProtocol() => _realtimeProtocol.Read(_message.Utf8);

    [Benchmark]
    public long Utf8JsonReader() => _utf8JsonReader.Read(_message.Utf8);

    [Benchmark]
    public long SourceGeneration() => _sourceGeneration.Read(_message.Utf8);

    [Benchmark]
    public long OpenAISdk() => _openAISdk.Read(_message.Utf8);

    public override IEnumerable<AnswerCheck> Checks() =>
    [
        Check(nameof(BareBase64), BareBase64, _bareBase64, AudioDelta.OnlyAudio(_message.Says.Audio)),
        Check(nameof(RealtimeProtocol), RealtimeProtocol, _realtimeProtocol, _message.Says),
        Check(nameof(Utf8JsonReader), Utf8JsonReader, _utf8JsonReader, _message.Says),
        Check(nameof(SourceGeneration), SourceGeneration, _sourceGeneration, _message.Says),
        Check(nameof(OpenAISdk), OpenAISdk, _openAISdk, _message.Says),
    ];

    // The timed method goes first: the destination is still empty, so it cannot answer with what the other left there.
    private AnswerCheck Check(string method, Func<long> timed, IAudioDeltaReader reader, AudioDelta expected) => new(method, () =>
    {
        long touch = timed();
        return expected.DifferenceFrom(reader.ReadWhole(_message.Utf8)) ?? expected.TouchFault(touch);
    });
}
