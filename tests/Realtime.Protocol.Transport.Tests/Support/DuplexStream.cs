using System.IO.Pipelines;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>Two streams in one process, as the two ends of a socket; disposing one end breaks the connection for the other.</summary>
internal sealed class DuplexStream(PipeReader reader, PipeWriter writer) : Stream
{
    private readonly Stream _input = reader.AsStream(leaveOpen: true);
    private readonly Stream _output = writer.AsStream();

    public static (DuplexStream Client, DuplexStream Server) CreatePair()
    {
        var up = new Pipe();
        var down = new Pipe();
        return (new(down.Reader, up.Writer), new(up.Reader, down.Writer));
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() => _output.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> reading = _input.ReadAsync(buffer, cancellationToken);
        return reading.IsCompletedSuccessfully ? reading : WaitAsync(reading, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask writing = _output.WriteAsync(buffer, cancellationToken);
        return writing.IsCompletedSuccessfully ? writing : WaitAsync(writing, cancellationToken);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // A socket wakes its reader and its writer when it is closed; a pipe has to be told.
            writer.CancelPendingFlush();
            _output.Dispose();
            reader.CancelPendingRead();
        }

        base.Dispose(disposing);
    }

    private static async ValueTask WaitAsync(ValueTask writing, CancellationToken cancellationToken)
    {
        try
        {
            await writing;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("The stream was closed.");
        }
    }

    private static async ValueTask<int> WaitAsync(ValueTask<int> reading, CancellationToken cancellationToken)
    {
        try
        {
            return await reading;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("The stream was closed.");
        }
    }
}
