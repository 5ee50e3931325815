using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Peers;

namespace Realtime.Protocol.Benchmarks.Timing;

/// <summary>Reading messages as they arrive, by one reader, as a connection does for its whole life.</summary>
/// <param name="name">The way of reading.</param>
/// <param name="reader">Reads.</param>
/// <param name="arrivals">What is read.</param>
/// <param name="expected">What this reader has to hand over of what a message says; all of it when null.</param>
/// <param name="atOnce">How many messages one operation reads: a session is read whole.</param>
public sealed class Reading<TReader, TArrivals, TMessage>(string name, TReader reader, TArrivals arrivals, Func<Answer, Answer>? expected = null, int atOnce = 1) : Timed(name)
    where TReader : struct, IReader<TMessage>
    where TArrivals : struct, IArrivals<TMessage>
{
    private TArrivals _arrivals = arrivals;

    public override long Run(int times)
    {
        TReader reading = reader;
        TArrivals arriving = _arrivals;
        long sum = 0;
        for (long message = (long)times * atOnce; message > 0; message--)
        {
            var touch = new AnswerTouch();
            reading.Read(arriving.Next(), ref touch);
            sum += touch.Value;
        }

        _arrivals = arriving;
        return sum;
    }

    public override string? Fault()
    {
        // The timed way goes first: the destination is still empty, so it cannot answer with what the other left there.
        TArrivals arriving = _arrivals;
        for (int index = 0; index < arriving.Count; index++)
        {
            Answer says = expected is null ? arriving.Says(index) : expected(arriving.Says(index));
            TMessage message = arriving.Next();
            var touch = new AnswerTouch();
            reader.Read(message, ref touch);
            var answered = new AnswerRecord();
            reader.Read(message, ref answered);
            if ((says.DifferenceFrom(answered) ?? says.TouchFault(touch.Value)) is { } fault)
            {
                return $"message {index + 1} of {arriving.Count}: {fault}";
            }
        }

        return null;
    }
}
