using System.Buffers;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>Makes a sequence of given pieces, empty ones included, as a pipe may hand it out.</summary>
internal sealed class Segments : ReadOnlySequenceSegment<byte>
{
    private Segments(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    public static ReadOnlySequence<byte> Of(params ReadOnlyMemory<byte>[] pieces)
    {
        var first = new Segments(pieces[0], 0);
        Segments last = first;
        foreach (ReadOnlyMemory<byte> piece in pieces.AsSpan(1))
        {
            var next = new Segments(piece, last.RunningIndex + last.Memory.Length);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>Pieces of one size, each in memory of its own.</summary>
    public static ReadOnlySequence<byte> Every(int size, byte[] message) =>
        Of([.. message.Chunk(size).Select(static chunk => (ReadOnlyMemory<byte>)chunk)]);
}
