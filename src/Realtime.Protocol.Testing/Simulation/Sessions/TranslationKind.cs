using Realtime.Protocol.Testing.Simulation.Input;

namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>
/// A session that translates: one stream in, one stream out, without turns. It has events of its own, and it ends in two steps:
/// <c>session.close</c>, behind which nothing more is taken, and <c>session.closed</c>, before which the rest of the translation comes.
/// </summary>
internal sealed class TranslationKind : SessionKind
{
    private readonly Translating _translating;

    public TranslationKind(SessionContext session)
        : base(session) => _translating = new Translating(session);

    protected override bool TryAnswer(ReadOnlySpan<byte> clientMessage, out ReadError error)
    {
        if (!Events.Translation.ClientEvent.TryRead(clientMessage, out Events.Translation.ClientEvent message, out error))
        {
            return false;
        }

        Answer(message);
        return true;
    }

    private void Answer(in Events.Translation.ClientEvent message)
    {
        if (_translating.IsEnding)
        {
            Session.Refuse(Refusal.IsClosing(message.TypeText.ToString()), message.EventId);
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
        if (Session.Settings.TryUpdate(update.Session.Json, voiceIsFixed: false, isAnswering: false, out Refusal refusal))
        {
            Session.Speaker.SessionUpdated(Session.Settings.ToUtf8());
        }
        else
        {
            Session.Refuse(refusal, update.EventId);
        }
    }
}
