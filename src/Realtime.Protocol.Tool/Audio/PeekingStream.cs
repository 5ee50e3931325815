namespace Realtime.Protocol.CommandLine.Audio;

/// <summary>
/// A pipe whose first bytes can be looked at before they are read, and whose reads can be abandoned: the platform's read from a terminal or a pipe takes no notice of
/// cancellation, and Ctrl-C has to work while nobody types. Forward only; the pipe stays its owner's. An abandoned read still owns its buffer, so nothing is read after it.
/// </summary>
internal sealed class PeekingStream(Stream pipe) : Stream
{
    private ReadOnlyMemory<byte> _peeked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The first bytes; fewer where the pipe ends before. To be called once, before the first read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int bytes, CancellationToken cancellationToken)
    {
        byte[] start = new byte[bytes];
        int read = await this.ReadAtLeastAsync(start, bytes, throwOnEndOfStream: false, cancellationToken);
        return _peeked = start.AsMemory(0, read);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_peeked.IsEmpty)
        {
            return await pipe.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken);
        }

        int taken = Math.Min(buffer.Length, _peeked.Length);
        _peeked[..taken].CopyTo(buffer);
        _peeked = _peeked[taken..];
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
