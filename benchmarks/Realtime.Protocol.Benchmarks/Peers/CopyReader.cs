using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>The floor under everything that looks at each byte once: the whole message copied, and nothing read.</summary>
public readonly struct CopyReader(int messageBytes) : IReader<Arrived>
{
    private readonly byte[] _copy = new byte[messageBytes];

    /// <summary>What this reader hands over: the bytes of the message as they are.</summary>
    public static Func<Answer, Answer> ExpectedOf(IEnumerable<Payloads.Message> messages)
    {
        var copies = messages.ToDictionary(static message => message.Says, static message => new Answer(("message", message.ToArray())));
        return says => copies[says];
    }

    public void Read<TSink>(Arrived message, ref TSink sink)
        where TSink : struct, IAnswerSink
    {
        message.Utf8.CopyTo(_copy);
        sink.Bytes(_copy.AsSpan(0, message.Length));
    }
}
