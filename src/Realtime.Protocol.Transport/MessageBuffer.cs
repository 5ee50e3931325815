using System.Buffers;

namespace Realtime.Protocol.Transport;

/// <summary>
/// One contiguous pooled block that a message is received into. It starts at 64 KB (receiving into less costs a fifth of the throughput),
/// doubles as far as the limit asks, and gives a block that a rare huge message left behind back to the pool.
/// </summary>
/// <remarks>
/// It takes one byte more than the limit, so that a message that is too long shows itself without a special case for the last receive.
/// The last block is never returned to the pool: its owner can be disposed while someone still reads the message that lies in it, and a
/// pooled array would then hold a stranger's bytes. One block per connection is left to the garbage collector instead.
/// </remarks>
internal sealed class MessageBuffer(int maxBytes)
{
    internal const int StartBytes = 64 * 1024;
    private const int KeepBytes = 1024 * 1024;

    private byte[] _block = ArrayPool<byte>.Shared.Rent(StartBytes);
    private int _length;

    /// <summary>What was received so far.</summary>
    public ReadOnlyMemory<byte> Written => _block.AsMemory(0, _length);

    /// <summary>True when more was received than the limit allows.</summary>
    public bool IsOverLimit => _length > maxBytes;

    /// <summary>Forgets the message, ready for the next. What <see cref="Written"/> gave before must not be read any more.</summary>
    public void Clear()
    {
        _length = 0;
        if (_block.Length > KeepBytes)
        {
            Replace(StartBytes);
        }
    }

    /// <summary>Room for at least <paramref name="atLeast"/> bytes, which the caller keeps within the limit and one.</summary>
    public Memory<byte> GetRoom(int atLeast = 1)
    {
        if (_block.Length - _length < atLeast)
        {
            Replace((int)Math.Max(_length + (long)atLeast, Math.Min(maxBytes + 1L, _block.Length * 2L)));
        }

        return _block.AsMemory(_length, (int)Math.Min(_block.Length, maxBytes + 1L) - _length);
    }

    /// <summary>Counts bytes that were received into the room.</summary>
    public void Advance(int count) => _length += count;

    private void Replace(int size)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(size);
        _block.AsSpan(0, _length).CopyTo(block);
        ArrayPool<byte>.Shared.Return(_block);
        _block = block;
    }
}
