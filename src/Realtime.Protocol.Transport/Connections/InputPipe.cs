using System.IO.Pipelines;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The writing end of a session's input: a pipe that also says how many bytes each flush made ready, so that they take their place in the
/// order of everything that is asked of the session. Once the session takes no more, every flush says so, and what is written goes nowhere.
/// </summary>
internal abstract class InputPipe(PipeWriter pipe, AudioEncoding encoding) : AudioInput
{
    private static readonly FlushResult Over = new(isCanceled: false, isCompleted: true);

    private bool _isOver;

    // What two writers do at once is refused where it can be seen. Bytes that are counted wrongly would end the session instead, or shift all that is said after them.
    private int _isInUse;

    /// <summary>What lies between the writer and the sending loop: a writer waits once it is 20 s of speech ahead of the network.</summary>
    public static Pipe Create() =>
        new(new PipeOptions(pauseWriterThreshold: 1024 * 1024, resumeWriterThreshold: 512 * 1024, minimumSegmentSize: 32 * 1024, useSynchronizationContext: false));

    public sealed override AudioEncoding Encoding => encoding;

    public sealed override bool CanGetUnflushedBytes => true;

    public sealed override long UnflushedBytes => pipe.UnflushedBytes;

    public sealed override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ThrowIfRefused();
        using Use use = Enter();
        return pipe.GetMemory(sizeHint);
    }

    public sealed override Span<byte> GetSpan(int sizeHint = 0)
    {
        ThrowIfRefused();
        using Use use = Enter();
        return pipe.GetSpan(sizeHint);
    }

    public sealed override void Advance(int bytes)
    {
        using Use use = Enter();
        if (!_isOver)
        {
            pipe.Advance(bytes);
        }
    }

    public sealed override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        using Use use = Enter();
        return Flush(cancellationToken);
    }

    public sealed override void CancelPendingFlush() => pipe.CancelPendingFlush();

    /// <summary>Nothing more is written. What was flushed is sent, and so is the rest, unless the writer failed. The session goes on either way: why a writer fails is nobody's affair here.</summary>
    public sealed override void Complete(Exception? exception = null)
    {
        using Use use = Enter();

        // Completing makes what was written readable, so it counts like a flush; there is nobody to wait for.
        if (exception is null && pipe.UnflushedBytes > 0)
        {
            _ = Flush(CancellationToken.None);
        }

        pipe.Complete();
    }

    /// <summary>Where a session takes no audio at all, whoever wants to write some is told so.</summary>
    protected virtual void ThrowIfRefused()
    {
    }

    /// <summary>So many bytes more lie ready; false when the session takes no more audio, now or ever.</summary>
    protected abstract bool TryAdd(long bytes);

    private ValueTask<FlushResult> Flush(CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return new(Over);
        }

        // What the flush takes is readable as soon as the call returns; what is awaited is the reader catching up. One whose token was
        // cancelled before takes nothing: its bytes wait for the next.
        long before = pipe.UnflushedBytes;
        ValueTask<FlushResult> flush = pipe.FlushAsync(cancellationToken);
        long bytes = before - pipe.UnflushedBytes;
        _isOver = bytes > 0 && !TryAdd(bytes);

        // Nobody will read it, so nobody waits for that.
        return _isOver ? new(Over) : flush;
    }

    private Use Enter() => Interlocked.Exchange(ref _isInUse, 1) == 0 ? new(this)
        : throw new InvalidOperationException("Two threads write to the session's input at the same time; it takes one writer. What this call was to do was not done.");

    private readonly ref struct Use(InputPipe input)
    {
        public void Dispose() => Volatile.Write(ref input._isInUse, 0);
    }
}
