using Realtime.Protocol.Testing.Simulation.Input;

namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>
/// A session that translates: one stream in, one stream out, without turns. It has events of its own, and it ends in two steps:
/// <c>session.close</c>, behind which nothing more is taken, and <c>session.closed</c>, before which the rest of the translation comes.
/// </summary>
internal sealed class TranslationKind : SessionKind
{
    private static readonly string[] ClientEvents = ["session.update", "session.input_audio_buffer.append", "session.close"];

    private readonly SessionContext _session;
    private readonly Translating _translating;

    public TranslationKind(SessionContext session)
    {
        _session = session;
        _translating = new Translating(session);
    }

    public override void Begin() => _session.Speaker.SessionCreated(_session.Settings.ToUtf8());

    public override void Receive(ReadOnlySpan<byte> clientMessage)
    {
        if (Events.Translation.ClientEvent.TryRead(clientMessage, out Events.Translation.ClientEvent message, out ReadError error))
        {
            Handle(message);
        }
        else
        {
            ClientMistake mistake = ClientMistake.From(clientMessage, error);
            _session.Refuse(mistake.Refusal, mistake.EventId);
        }
    }

    private void Handle(in Events.Translation.ClientEvent message)
    {
        if (message.Kind == Events.Translation.ClientEventKind.Unknown)
        {
            _session.Refuse(Refusal.NotOneOf("type", message.TypeText.ToString(), ClientEvents), message.EventId);
        }
        else if (_translating.IsEnding)
        {
            _session.Refuse(Refusal.IsClosing(message.TypeText.ToString()), message.EventId);
        }
        else if (message.TryGetSessionInputAudioBufferAppend(out Events.Translation.SessionInputAudioBufferAppendView append))
        {
            _translating.Append(append);
        }
        else if (message.TryGetSessionUpdate(out Events.Translation.SessionUpdateView update))
        {
            UpdateSession(update);
        }
        else
        {
            _translating.End();
        }
    }

    private void UpdateSession(Events.Translation.SessionUpdateView update)
    {
        if (_session.Settings.TryUpdate(update.Session.Json, voiceIsFixed: false, isAnswering: false, out Refusal refusal))
        {
            _session.Speaker.SessionUpdated(_session.Settings.ToUtf8());
        }
        else
        {
            _session.Refuse(refusal, update.EventId);
        }
    }
}
