using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// Which members of a parsed event are handed over, and in which order. One struct answers for one event in all the forms
/// in which libraries return it, so that their lists stand side by side.
/// </summary>
/// <typeparam name="TRead">What a library returns for a message.</typeparam>
public interface IMembers<TRead>
    where TRead : allows ref struct
{
    /// <exception cref="InvalidDataException">It is another event.</exception>
    void HandOver<TSink>(scoped in TRead read, ref TSink sink)
        where TSink : struct, IAnswerSink;
}

/// <summary>Says that a message was taken for another event than it is.</summary>
internal static class AnotherEvent
{
    public static InvalidDataException Than(string expected) => new($"Expected {expected}, got another event.");
}
