using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// The server's side of one realtime session, as a pure machine: <see cref="Connect"/>, <see cref="Receive"/> what the client said, let
/// time <see cref="Elapse"/>, and after each of them <see cref="TryTakeEffect"/> until it is false. No task, no clock, no socket: the same
/// calls give the same bytes. One caller at a time.
/// </summary>
/// <remarks>
/// It answers every client event as the service does, in the order that recorded sessions show, and refuses what the service refuses with
/// the service's words. Not simulated: transcription of what the user says (the setting is kept, no event follows), idle timeouts, MCP
/// servers, and sessions that only transcribe or translate. <c>now</c> is in milliseconds of any clock that never goes back.
/// </remarks>
public sealed partial class RealtimeServerSimulator
{
    private const int ShortestCommitMs = 100;

    private readonly SimulatorOptions _options;
    private readonly WireIds _ids;
    private readonly SpokenEvents _spoken;
    private readonly ServerSpeaker _speaker;
    private readonly SimulatedConversation _conversation = new();
    private readonly ResponsePlayer _player;
    private readonly SessionSettings _configuration;
    private readonly string _conversationId;
    private readonly InputAudio _input = new();
    private readonly SpeechDetector _detector = new();
    private string? _speechItemId;
    private long _speechStart;
    private long? _automaticResponseAt;
    private long? _expiresAt;
    private long? _timer;
    private long _now;

    /// <summary>A server for one connection.</summary>
    /// <param name="options">What it is like; the defaults follow the real service.</param>
    public RealtimeServerSimulator(SimulatorOptions? options = null)
    {
        _options = options ?? new SimulatorOptions();
        _ids = new WireIds(_options.Seed);
        _spoken = new SpokenEvents(_options.Faults);
        _speaker = new ServerSpeaker(_spoken, _ids);
        _player = new ResponsePlayer(_speaker, _conversation, _ids, _options);
        _configuration = new SessionSettings(_ids.Session(), _options.Model, _options.UnixSecondsAtConnect + (long)_options.SessionLifetime.TotalSeconds);
        _conversationId = _ids.Conversation();
    }

    /// <summary>True once the server has ended the connection; every further call does nothing.</summary>
    public bool IsClosed => _spoken.IsClosed;

    /// <summary>The client has connected. Called once, before everything else.</summary>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public void Connect(long now)
    {
        if (_expiresAt is not null)
        {
            throw new InvalidOperationException("This simulator is connected: it serves one connection, and the next one needs a simulator of its own.");
        }

        _now = now;
        _expiresAt = now + (long)_options.SessionLifetime.TotalMilliseconds;
        _speaker.SessionCreated(_configuration.ToUtf8());
        SetTimer();
    }

    /// <summary>The client said something. Nothing a client can say makes this throw: what is wrong is answered with an <c>error</c>.</summary>
    /// <param name="clientMessage">One whole message. It is not kept.</param>
    /// <exception cref="InvalidOperationException"><see cref="Connect"/> was not called.</exception>
    public void Receive(ReadOnlySpan<byte> clientMessage, long now)
    {
        if (!Begin(now))
        {
            return;
        }

        if (ClientEvent.TryRead(clientMessage, out ClientEvent message, out ReadError error))
        {
            Handle(message);
        }
        else
        {
            ClientMistake mistake = ClientMistake.From(clientMessage, error);
            Refuse(mistake.Refusal, mistake.EventId);
        }

        CatchUp();
        SetTimer();
    }

    /// <summary>It is now <paramref name="now"/>. Calling it too early or too often does nothing.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Connect"/> was not called.</exception>
    public void Elapse(long now)
    {
        if (Begin(now))
        {
            // The timer that led here is used up, or fired a little early: either way it has to be set again.
            _timer = null;
            SetTimer();
        }
    }

    /// <summary>The next thing to do, in order; false when there is nothing left.</summary>
    public bool TryTakeEffect(out SimulatorEffect effect) => _spoken.TryTake(out effect);

    private bool Begin(long now)
    {
        if (_expiresAt is null)
        {
            throw new InvalidOperationException("This simulator is not connected yet: call Connect first.");
        }

        _spoken.Reuse();
        _now = Math.Max(_now, now);
        CatchUp();
        return !IsClosed;
    }

    /// <summary>Does everything that is due, in order of time, so that a late call tells the same story as a punctual one.</summary>
    private void CatchUp()
    {
        while (!IsClosed && NextDue() is { } due && due <= _now)
        {
            if (due == _automaticResponseAt)
            {
                StartAutomaticResponse(due);
            }
            else if (due == _player.Due)
            {
                _player.Step();
            }
            else
            {
                Refusal expired = Refusal.Expired(_options.SessionLifetime);
                _speaker.Error(expired, null);
                _spoken.Close(1001, expired.Message);
            }
        }
    }

    private long? NextDue() => Earlier(Earlier(_automaticResponseAt, _player.Due), _expiresAt);

    private static long? Earlier(long? one, long? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    private void SetTimer()
    {
        if (!IsClosed && NextDue() is { } due && due != _timer)
        {
            _timer = due;
            _spoken.SetTimer(due);
        }
    }

    private void Refuse(Refusal refusal, string? clientEventId) => _speaker.Error(refusal, _options.ErrorsNameTheirEvent ? clientEventId : null);

    private void Refuse(Refusal refusal, in TextView clientEventId) => Refuse(refusal, clientEventId.HasValue ? clientEventId.ToString() : null);
}
