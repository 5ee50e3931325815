using System.Buffers;
using System.IO.Pipelines;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The audio of one turn: written by the receiving loop without ever waiting, read by the application at its own pace, and cut off in the middle when the turn is silenced. It knows lengths and
/// nothing of items: which byte belongs to which is the core's affair.
/// </summary>
/// <remarks>Everything but the reader is called under the gate's lock. What it holds is bounded by the cap on a response's audio.</remarks>
internal sealed class TurnStream
{
    // A delta of any size lies in one block; short ones share it. In a larger one each delta of a reader who keeps up would come to memory that no cache holds any more: of many sessions, one after the other.
    private const int MinBlockBytes = 4 * 1024;

    // Nothing pauses the writer: a receiving loop that waits for a listener misses pongs, and the keep-alive ends the connection.
    private readonly Pipe _pipe;

    private bool _completed;
    private bool _abandoned;

    /// <param name="turn">Told how much was taken.</param>
    /// <param name="blocks">Where the memory comes from, and goes back to; the shared pool when null.</param>
    public TurnStream(Turn turn, MemoryPool<byte>? blocks = null)
    {
        _pipe = new(new PipeOptions(blocks, readerScheduler: WokenReader.Scheduler, pauseWriterThreshold: 0, minimumSegmentSize: MinBlockBytes, useSynchronizationContext: false));
        Reader = new SilenceableReader(_pipe.Reader, turn);
    }

    public SilenceableReader Reader { get; }

    public long Bytes { get; private set; }

    /// <summary>Takes one delta. Nothing is kept for an application that has completed its reader, or after the end.</summary>
    public void Write(Base64View audio)
    {
        if (_completed)
        {
            return;
        }

        if (!_abandoned)
        {
            audio.DecodeTo(_pipe.Writer);

            // Completes at once, as nothing pauses it; the result says whether the application still reads.
            _abandoned = _pipe.Writer.FlushAsync().GetAwaiter().GetResult().IsCompleted;
        }

        Bytes += audio.DecodedLength;
    }

    public void Complete()
    {
        if (!_completed)
        {
            _completed = true;
            _pipe.Writer.Complete();
        }
    }

    /// <summary>Ends the stream where its reader stands: what was not read yet is not to be heard, and is given back.</summary>
    public void Silence()
    {
        Complete();
        Reader.Silence();
    }
}
