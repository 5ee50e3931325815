namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>
/// What makes a session one of its kind: how it begins, which client events it takes, and what they lead to. It hands every event to the
/// concern that answers it, and knows nothing of time: what happens later is on the agenda.
/// </summary>
internal abstract class SessionKind
{
    /// <summary>The client has connected: the server's first words.</summary>
    public abstract void Begin();

    /// <summary>Answers one whole message of the client.</summary>
    public abstract void Receive(ReadOnlySpan<byte> clientMessage);
}
