using BenchmarkDotNet.Attributes;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks;

/// <inheritdoc cref="AudioDeltas.AnyOrder"/>
[MemoryDiagnoser, MinColumn]
public class AnyOrderReading : ComparingBenchmark
{
    [Params(960, 4_800, 19_200, 96_000)]
    public int AudioBytes { get; set; }

    protected override Comparison Compare() => AudioDeltas.AnyOrder(AudioBytes);

    [Benchmark(Baseline = true)]
    public long BareBase64() => Once(Ways.BareBase64);

    [Benchmark]
    public long RealtimeProtocol() => Once(Ways.RealtimeProtocol);
}
