namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>No session: a client that asks for the beta is told that there is none any more, and the connection ends with 4000.</summary>
internal sealed class BetaKind(SessionContext session) : SessionKind(session)
{
    private const int ClosedByTheService = 4000;

    public override void Begin()
    {
        Session.Speaker.Error(Refusal.BetaIsGone, null);
        Session.Spoken.Close(ClosedByTheService, $"invalid_request_error.{Refusal.BetaIsGone.Code}");
    }

    /// <summary>Never asked: the connection ended when it began.</summary>
    protected override bool TryAnswer(ReadOnlySpan<byte> clientMessage, out ReadError error)
    {
        error = default;
        return true;
    }
}
