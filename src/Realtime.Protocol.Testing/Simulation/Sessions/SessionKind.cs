using Realtime.Protocol.Testing.Simulation.Shapes;

namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>
/// What makes a session one of its kind: how it begins, which client events it takes, and what they lead to. It hands every event to the
/// concern that answers it, and knows nothing of time: what happens later is on the agenda.
/// </summary>
internal abstract class SessionKind(SessionContext session)
{
    private readonly ShapeTable _shapes = ShapeTable.Of(session.Options.Kind, session.Service);

    protected SessionContext Session { get; } = session;

    /// <summary>The client has connected: the server's first words.</summary>
    public virtual void Begin() => Session.Speaker.SessionCreated(Session.Settings.ToUtf8());

    /// <summary>Answers one whole message of the client. What does not have the shape of an event that this session takes reaches nobody.</summary>
    public void Receive(ReadOnlySpan<byte> clientMessage)
    {
        if (_shapes.TryCheck(clientMessage, out ClientMistake mistake))
        {
            if (TryAnswer(clientMessage, out ReadError error))
            {
                return;
            }

            mistake = ClientMistake.From(clientMessage, error);
        }

        Session.Refuse(mistake.Refusal, mistake.EventId);
    }

    /// <summary>Reads an event of the right shape and answers it; false when its sound is none.</summary>
    protected abstract bool TryAnswer(ReadOnlySpan<byte> clientMessage, out ReadError error);
}
