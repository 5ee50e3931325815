using BenchmarkDotNet.Attributes;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks;

/// <inheritdoc cref="OtherEvents.ResponseOutcome"/>
[MemoryDiagnoser, MinColumn]
public class ResponseOutcomeReading : ComparingBenchmark
{
    protected override Comparison Compare() => OtherEvents.ResponseOutcome();

    [Benchmark(Baseline = true)]
    public long RealtimeProtocol() => Once(Ways.RealtimeProtocol);

    [Benchmark]
    public long SourceGeneration() => Once(Ways.SourceGeneration);

    [Benchmark]
    public long JsonDocument() => Once(Ways.JsonDocument);

    [Benchmark]
    public long Newtonsoft() => Once(Ways.Newtonsoft);

    [Benchmark]
    public long OpenAISdk() => Once(Ways.OpenAISdk);
}
