using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Mcp;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Responses;

/// <summary>
/// Who may start a response and who ends one early: the client's requests, and the server's own after speech that it detected. What a
/// response then says is the player's work.
/// </summary>
/// <remarks>
/// The conversation has one place for a response:
/// <code>
/// the place    | the client asks                          | detected speech is committed | a cancel without id | speech starts
/// free         | asked: created after Pace.Acknowledgement| reserved                     | refused             | –
/// asked        | refused, names the one that was asked for| reserved, and fails when due | refused, as recorded| –
/// reserved     | AutoResponse decides                     | its moment moves on          | refused             | given up; what waited for it is asked
/// running      | refused, names the one that runs         | reserved, and fails when due | cancelled           | cancelled where the session interrupts
/// </code>
/// What is reserved has its id already: a refusal can name it before the client has heard of it.
/// </remarks>
internal sealed class ResponseDesk : IDue
{
    private readonly SessionContext _session;
    private readonly ResponsePlayer _player;
    private readonly List<Request> _held = [];
    private Reservation? _reserved;
    private Reservation? _beaten;
    private string? _heldFor;

    public ResponseDesk(SessionContext session, McpListing listing, McpCalls calls)
    {
        _session = session;
        _player = new ResponsePlayer(session, listing, calls);
        _player.Created += run => RefuseHeld(run, RejectionTime.AfterCreated);
        _player.Ended += End;

        // What waited behind a response that never was is decided anew.
        _player.Refused += AskHeld;
        session.Agenda.Enroll(this);
        session.Agenda.Enroll(_player);
    }

    /// <summary>A response is done.</summary>
    public event Action<ResponseRun>? Ended;

    /// <summary>When the server starts a response by itself, or finds that it can't.</summary>
    public long? Due => (_reserved, _beaten) switch
    {
        ({ } reserved, { } beaten) => Math.Min(reserved.At, beaten.At),
        _ => (_reserved ?? _beaten)?.At,
    };

    /// <summary>True once the conversation has the model's speech in it: the voice can't be changed any more.</summary>
    public bool HasSpoken => _player.HasSpoken;

    /// <summary>True while a response writes to the conversation, from its request on.</summary>
    public bool IsAnswering => _player.Active is not null;

    public void Create(ResponseCreateView create)
    {
        List<SimulatedItem>? input = null;
        string? eventId = create.EventId.HasValue ? create.EventId.ToString() : null;
        ReadOnlySpan<byte> wish = create.Response.Json;
        bool saysNothing = wish.IsEmpty || wish.SequenceEqual("null"u8);
        if (!_session.Settings.TryJoin(saysNothing ? default : wish, _player.HasSpoken, out ResponseSettings settings, out Refusal refusal)
            || (!saysNothing && !ResponseInput.TryRead(create.Response, _session, out input, out refusal)))
        {
            _session.Refuse(refusal, eventId);
        }
        else if (settings.OutOfBand)
        {
            Ask(new(settings, input, eventId));
        }
        else if (_session.UserSpeaks && _session.Service.CreateDuringSpeech == Verdict.Refuse)
        {
            _session.Refuse(Refusal.UserSpeaks, eventId);
        }
        else if (_player.Active is { } active)
        {
            _session.Refuse(Refusal.ActiveResponse(active.Id), eventId);
        }
        else if (_reserved is { } own)
        {
            Contend(new(settings, input, eventId), own);
        }
        else
        {
            Ask(new(settings, input, eventId));
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
        // The new turn will get a response of its own.
        _reserved = null;
        AskHeld();
        if (listening.InterruptResponse && _player.Active is { IsCreated: true } active)
        {
            _player.Cancel(active, StatusDetailsReason.TurnDetected);
        }
    }

    /// <summary>The user's turn is over, or there was none, and the session asks for an answer.</summary>
    public void Answer(ResponseCause cause) => _reserved = new(_reserved?.ResponseId ?? _session.Ids.Response(), _session.Now + _session.Draws.Draw(_session.Options.Pace.AutomaticResponse), cause);

    public void Act()
    {
        if (_beaten is { } beaten && (_reserved is null || beaten.At <= _reserved.Value.At))
        {
            _beaten = null;
            Fail(beaten.ResponseId);
            return;
        }

        Reservation own = _reserved!.Value;
        _reserved = null;
        if (_player.Active is { } active)
        {
            Fail(active.Id);
            return;
        }

        _session.Settings.TryJoin(default, _player.HasSpoken, out ResponseSettings settings, out _);
        _heldFor = own.ResponseId;
        _player.Start(new ResponseRun(own.ResponseId, _session.ConversationId, settings, null, own.At, own.Cause));
    }

    private void End(ResponseRun run)
    {
        RefuseHeld(run, RejectionTime.AfterDone);
        Ended?.Invoke(run);
    }

    private void Contend(in Request request, Reservation own)
    {
        AutoResponse rules = _session.Service.AutoResponse;
        if (rules.Winner == AutoResponseWinner.Client)
        {
            _reserved = null;
            _beaten = new(Ask(request), own.At, own.Cause);
        }
        else if (rules.Rejection == RejectionTime.BeforeCreated)
        {
            _session.Refuse(Refusal.ActiveResponse(own.ResponseId), request.EventId);
        }
        else
        {
            _held.Add(request);
        }
    }

    private string Ask(in Request request)
    {
        string id = _session.Ids.Response();
        _player.Start(new ResponseRun(id, _session.ConversationId, request.Settings, request.Input, _session.Now + _session.Draws.Draw(_session.Options.Pace.Acknowledgement), ResponseCause.Client, request.EventId));
        return id;
    }

    // What waited to be refused is decided anew: nothing stands in its way any more, except the first of them.
    private void AskHeld()
    {
        if (_held.Count == 0 || _player.Active is not null)
        {
            return;
        }

        string first = Ask(_held[0]);
        foreach (Request other in _held.Skip(1))
        {
            _session.Refuse(Refusal.ActiveResponse(first), other.EventId);
        }

        _held.Clear();
    }

    private void RefuseHeld(ResponseRun run, RejectionTime now)
    {
        // Whatever was to be told earlier is told at the end at the latest.
        if (run.Id == _heldFor && (now == RejectionTime.AfterDone || _session.Service.AutoResponse.Rejection == now))
        {
            foreach (Request request in _held)
            {
                _session.Refuse(Refusal.ActiveResponse(run.Id), request.EventId);
            }

            _held.Clear();
        }
    }

    // Published: where speech does not interrupt, a response that the server starts by itself may fail.
    private void Fail(string activeId)
    {
        if (_session.Service.AutoResponse.Loser == FailedAttempt.Error)
        {
            _session.Speaker.Error(Refusal.ActiveResponse(activeId), null);
        }
    }

    /// <summary>The server's own response before it is created, or the one that beat it.</summary>
    private readonly record struct Reservation(string ResponseId, long At, ResponseCause Cause);

    /// <summary>What the client asked for.</summary>
    private readonly record struct Request(ResponseSettings Settings, IReadOnlyList<SimulatedItem>? Input, string? EventId);
}
