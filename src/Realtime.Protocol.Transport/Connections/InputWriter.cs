using System.IO.Pipelines;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>The input of a session with turns: what was flushed can be thrown away until it is committed.</summary>
/// <param name="pipe">Where the bytes go.</param>
/// <param name="gate">Where they are counted.</param>
/// <param name="encoding">What they mean.</param>
/// <param name="reason">Why the session has ended, if it has.</param>
internal sealed class InputWriter(PipeWriter pipe, MachineGate gate, AudioEncoding encoding, Func<RealtimeCloseReason?> reason) : InputPipe(pipe, gate, encoding)
{
    /// <summary>The user's audio comes with the call (CX-08).</summary>
    public bool IsBesideACall { get; init; }

    public override Task<Utterance> CommitAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<Utterance>(cancellationToken);
        }

        (SubmitResult result, Utterance? utterance, Task<OperationResult> end) = gate.SubmitCommit();
        return result.IsAccepted ? CommittedAsync(utterance!, end.WaitAsync(cancellationToken)).MayBeLeftAlone()
            : throw (reason() is { } closed ? new RealtimeClosedException(closed) : new RealtimeRefusedException(result.Rule ?? "", result.Message ?? "The commit was refused."));
    }

    public override void Clear()
    {
        SubmitResult result = gate.Submit(SessionIntent.ClearInput(), endsInput: true);
        if (!result.IsAccepted && result.Rule is not "SE-09")
        {
            throw new RealtimeRefusedException(result.Rule!, result.Message!);
        }
    }

    protected override void ThrowIfRefused()
    {
        if (IsBesideACall)
        {
            throw new RealtimeRefusedException("CX-08", "You wrote audio to a session beside a call; the user's audio comes with the call.");
        }
    }

    private async Task<Utterance> CommittedAsync(Utterance utterance, Task<OperationResult> end)
    {
        OperationResult result = await end.ConfigureAwait(false);
        return result.IsCompleted ? utterance
            : result.Error is { } error ? throw new RealtimeRejectedException(error)
            : throw (reason() is { } closed ? new RealtimeClosedException(closed) : new RealtimeRejectedException(VoiceSession.Unanswered));
    }
}
