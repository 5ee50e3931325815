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
        : base(session)
    {
        _listening = listening;
        Items = new ItemCommands(session);
    }

    protected ItemCommands Items { get; }

    public override void Begin()
    {
        base.Begin();

        // Settings that the session began with may declare servers whose tools have to be listed.
        if (Session.Options.InitialSession is not null)
        {
            Updated();
        }
    }

    protected override bool TryAnswer(ReadOnlySpan<byte> clientMessage, out ReadError error)
    {
        if (!ClientEvent.TryRead(clientMessage, out ClientEvent message, out error))
        {
            return false;
        }

        Answer(message);
        return true;
    }

    /// <summary>Answers an event that only this kind of session takes.</summary>
    protected abstract void AnswerOwn(in ClientEvent message);

    /// <summary>Takes other settings.</summary>
    /// <param name="session">As the client states them.</param>
    /// <param name="refusal">What is wrong with them.</param>
    /// <returns>False when they are refused, and nothing has changed.</returns>
    protected abstract bool TryUpdate(ReadOnlySpan<byte> session, out Refusal refusal);

    /// <summary>The client was told that it has other settings.</summary>
    protected virtual void Updated()
    {
    }

    private void Answer(in ClientEvent message)
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
        else
        {
            AnswerOwn(message);
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
