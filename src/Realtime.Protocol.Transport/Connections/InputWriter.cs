using System.IO.Pipelines;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>The input of a session with turns: what was flushed can be thrown away until it is committed.</summary>
/// <param name="pipe">Where the bytes go.</param>
/// <param name="life">Where they are counted.</param>
/// <param name="encoding">What they mean.</param>
internal sealed class InputWriter(PipeWriter pipe, SessionLife life, AudioEncoding encoding) : InputPipe(pipe, encoding)
{
    // In the words of a server, since it is the server's fault and the caller's exception.
    private static readonly ServerError Unanswered = new("no_answer", null, "The server did not answer in time.", null, null);

    /// <summary>The user's audio comes with the call (CX-08).</summary>
    public bool IsBesideACall { get; init; }

    public override TimeSpan Sent => life.Current.Gate.Sent.Position;

    public override Task<Utterance> CommitAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<Utterance>(cancellationToken);
        }

        using Lock.Scope scope = life.Enter(out VoiceConnection current);
        (SubmitResult result, Utterance? utterance, Task<OperationResult> end) = current.Gate.SubmitCommit();
        return result.IsAccepted ? CommittedAsync(current, utterance!, end.WaitAsync(cancellationToken)).MayBeLeftAlone() : throw life.Refusal(current, in result);
    }

    public override void Clear()
    {
        using Lock.Scope scope = life.Enter(out VoiceConnection current);
        if (life.IsBetween)
        {
            current.Gate.ForgetInput();
            return;
        }

        SubmitResult result = current.Gate.Submit(SessionIntent.ClearInput(), endsInput: true);
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

    protected override bool TryAdd(long bytes)
    {
        using Lock.Scope scope = life.Enter(out VoiceConnection current);
        return current.Gate.AddAudio(bytes);
    }

    private async Task<Utterance> CommittedAsync(VoiceConnection connection, Utterance utterance, Task<OperationResult> end)
    {
        OperationResult result = await end.ConfigureAwait(false);
        return result.IsCompleted ? utterance : throw life.Failure(connection, in result, Unanswered);
    }
}
