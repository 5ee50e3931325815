using System.IO.Pipelines;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The sound of a translation: written by the receiving loop without ever waiting, read by the application at its own pace. What nobody reads is bounded; past the bound what comes is left out, in
/// whole samples, until the reader has caught up, for a stream that was begun is not cut in the middle.
/// </summary>
/// <remarks>Everything but the reader is called under the gate's lock.</remarks>
/// <param name="logger">Told once that nobody reads.</param>
/// <param name="maxWaitingBytes">The bound.</param>
internal sealed class TranslationStream(ILogger logger, int maxWaitingBytes = TranslationStream.MaxWaitingBytes)
{
    /// <summary>Ten minutes of PCM16 at 24 kHz.</summary>
    internal const int MaxWaitingBytes = 10 * 60 * 48_000;

    private readonly Pipe _pipe = new(new PipeOptions(
        readerScheduler: WokenReader.Scheduler, pauseWriterThreshold: maxWaitingBytes, resumeWriterThreshold: maxWaitingBytes / 2, minimumSegmentSize: 32 * 1024, useSynchronizationContext: false));

    // The flush that found too much unread; it completes when enough was read.
    private ValueTask<FlushResult> _full;
    private bool _isFull;
    private bool _isTold;
    private bool _isAbandoned;
    private bool _isComplete;
    private long _leftOut;

    public PipeReader Reader => _pipe.Reader;

    /// <summary>Takes one delta. Nothing is kept for an application that has completed its reader, or after the end.</summary>
    public void Write(Base64View audio)
    {
        if (_isComplete || _isAbandoned)
        {
            return;
        }

        if (IsFull())
        {
            _leftOut += audio.DecodedLength;
            return;
        }

        audio.DecodeTo(_pipe.Writer);
        ValueTask<FlushResult> flush = _pipe.Writer.FlushAsync();
        if (flush.IsCompleted)
        {
            _isAbandoned = flush.GetAwaiter().GetResult().IsCompleted;
            return;
        }

        (_full, _isFull) = (flush, true);
        if (!_isTold)
        {
            _isTold = true;
            LogMessages.TranslationUnread(logger, maxWaitingBytes);
        }
    }

    public void Complete()
    {
        if (!_isComplete)
        {
            _isComplete = true;
            _pipe.Writer.Complete();
        }
    }

    // Half a sample that is left out would shift every sample that follows.
    private bool IsFull()
    {
        if (_isFull && _full.IsCompleted && _leftOut % 2 == 0)
        {
            _isAbandoned = _full.GetAwaiter().GetResult().IsCompleted;
            (_full, _isFull) = (default, false);
        }

        return _isFull || _isAbandoned;
    }
}
