using System.IO.Pipelines;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>The input of a session with turns: what was flushed can be thrown away until it is committed.</summary>
internal sealed class InputWriter(PipeWriter pipe, MachineGate gate, AudioEncoding encoding) : InputPipe(pipe, gate, encoding)
{
    /// <summary>The user's audio comes with the call (CX-08).</summary>
    public bool IsBesideACall { get; init; }

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
}
