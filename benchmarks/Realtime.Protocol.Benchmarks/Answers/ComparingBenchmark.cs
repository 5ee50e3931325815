using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Answers;

/// <summary>
/// A benchmark class over one <see cref="Comparison"/>: a method for each of its ways, named after it, that does the job
/// once. The ratios time the same comparison, so both tell of the same work.
/// </summary>
public abstract class ComparingBenchmark : CheckedBenchmark
{
    private Comparison _comparison = null!;
    private Timed? _asked;

    /// <summary>Makes the comparison for the parameters that are set now.</summary>
    protected abstract Comparison Compare();

    public override void Prepare() => _comparison = Compare();

    public override IEnumerable<AnswerCheck> Checks() => _comparison.Ways.Select(static way => new AnswerCheck(way.Name, way.Fault));

    /// <summary>Does the job once, the way that is named. The framework gives each method an object of its own, so the name is looked up once.</summary>
    protected long Once(string way) => (ReferenceEquals(_asked?.Name, way) ? _asked : _asked = _comparison[way]).Run(1);
}
