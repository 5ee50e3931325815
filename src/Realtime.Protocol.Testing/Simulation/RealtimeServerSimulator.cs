using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Sessions;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// The server's side of one realtime session, as a pure machine: <see cref="Connect"/>, <see cref="Receive"/> what the client said, let
/// time <see cref="Elapse"/>, and after each of them <see cref="TryTakeEffect"/> until it is false. No task, no clock, no socket: the same
/// calls give the same bytes. One caller at a time.
/// </summary>
/// <remarks>
/// It answers every client event as the service does, in the order that recorded sessions show, and refuses what the service refuses with
/// the service's words. <c>now</c> is in milliseconds of any clock that never goes back.
/// </remarks>
public sealed class RealtimeServerSimulator
{
    private readonly SessionContext _session;
    private readonly SessionKind _kind;
    private readonly Lifetime _lifetime;
    private readonly LostRequests _lost;
    private long? _timer;

    /// <summary>A server for one connection.</summary>
    /// <param name="options">What it is like; the defaults follow the real service.</param>
    public RealtimeServerSimulator(SimulatorOptions? options = null)
    {
        _session = new SessionContext(options ?? new SimulatorOptions());
        _kind = _session.Options.Kind switch
        {
            _ when _session.Options.IsBeta => new BetaKind(_session),
            SimulatedSessionKind.Transcription => new TranscriptionKind(_session),
            SimulatedSessionKind.Translation => new TranslationKind(_session),
            _ => RealtimeKind.Of(_session),
        };
        _lifetime = new Lifetime(_session);
        _session.Agenda.Enroll(_lifetime);
        _lost = new LostRequests(_session.Options.Faults, _session.Ids, _session.Spoken);
    }

    internal SimulatedConversation Conversation => _session.Conversation;

    /// <summary>Sees each event as the server says it, before anything goes wrong on the way; set before <see cref="Connect"/>, null for nobody.</summary>
    internal ServerGrammar? Watcher
    {
        get => _session.Spoken.Watcher;
        set => _session.Spoken.Watcher = value;
    }

    /// <summary>True once the server has ended the connection; every further call does nothing.</summary>
    public bool IsClosed => _session.Spoken.IsClosed;

    /// <summary>The client has connected. Called once, before everything else.</summary>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    [InvalidatesBorrows]
    public void Connect(long now)
    {
        if (_lifetime.HasBegun)
        {
            throw new InvalidOperationException("This simulator is connected: it serves one connection, and the next one needs a simulator of its own.");
        }

        _session.Now = now;
        _lifetime.Begin();
        _session.Spoken.Begin();
        _kind.Begin();
        SetTimer();
    }

    /// <summary>The client said something. Nothing a client can say makes this throw: what is wrong is answered with an <c>error</c>.</summary>
    /// <param name="clientMessage">One whole message. It is not kept.</param>
    /// <exception cref="InvalidOperationException"><see cref="Connect"/> was not called.</exception>
    [InvalidatesBorrows]
    public void Receive(ReadOnlySpan<byte> clientMessage, long now)
    {
        if (Begin(now))
        {
            if (!_lost.Loses(clientMessage))
            {
                _kind.Receive(clientMessage);
            }

            CatchUp(_session.Now);
            SetTimer();
        }
    }

    /// <summary>It is now <paramref name="now"/>. Calling it too early or too often does nothing.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Connect"/> was not called.</exception>
    [InvalidatesBorrows]
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
    public bool TryTakeEffect([Borrowed] out SimulatorEffect effect) => _session.Spoken.TryTake(out effect);

    /// <summary>What somebody is told who joins the session later: how it is now. Faults have no part in it.</summary>
    internal ReadOnlySpan<byte> Greeting()
    {
        var spoken = new SpokenEvents(FaultPlan.None, _session.Ids);
        new ServerSpeaker(spoken, _session.Ids).SessionCreated(_session.Settings.ToUtf8());
        return spoken.TryTake(out SimulatorEffect greeting) ? greeting.Message.Span : default;
    }

    private bool Begin(long now)
    {
        if (!_lifetime.HasBegun)
        {
            throw new InvalidOperationException("This simulator is not connected yet: call Connect first.");
        }

        _session.Spoken.Reuse();
        CatchUp(Math.Max(_session.Now, now));
        return !IsClosed;
    }

    // What is due happens at its own time, however late the call is: what follows from it is no later for that.
    private void CatchUp(long now)
    {
        while (!IsClosed && _session.Agenda.Next is { } due && due <= now)
        {
            _session.Now = Math.Max(_session.Now, due);
            _session.Agenda.Act();
        }

        _session.Now = now;
    }

    private void SetTimer()
    {
        if (!IsClosed && _session.Agenda.Next is { } due && due != _timer)
        {
            _timer = due;
            _session.Spoken.SetTimer(due);
        }
    }
}
