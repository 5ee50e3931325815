using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Transport;

/// <summary>
/// A pipe reader that says how much was taken from it, and whose stream can end early: once silenced, every read is the end, whatever lies in the pipe, and the pipe's memory is given back as
/// soon as nobody holds bytes of it. Whoever holds the reader holds its turn.
/// </summary>
internal sealed class SilenceableReader(PipeReader inner, Turn turn) : PipeReader
{
    private const int Idle = 0;

    // A read runs, or what it gave has not been advanced past.
    private const int Reading = 1;
    private const int Over = 2;

    private static readonly ReadResult End = new(ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: true);

    private volatile bool _silenced;
    private ReadOnlySequence<byte> _inHand;
    private long _advanced;
    private int _state;

    public void Silence()
    {
        _silenced = true;
        inner.CancelPendingRead();
        CompleteIfIdle();
    }

    public override bool TryRead(out ReadResult result)
    {
        result = End;
        if (!TryBegin())
        {
            return true;
        }

        if (!inner.TryRead(out ReadResult read))
        {
            EndRead();
            return _silenced;
        }

        result = HandOut(read);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (!TryBegin())
        {
            return End;
        }

        try
        {
            return HandOut(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            EndRead();
            throw;
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // The end that was given is no place in the pipe.
        if (Volatile.Read(ref _state) != Reading)
        {
            return;
        }

        _advanced += consumed.GetObject() is null ? 0 : _inHand.GetOffset(consumed) - _inHand.GetOffset(_inHand.Start);
        inner.AdvanceTo(consumed, examined);
        _inHand = default;
        turn.Listener.Taken = _advanced;
        EndRead();
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        Volatile.Write(ref _state, Over);
        inner.Complete(exception);
    }

    private bool TryBegin() => !_silenced && Interlocked.CompareExchange(ref _state, Reading, Idle) != Over;

    private void EndRead()
    {
        Interlocked.CompareExchange(ref _state, Idle, Reading);
        if (_silenced)
        {
            CompleteIfIdle();
        }
    }

    private ReadResult HandOut(ReadResult read)
    {
        if (_silenced)
        {
            inner.AdvanceTo(read.Buffer.End);
            EndRead();
            return End;
        }

        // Counted before the caller has them: what may be played is never more than what is counted.
        _inHand = read.Buffer;
        turn.Listener.Taken = _advanced + read.Buffer.Length;
        return read;
    }

    private void CompleteIfIdle()
    {
        if (Interlocked.CompareExchange(ref _state, Over, Idle) == Idle)
        {
            inner.Complete();
        }
    }
}
