using System.Buffers;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;

namespace Realtime.Protocol.Benchmarks.Timing;

/// <summary>
/// Large audio messages as a pipe hands them out: cut into segments of one size. As in <see cref="ReceiveBuffer"/> they
/// arrive in the same place, and only the head is written anew; it lies in the first segment and is equally long in all.
/// </summary>
public struct SegmentedArrivals : IArrivals<ReadOnlySequence<byte>>
{
    private readonly Message[] _messages;
    private readonly byte[] _first;
    private readonly ReadOnlySequence<byte> _sequence;
    private int _next;

    public SegmentedArrivals(Message[] messages, int segmentBytes)
    {
        _messages = messages;
        byte[][] pieces = [.. messages[0].ToArray().Chunk(segmentBytes)];
        _first = pieces[0];
        var first = new Segment(_first);
        Segment last = first;
        foreach (byte[] piece in pieces.AsSpan(1))
        {
            last = last.Append(piece);
        }

        _sequence = new(first, 0, last, last.Memory.Length);
    }

    public readonly int Count => _messages.Length;

    public readonly Answer Says(int index) => _messages[index].Says;

    public ReadOnlySequence<byte> Next()
    {
        Message message = _messages[_next];
        _next = _next + 1 < _messages.Length ? _next + 1 : 0;
        message.Head.CopyTo(_first.AsSpan());
        return _sequence;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
