using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Mcp;

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>
/// Who may start a response and who ends one early: the client's requests, and the server's own after speech that it detected. What a
/// response then says is the player's work.
/// </summary>
internal sealed class ResponseDesk : IDue
{
    private readonly SessionContext _session;
    private readonly ResponsePlayer _player;
    private long? _automaticAt;

    public ResponseDesk(SessionContext session, McpListing listing, McpCalls calls)
    {
        _session = session;
        _player = new ResponsePlayer(session, listing, calls);
        session.Agenda.Enroll(this);
        session.Agenda.Enroll(_player);
    }

    /// <summary>When the server starts a response by itself.</summary>
    public long? Due => _automaticAt;

    /// <summary>True once the conversation has the model's speech in it: the voice can't be changed any more.</summary>
    public bool HasSpoken => _player.HasSpoken;

    /// <summary>True while a response writes to the conversation, from its request on.</summary>
    public bool IsAnswering => _player.Active is not null;

    public void Create(ResponseCreateView create)
    {
        List<SimulatedItem>? input = null;
        if (!_session.Settings.TryJoin(create.Response.Json, _player.HasSpoken, out ResponseSettings settings, out Refusal refusal)
            || !ResponseInput.TryRead(create.Response, _session, out input, out refusal))
        {
            _session.Refuse(refusal, create.EventId);
        }
        else if (!settings.OutOfBand && _player.Active is { } active)
        {
            _session.Refuse(Refusal.ActiveResponse(active.Id), create.EventId);
        }
        else
        {
            Start(settings, input, _session.Now + (long)_session.Options.Pace.Acknowledgement.TotalMilliseconds);
        }
    }

    public void Cancel(ResponseCancelView cancel)
    {
        ResponseRun? run = cancel.ResponseId.HasValue ? _player.Find(cancel.ResponseId.ToString()) : _player.Active;
        if (run is { IsCreated: true })
        {
            _player.Cancel(run, StatusDetailsReason.ClientCancelled);
        }
        else
        {
            // Recorded: a response that was asked for but not created yet can't be cancelled either.
            _session.Refuse(Refusal.NothingToCancel, cancel.EventId);
        }
    }

    /// <summary>The user began to speak: the response of the turn before ends, where the session says so.</summary>
    public void SpeechStarted(ListeningSettings listening)
    {
        // The new turn will ask for its own response.
        _automaticAt = null;
        if (listening.InterruptResponse && _player.Active is { IsCreated: true } active)
        {
            _player.Cancel(active, StatusDetailsReason.TurnDetected);
        }
    }

    /// <summary>The user's turn is over, and the session asks for an answer.</summary>
    public void AnswerSpeech() => _automaticAt = _session.Now + (long)_session.Options.Pace.AutomaticResponse.TotalMilliseconds;

    public void Act()
    {
        long due = _automaticAt!.Value;
        _automaticAt = null;
        if (_player.Active is { } active)
        {
            // Published: where speech does not interrupt, a response that the server starts by itself may fail.
            _session.Speaker.Error(Refusal.ActiveResponse(active.Id), null);
            return;
        }

        _session.Settings.TryJoin(default, _player.HasSpoken, out ResponseSettings settings, out _);
        Start(settings, null, due);
    }

    private void Start(ResponseSettings settings, IReadOnlyList<SimulatedItem>? input, long createdAt) =>
        _player.Start(new ResponseRun(_session.Ids.Response(), _session.ConversationId, settings, input, createdAt));
}
