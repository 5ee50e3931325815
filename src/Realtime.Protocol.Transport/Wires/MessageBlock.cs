using System.Buffers;

namespace Realtime.Protocol.Transport;

/// <summary>
/// One contiguous block that a received message lies in. It owns a hundred bytes, in which a connection waits for its next message; what
/// does not fit there moves to a block of the pool, which goes back when the message is done with. So an idle connection holds no block.
/// </summary>
/// <remarks>
/// Waiting with a hundred bytes costs a connection nothing: the platform's WebSocket reads a frame's header together with the first bytes
/// of its payload, and hands those over without asking the system again. A receive of no bytes would ask once more for each message.
/// A block goes back when the next message is asked for and at no other time. Its owner can be disposed while someone still reads the
/// message that lies in it, and an array that went back then would hold a stranger's bytes; that one is left to the garbage collector.
/// </remarks>
internal sealed class MessageBlock(int maxBytes)
{
    /// <summary>What the block owns. The platform's WebSocket has at least as much of a longer frame at hand: 125 bytes with the header, which takes ten at most.</summary>
    internal const int OwnBytes = 112;

    /// <summary>The first block of a connection whose last message fitted into it.</summary>
    internal const int SmallBytes = 4 * 1024;

    /// <summary>The first block after a longer message, most often audio: receiving into less costs a fifth of the throughput.</summary>
    internal const int LargeBytes = 64 * 1024;

    private readonly byte[] _own = new byte[OwnBytes];
    private byte[]? _rented;
    private int _length;
    private int _firstRent = SmallBytes;

    /// <summary>What was written so far; valid until <see cref="Clear"/>.</summary>
    [Borrowed]
    public ReadOnlyMemory<byte> Written => Block.AsMemory(0, _length);

    /// <summary>True when more was written than the limit allows.</summary>
    public bool IsOverLimit => _length > maxBytes;

    /// <summary>How much the block holds without growing.</summary>
    public int Capacity => Block.Length;

    private byte[] Block => _rented ?? _own;

    /// <summary>Forgets the message and gives its block back. What <see cref="Written"/> gave before must not be read any more.</summary>
    [InvalidatesBorrows]
    public void Clear()
    {
        if (_rented is not null)
        {
            _firstRent = _length > SmallBytes ? LargeBytes : SmallBytes;
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }

        _length = 0;
    }

    /// <summary>
    /// Room for at least <paramref name="sizeHint"/> bytes, and one, which the caller keeps within the limit and one: a message that is too
    /// long then shows itself without a special case for the last receive.
    /// </summary>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int atLeast = Math.Max(sizeHint, 1);
        if (Block.Length - _length < atLeast)
        {
            Grow(_length + (long)atLeast);
        }

        return Block.AsMemory(_length, (int)Math.Min(Block.Length, maxBytes + 1L) - _length);
    }

    /// <inheritdoc cref="GetMemory"/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Counts bytes that were written into the room.</summary>
    public void Advance(int count) => _length += count;

    private void Grow(long atLeast)
    {
        long wanted = Block.Length switch
        {
            OwnBytes => _firstRent,
            < LargeBytes => LargeBytes,
            var length => length * 2L,
        };
        byte[] block = ArrayPool<byte>.Shared.Rent((int)Math.Max(atLeast, Math.Min(maxBytes + 1L, wanted)));
        Written.Span.CopyTo(block);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _rented = block;
    }
}
