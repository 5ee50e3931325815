namespace Realtime.Protocol.Benchmarks.Answers;

/// <summary>A method that was to be timed does not do what it is timed for.</summary>
public sealed class WrongAnswerException(string method, string fault)
    : Exception($"{method} answers wrongly and is not timed: {fault}.");
