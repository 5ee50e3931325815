using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;

namespace Realtime.Protocol.Benchmarks.Timing;

/// <summary>
/// Large audio messages as a connection sees them: each arrives in the same buffer, where the one before it lay, and so in
/// the processor's first cache. Many large buffers in turns would measure memory instead. Only the envelopes are written
/// anew around a payload that stays; these few hundred bytes are part of everyone's time.
/// </summary>
public struct ReceiveBuffer : IArrivals<Arrived>
{
    private readonly Message[] _messages;
    private readonly byte[] _buffer;
    private readonly int _payloadStart;
    private readonly int _payloadLength;
    private int _next;

    /// <param name="messages">Messages that share one payload.</param>
    public ReceiveBuffer(Message[] messages)
    {
        _messages = messages;
        _payloadStart = messages.Max(static message => message.Head.Length);
        _payloadLength = messages[0].Payload.Length;
        _buffer = new byte[_payloadStart + _payloadLength + messages.Max(static message => message.Tail.Length)];
        messages[0].Payload.CopyTo(_buffer, _payloadStart);
    }

    public readonly int Count => _messages.Length;

    public readonly Answer Says(int index) => _messages[index].Says;

    public Arrived Next()
    {
        Message message = _messages[_next];
        _next = _next + 1 < _messages.Length ? _next + 1 : 0;
        int start = _payloadStart - message.Head.Length;
        message.Head.CopyTo(_buffer.AsSpan(start));
        message.Tail.CopyTo(_buffer.AsSpan(_payloadStart + _payloadLength));
        return new(_buffer, start, message.Length, _payloadStart, _payloadLength);
    }
}
