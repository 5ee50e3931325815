using System.Buffers;

namespace Realtime.Protocol.Transport;

/// <summary>
/// One contiguous pooled block that a message lies in, on its way in or out. It starts at 64 KB (receiving into less costs a fifth of the
/// throughput), doubles as far as the limit asks, and gives a block that a rare huge message left behind back to the pool.
/// </summary>
/// <remarks>
/// It takes one byte more than the limit, so that a message that is too long shows itself without a special case for the last receive.
/// The last block is never returned to the pool: its owner can be disposed while someone still reads the message that lies in it, and a
/// pooled array would then hold a stranger's bytes. One block for each direction is left to the garbage collector instead.
/// </remarks>
internal sealed class MessageBuffer(int maxBytes) : IBufferWriter<byte>
{
    internal const int StartBytes = 64 * 1024;
    internal const int KeepBytes = 1024 * 1024;

    private byte[] _block = ArrayPool<byte>.Shared.Rent(StartBytes);
    private int _length;

    /// <summary>For messages of our own: whatever fits into an array.</summary>
    public static int NoLimit => Array.MaxLength - 1;

    /// <summary>What was written so far; valid until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => _block.AsMemory(0, _length);

    /// <summary>True when more was written than the limit allows.</summary>
    public bool IsOverLimit => _length > maxBytes;

    /// <summary>How much the block holds without growing.</summary>
    public int Capacity => _block.Length;

    /// <summary>Forgets the message, ready for the next. What <see cref="Written"/> gave before must not be read any more.</summary>
    public void Clear()
    {
        _length = 0;
        if (_block.Length > KeepBytes)
        {
            Replace(StartBytes);
        }
    }

    /// <summary>Room for at least <paramref name="sizeHint"/> bytes, and one, which the caller keeps within the limit and one.</summary>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int atLeast = Math.Max(sizeHint, 1);
        if (_block.Length - _length < atLeast)
        {
            Replace((int)Math.Max(_length + (long)atLeast, Math.Min(maxBytes + 1L, _block.Length * 2L)));
        }

        return _block.AsMemory(_length, (int)Math.Min(_block.Length, maxBytes + 1L) - _length);
    }

    /// <inheritdoc cref="GetMemory"/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Counts bytes that were written into the room.</summary>
    public void Advance(int count) => _length += count;

    private void Replace(int size)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(size);
        _block.AsSpan(0, _length).CopyTo(block);
        ArrayPool<byte>.Shared.Return(_block);
        _block = block;
    }
}
