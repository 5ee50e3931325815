using BenchmarkDotNet.Attributes;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks;

/// <inheritdoc cref="AudioDeltas.Usual"/>
[MemoryDiagnoser, MinColumn]
public class AudioDeltaReading : ComparingBenchmark
{
    [Params(960, 4_800, 19_200, 96_000)]
    public int AudioBytes { get; set; }

    protected override Comparison Compare() => AudioDeltas.Usual(AudioBytes);

    [Benchmark(Baseline = true)]
    public long BareBase64() => Once(Ways.BareBase64);

    [Benchmark]
    public long RealtimeProtocol() => Once(Ways.RealtimeProtocol);

    [Benchmark]
    public long Copy() => Once(Ways.Copy);

    [Benchmark]
    public long Utf8JsonReader() => Once(Ways.Utf8JsonReader);

    [Benchmark]
    public long SourceGeneration() => Once(Ways.SourceGeneration);

    [Benchmark]
    public long JsonDocument() => Once(Ways.JsonDocument);

    [Benchmark]
    public long Newtonsoft() => Once(Ways.Newtonsoft);

    [Benchmark]
    public long OpenAISdk() => Once(Ways.OpenAISdk);
}
