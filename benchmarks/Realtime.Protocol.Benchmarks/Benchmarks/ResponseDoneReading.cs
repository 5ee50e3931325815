using BenchmarkDotNet.Attributes;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks;

/// <inheritdoc cref="OtherEvents.ResponseDone"/>
[MemoryDiagnoser, MinColumn]
public class ResponseDoneReading : ComparingBenchmark
{
    /// <summary>Every field, or the top level only: event, response, and how it ended.</summary>
    [Params(true, false)]
    public bool EveryField { get; set; }

    protected override Comparison Compare() => EveryField ? OtherEvents.ResponseDone() : OtherEvents.ResponseOutcome();

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
