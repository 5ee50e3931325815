using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Input;
using Realtime.Protocol.Testing.Simulation.Mcp;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>A conversation with a model: the user's turns become messages, and responses answer them.</summary>
internal sealed class RealtimeKind : SessionKind
{
    private static readonly string[] ClientEvents =
    [
        "session.update", "input_audio_buffer.append", "input_audio_buffer.commit", "input_audio_buffer.clear", "conversation.item.create",
        "conversation.item.truncate", "conversation.item.delete", "conversation.item.retrieve", "response.create", "response.cancel",
    ];

    private readonly SessionContext _session;
    private readonly ResponseDesk _responses;
    private readonly McpListing _mcp;
    private readonly ItemCommands _items;
    private readonly Listening _listening;

    public RealtimeKind(SessionContext session)
    {
        _session = session;
        _mcp = new McpListing(session);
        var transcribing = new Transcribing(session);
        _responses = new ResponseDesk(session, _mcp, new McpCalls(session));
        _items = new ItemCommands(session);
        _listening = new Listening(session, _responses, transcribing);
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
        else if (message.TryGetConversationItemCreate(out ConversationItemCreateView create))
        {
            _items.Create(create);
        }
        else if (message.TryGetConversationItemTruncate(out ConversationItemTruncateView truncate))
        {
            _items.Truncate(truncate);
        }
        else if (message.TryGetConversationItemDelete(out ConversationItemDeleteView delete))
        {
            _items.Delete(delete);
        }
        else if (message.TryGetConversationItemRetrieve(out ConversationItemRetrieveView retrieve))
        {
            _items.Retrieve(retrieve);
        }
        else if (message.TryGetResponseCreate(out ResponseCreateView response))
        {
            _responses.Create(response);
        }
        else if (message.TryGetResponseCancel(out ResponseCancelView cancel))
        {
            _responses.Cancel(cancel);
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
        if (!_session.Settings.TryUpdate(update.Session.Json, _responses.HasSpoken, _responses.IsAnswering, out Refusal refusal))
        {
            _session.Refuse(refusal, update.EventId);
            return;
        }

        _listening.SettingsChanged(formatBefore, listeningBefore);
        _session.Speaker.SessionUpdated(_session.Settings.ToUtf8());
        _mcp.ToolsChanged();
    }
}
