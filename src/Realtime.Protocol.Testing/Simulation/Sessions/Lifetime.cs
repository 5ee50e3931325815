namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>How long the session may last: at its end the server says so and closes.</summary>
internal sealed class Lifetime(SessionContext session) : IDue
{
    public long? Due { get; private set; }

    /// <summary>True once the session has begun.</summary>
    public bool HasBegun => Due is not null;

    public void Begin() => Due = session.Now + (long)session.Options.SessionLifetime.TotalMilliseconds;

    public void Act()
    {
        Refusal expired = Refusal.Expired(session.Options.SessionLifetime);
        session.Speaker.Error(expired, null);
        session.Spoken.Close(1001, expired.Message);
    }
}
