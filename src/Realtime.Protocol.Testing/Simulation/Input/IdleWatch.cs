using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation.Input;

/// <summary>
/// The user has said nothing for as long as the session's <c>idle_timeout_ms</c> allows: the server commits the quiet as a turn and answers
/// it. Published: the time counts from <c>response.done</c> plus the length of what was said in it, for that long the user listens. A
/// response, speech, or a session without the setting ends the watch.
/// </summary>
internal sealed class IdleWatch : IDue
{
    private readonly SessionContext _session;
    private readonly Listening _listening;
    private readonly ResponseDesk _responses;
    private long? _heardAt;
    private long _from;

    public IdleWatch(SessionContext session, Listening listening, ResponseDesk responses)
    {
        (_session, _listening, _responses) = (session, listening, responses);
        responses.Ended += Begin;
        listening.SpeechBegan += End;
        session.Agenda.Enroll(this);
    }

    public long? Due => _heardAt is { } heard && _session.Service.IdleTimeout == IdleTimeout.BySession && _session.Settings.Listening?.IdleTimeoutMs is { } timeout && !_responses.IsAnswering && !_session.UserSpeaks
        ? heard + timeout
        : null;

    public void Act()
    {
        _heardAt = null;
        _listening.CommitQuiet(_from, _session.Settings.Listening!.IdleTimeoutMs!.Value);
        _responses.Answer(ResponseCause.Idle);
    }

    // What the user says will be answered, and the watch begins again behind that.
    private void End() => _heardAt = null;

    private void Begin(ResponseRun run)
    {
        if (!run.Settings.OutOfBand)
        {
            _heardAt = _session.Now + run.Output.Sum(static item => item.Parts.Sum(static part => part.AudioMs));
            _from = _listening.HeardMs;
        }
    }
}
