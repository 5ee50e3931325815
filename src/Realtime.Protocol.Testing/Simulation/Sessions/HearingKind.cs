using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Input;

namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>
/// What all sessions have in common that hear the user and keep what was said as items: settings, the input buffer, and reading back and deleting what is there. What a kind takes besides is its own.
/// </summary>
internal abstract class HearingKind : SessionKind
{
    private readonly Listening _listening;

    /// <param name="session">The session.</param>
    /// <param name="listening">What it hears with.</param>
    protected HearingKind(SessionContext session, Listening listening)
    {
        _listening = listening;
        Session = session;
        Items = new ItemCommands(session);
    }

    protected SessionContext Session { get; }

    protected ItemCommands Items { get; }

    /// <summary>The types of event that a client may send, as a refusal names them.</summary>
    protected abstract string[] ClientEvents { get; }

    public override void Begin()
    {
        Session.Speaker.SessionCreated(Session.Settings.ToUtf8());

        // Settings that the session began with may declare servers whose tools have to be listed.
        if (Session.Options.InitialSession is not null)
        {
            Updated();
        }
    }

    public override void Receive(ReadOnlySpan<byte> clientMessage)
    {
        if (ClientEvent.TryRead(clientMessage, out ClientEvent message, out ReadError error))
        {
            Handle(message);
        }
        else
        {
            ClientMistake mistake = ClientMistake.From(clientMessage, error);
            Session.Refuse(mistake.Refusal, mistake.EventId);
        }
    }

    /// <summary>Answers an event that only this kind of session takes, or refuses in words of its own.</summary>
    /// <returns>False when it is none.</returns>
    protected abstract bool TryHandle(in ClientEvent message);

    /// <summary>Takes other settings.</summary>
    /// <param name="session">As the client states them.</param>
    /// <param name="refusal">What is wrong with them.</param>
    /// <returns>False when they are refused, and nothing has changed.</returns>
    protected abstract bool TryUpdate(ReadOnlySpan<byte> session, out Refusal refusal);

    /// <summary>The client was told that it has other settings.</summary>
    protected virtual void Updated()
    {
    }

    private void Handle(in ClientEvent message)
    {
        if (message.TryGetInputAudioBufferAppend(out InputAudioBufferAppendView append))
        {
            _listening.Append(append);
        }
        else if (message.TryGetInputAudioBufferCommit(out InputAudioBufferCommitView commit))
        {
            _listening.Commit(commit.EventId);
        }
        else if (message.TryGetInputAudioBufferClear(out _))
        {
            _listening.Clear();
        }
        else if (message.TryGetSessionUpdate(out SessionUpdateView update))
        {
            Update(update);
        }
        else if (message.TryGetConversationItemDelete(out ConversationItemDeleteView delete))
        {
            Items.Delete(delete);
        }
        else if (message.TryGetConversationItemRetrieve(out ConversationItemRetrieveView retrieve))
        {
            Items.Retrieve(retrieve);
        }
        else if (!TryHandle(message))
        {
            Session.Refuse(Refusal.NotOneOf("type", message.TypeText.ToString(), ClientEvents), message.EventId);
        }
    }

    private void Update(SessionUpdateView update)
    {
        SpeechFormat formatBefore = Session.Settings.InputFormat;
        ListeningSettings? listeningBefore = Session.Settings.Listening;
        if (!TryUpdate(update.Session.Json, out Refusal refusal))
        {
            Session.Refuse(refusal, update.EventId);
            return;
        }

        _listening.SettingsChanged(formatBefore, listeningBefore);
        Session.Speaker.SessionUpdated(Session.Settings.ToUtf8());
        Updated();
    }
}
