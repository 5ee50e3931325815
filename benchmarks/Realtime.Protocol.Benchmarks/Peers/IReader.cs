using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// One way of reading messages of one kind, written as well as its library allows: it parses the message, makes sure that
/// it is the event that was meant, and hands over each member. A struct, so that the loop around it is compiled for it alone.
/// </summary>
/// <typeparam name="TMessage">In what form a message comes.</typeparam>
public interface IReader<TMessage>
{
    /// <exception cref="InvalidDataException">It is another event, or cannot be read.</exception>
    void Read<TSink>(TMessage message, ref TSink sink)
        where TSink : struct, IAnswerSink;
}
