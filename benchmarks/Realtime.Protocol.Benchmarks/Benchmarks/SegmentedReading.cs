using BenchmarkDotNet.Attributes;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks;

/// <inheritdoc cref="AudioDeltas.Segmented"/>
[MemoryDiagnoser, MinColumn]
public class SegmentedReading : ComparingBenchmark
{
    [Params(960, 4_800, 19_200, 96_000)]
    public int AudioBytes { get; set; }

    [Params(4_096, 16_384)]
    public int SegmentBytes { get; set; }

    protected override Comparison Compare() => AudioDeltas.Segmented(AudioBytes, SegmentBytes);

    [Benchmark(Baseline = true)]
    public long BareBase64() => Once(Ways.BareBase64);

    [Benchmark]
    public long RealtimeProtocol() => Once(Ways.RealtimeProtocol);

    [Benchmark]
    public long CopiedFirst() => Once(Ways.CopiedFirst);
}
