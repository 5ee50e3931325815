using System.Buffers;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Where a message is written: a block of the pool, of the size that the message asks for. Writers of events know it before they write, so
/// the block is rented once. It holds nothing between two messages.
/// </summary>
internal sealed class MessageWriter : IBufferWriter<byte>
{
    private byte[]? _block;
    private int _length;

    /// <summary>What was written so far. Valid until something is written again, or taken.</summary>
    public ReadOnlySpan<byte> Written => _block.AsSpan(0, _length);

    /// <summary>Puts bytes into what was written.</summary>
    public void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        GetMemory(bytes.Length);
        _block.AsSpan(at, _length - at).CopyTo(_block.AsSpan(at + bytes.Length));
        bytes.CopyTo(_block.AsSpan(at));
        _length += bytes.Length;
    }

    /// <summary>The message, whose block belongs to the caller from now on.</summary>
    public Outgoing Take()
    {
        var message = new Outgoing(_block, _length, 0, 0);
        (_block, _length) = (null, 0);
        return message;
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int needed = _length + Math.Max(sizeHint, 1);
        if (_block is null || _block.Length < needed)
        {
            byte[] block = ArrayPool<byte>.Shared.Rent(needed);
            if (_block is not null)
            {
                _block.AsSpan(0, _length).CopyTo(block);
                ArrayPool<byte>.Shared.Return(_block);
            }

            _block = block;
        }

        return _block.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
