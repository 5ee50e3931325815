using BenchmarkDotNet.Attributes;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks;

/// <inheritdoc cref="OtherEvents.Session"/>
[MemoryDiagnoser, MinColumn]
public class SessionReading : ComparingBenchmark
{
    protected override Comparison Compare() => OtherEvents.Session();

    [Benchmark(Baseline = true)]
    public long BareBase64() => Once(Ways.BareBase64);

    [Benchmark]
    public long RealtimeProtocol() => Once(Ways.RealtimeProtocol);

    [Benchmark]
    public long SourceGeneration() => Once(Ways.SourceGeneration);

    [Benchmark]
    public long OpenAISdk() => Once(Ways.OpenAISdk);
}
