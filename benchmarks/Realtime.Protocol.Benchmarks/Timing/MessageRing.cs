using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;

namespace Realtime.Protocol.Benchmarks.Timing;

/// <summary>Small messages, or a session's: each lies whole in memory, one behind the other, and nothing is done before it is read.</summary>
public struct MessageRing : IArrivals<Arrived>
{
    private readonly Message[] _messages;
    private readonly Arrived[] _arrived;
    private int _next;

    public MessageRing(Message[] messages)
    {
        _messages = messages;
        byte[] buffer = [.. messages.SelectMany(static message => message.ToArray())];
        _arrived = new Arrived[messages.Length];
        int start = 0;
        for (int index = 0; index < messages.Length; index++)
        {
            Message message = messages[index];
            _arrived[index] = new(buffer, start, message.Length, start + message.Head.Length, message.Payload.Length);
            start += message.Length;
        }
    }

    public readonly int Count => _messages.Length;

    public readonly Answer Says(int index) => _messages[index].Says;

    public Arrived Next()
    {
        Arrived arrived = _arrived[_next];
        _next = _next + 1 < _arrived.Length ? _next + 1 : 0;
        return arrived;
    }
}
