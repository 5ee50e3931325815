using BenchmarkDotNet.Attributes;

namespace Realtime.Protocol.Benchmarks.Answers;

/// <summary>
/// The base of every benchmark class: nothing is timed before all of its methods have given the right answer. The same
/// checks run without timing as <c>-- check</c>.
/// </summary>
public abstract class CheckedBenchmark
{
    /// <summary>Makes the messages and readers for the parameters that are set now.</summary>
    public abstract void Prepare();

    /// <summary>One check for each benchmark method. Valid after <see cref="Prepare"/>.</summary>
    public abstract IEnumerable<AnswerCheck> Checks();

    /// <summary>Lets go of what <see cref="Prepare"/> holds beyond memory.</summary>
    [GlobalCleanup]
    public virtual void Release()
    {
    }

    /// <exception cref="WrongAnswerException">One of the methods answers wrongly.</exception>
    [GlobalSetup]
    public void PrepareAndCheck()
    {
        Prepare();
        foreach (AnswerCheck check in Checks())
        {
            check.Require();
        }
    }
}
