namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>No session: a client that asks for the beta is told that there is none any more, and the connection ends with 4000.</summary>
internal sealed class BetaKind(SessionContext session) : SessionKind
{
    private const int ClosedByTheService = 4000;

    public override void Begin()
    {
        session.Speaker.Error(Refusal.BetaIsGone, null);
        session.Spoken.Close(ClosedByTheService, $"invalid_request_error.{Refusal.BetaIsGone.Code}");
    }

    public override void Receive(ReadOnlySpan<byte> clientMessage)
    {
    }
}
