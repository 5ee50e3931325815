namespace Realtime.Protocol.Benchmarks.Answers;

/// <summary>
/// One question whose answer is known, asked of one benchmark method: a method that answers wrongly has no speed worth
/// printing.
/// </summary>
/// <param name="Method">The benchmark method that is asked.</param>
/// <param name="Fault">Runs the method; says what is wrong with its answer, or null.</param>
public sealed record AnswerCheck(string Method, Func<string?> Fault)
{
    /// <exception cref="WrongAnswerException">The method answers wrongly.</exception>
    public void Require()
    {
        if (Fault() is { } fault)
        {
            throw new WrongAnswerException(Method, fault);
        }
    }
}
