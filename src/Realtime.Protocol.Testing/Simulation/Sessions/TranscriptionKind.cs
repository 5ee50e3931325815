using Realtime.Protocol.Testing.Simulation.Input;

namespace Realtime.Protocol.Testing.Simulation.Sessions;

/// <summary>A session that only transcribes: what is committed is written down, and nobody answers.</summary>
internal sealed class TranscriptionKind(SessionContext session) : HearingKind(session, new Listening(session, responses: null, new Transcribing(session)))
{
    /// <summary>There is none: what the tables let through is answered for all sessions that hear.</summary>
    protected override void AnswerOwn(in ClientEvent message)
    {
    }

    protected override bool TryUpdate(ReadOnlySpan<byte> session, out Refusal refusal) => Session.Settings.TryUpdate(session, voiceIsFixed: false, isAnswering: false, out refusal);
}
