using Realtime.Protocol.Testing.Simulation.Input;

namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>A session that only transcribes: what is committed is written down, and nobody answers.</summary>
internal sealed class TranscriptionKind(SessionContext session) : HearingKind(session, new Listening(session, responses: null, new Transcribing(session)))
{
    protected override string[] ClientEvents { get; } =
    [
        "session.update", "input_audio_buffer.append", "input_audio_buffer.commit", "input_audio_buffer.clear", "conversation.item.delete", "conversation.item.retrieve",
    ];

    protected override bool TryHandle(in ClientEvent message)
    {
        if (!message.TryGetResponseCreate(out ResponseCreateView create))
        {
            return false;
        }

        Session.Refuse(Refusal.NoResponses, create.EventId);
        return true;
    }

    protected override bool TryUpdate(ReadOnlySpan<byte> session, out Refusal refusal) => Session.Settings.TryUpdate(session, voiceIsFixed: false, isAnswering: false, out refusal);
}
