using System.IO.Pipelines;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The writing end of a session's input: a pipe that also says how many bytes each flush made ready, so that they take their place in the
/// order of everything that is asked of the session.
/// </summary>
internal sealed class InputWriter(PipeWriter pipe, MachineGate gate, AudioEncoding encoding) : AudioInput
{
    public override AudioEncoding Encoding => encoding;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => pipe.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => pipe.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => pipe.GetSpan(sizeHint);

    public override void Advance(int bytes) => pipe.Advance(bytes);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        // What the flush takes is readable as soon as the call returns; what is awaited is the reader catching up. One whose token was
        // cancelled before takes nothing: its bytes wait for the next.
        long before = pipe.UnflushedBytes;
        ValueTask<FlushResult> flush = pipe.FlushAsync(cancellationToken);
        long bytes = before - pipe.UnflushedBytes;
        if (bytes > 0)
        {
            gate.AddAudio(bytes);
        }

        return flush;
    }

    public override void Clear()
    {
        SubmitResult result = gate.Submit(SessionIntent.ClearInput(), endsInput: true);
        if (!result.IsAccepted && result.Rule is not "SE-09")
        {
            throw new RealtimeRefusedException(result.Rule!, result.Message!);
        }
    }

    public override void CancelPendingFlush() => pipe.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        // Completing makes what was written readable, so it counts like a flush; there is nobody to wait for.
        if (exception is null && pipe.UnflushedBytes > 0)
        {
            _ = FlushAsync();
        }

        pipe.Complete(exception);
    }
}
