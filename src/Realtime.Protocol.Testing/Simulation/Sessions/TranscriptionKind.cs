using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Input;

namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>A session that only transcribes: what is committed is written down, and nobody answers.</summary>
internal sealed class TranscriptionKind : SessionKind
{
    private static readonly string[] ClientEvents =
    [
        "session.update", "input_audio_buffer.append", "input_audio_buffer.commit", "input_audio_buffer.clear", "conversation.item.delete", "conversation.item.retrieve",
    ];

    private readonly SessionContext _session;
    private readonly ItemCommands _items;
    private readonly Listening _listening;

    public TranscriptionKind(SessionContext session)
    {
        _session = session;
        _items = new ItemCommands(session);
        _listening = new Listening(session, responses: null, new Transcribing(session));
    }

    public override void Begin() => _session.Speaker.SessionCreated(_session.Settings.ToUtf8());

    public override void Receive(ReadOnlySpan<byte> clientMessage)
    {
        if (ClientEvent.TryRead(clientMessage, out ClientEvent message, out ReadError error))
        {
            Handle(message);
        }
        else
        {
            ClientMistake mistake = ClientMistake.From(clientMessage, error);
            _session.Refuse(mistake.Refusal, mistake.EventId);
        }
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
            UpdateSession(update);
        }
        else if (message.TryGetConversationItemDelete(out ConversationItemDeleteView delete))
        {
            _items.Delete(delete);
        }
        else if (message.TryGetConversationItemRetrieve(out ConversationItemRetrieveView retrieve))
        {
            _items.Retrieve(retrieve);
        }
        else if (message.TryGetResponseCreate(out ResponseCreateView create))
        {
            _session.Refuse(Refusal.NoResponses, create.EventId);
        }
        else
        {
            _session.Refuse(Refusal.NotOneOf("type", message.TypeText.ToString(), ClientEvents), message.EventId);
        }
    }

    private void UpdateSession(SessionUpdateView update)
    {
        SpeechFormat formatBefore = _session.Settings.InputFormat;
        ListeningSettings? listeningBefore = _session.Settings.Listening;
        if (!_session.Settings.TryUpdate(update.Session.Json, voiceIsFixed: false, isAnswering: false, out Refusal refusal))
        {
            _session.Refuse(refusal, update.EventId);
            return;
        }

        _listening.SettingsChanged(formatBefore, listeningBefore);
        _session.Speaker.SessionUpdated(_session.Settings.ToUtf8());
    }
}
