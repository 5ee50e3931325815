using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// Which members of a parsed event are handed over, and in which order. There is one struct for each form in which a library
/// returns an event; those of one event stand in one file, side by side. Not one struct for all: whoever reads a first event
/// would load every library.
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
