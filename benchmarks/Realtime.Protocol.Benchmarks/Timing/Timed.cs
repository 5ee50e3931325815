namespace Realtime.Protocol.Benchmarks.Timing;

/// <summary>
/// One way of doing a job, ready to be timed: it knows its input, and whether its answers are right. The loop is inside,
/// compiled for this one way, so that no call stands between the loop and the work.
/// </summary>
public abstract class Timed(string name)
{
    public string Name { get; } = name;

    /// <summary>Does the job so many times, each time on the next input.</summary>
    /// <returns>A sum over the answers, so that none can be left out.</returns>
    public abstract long Run(int times);

    /// <summary>Does the job once on every input; says what is wrong with an answer, or null.</summary>
    public abstract string? Fault();
}
