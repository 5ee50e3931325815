using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Timing;

/// <summary>Several ways of doing the same job. What they cost is compared with each other and with nothing else.</summary>
/// <param name="Name">The job, with the size of its input.</param>
/// <param name="Ways">The ways, each with a name of its own.</param>
public sealed record Comparison(string Name, IReadOnlyList<Timed> Ways)
{
    public Timed this[string name] => Ways.Single(way => way.Name == name);

    /// <exception cref="WrongAnswerException">One of the ways answers wrongly.</exception>
    public void RequireRightAnswers()
    {
        foreach (Timed way in Ways)
        {
            new AnswerCheck(way.Name, way.Fault).Require();
        }
    }
}
