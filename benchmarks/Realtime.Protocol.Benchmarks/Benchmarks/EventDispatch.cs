using BenchmarkDotNet.Attributes;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks;

/// <inheritdoc cref="OtherEvents.EveryKind"/>
[MemoryDiagnoser, MinColumn]
public class EventDispatch : ComparingBenchmark
{
    protected override Comparison Compare() => OtherEvents.EveryKind();

    [Benchmark(Baseline = true)]
    public long RealtimeProtocol() => Once(Ways.RealtimeProtocol);

    [Benchmark]
    public long Utf8JsonReader() => Once(Ways.Utf8JsonReader);

    [Benchmark]
    public long JsonDocument() => Once(Ways.JsonDocument);

    [Benchmark]
    public long OpenAISdk() => Once(Ways.OpenAISdk);
}
