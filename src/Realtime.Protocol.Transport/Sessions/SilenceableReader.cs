using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Transport;

/// <summary>A pipe reader whose stream can end early: once silenced, every read is the end, whatever lies in the pipe.</summary>
internal sealed class SilenceableReader(PipeReader inner) : PipeReader
{
    private static readonly ReadResult End = new(ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: true);

    private volatile bool _silenced;
    private bool _gaveEnd;

    public void Silence()
    {
        _silenced = true;
        inner.CancelPendingRead();
    }

    public override bool TryRead(out ReadResult result)
    {
        if (_silenced)
        {
            result = GiveEnd();
            return true;
        }

        if (!inner.TryRead(out result))
        {
            return false;
        }

        result = Passed(result);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _silenced ? GiveEnd() : Passed(await inner.ReadAsync(cancellationToken).ConfigureAwait(false));

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // The end that was given is no place in the pipe.
        if (!_gaveEnd)
        {
            inner.AdvanceTo(consumed, examined);
        }
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private ReadResult Passed(ReadResult result)
    {
        if (!_silenced)
        {
            return result;
        }

        inner.AdvanceTo(result.Buffer.End);
        return GiveEnd();
    }

    private ReadResult GiveEnd()
    {
        _gaveEnd = true;
        return End;
    }
}
