using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting.Logs;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing;

/// <summary>
/// The shell around one simulator: it brings the clock, the timer and the lock, and gives what the simulator wants said to everyone who
/// listens. Everything that is decided is decided by the simulator.
/// </summary>
internal sealed class SimulatorConnection : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly RealtimeServerSimulator? _simulator;
    private readonly Transcript? _transcript;
    private readonly SessionLog? _log;
    private readonly ClientGrammar _grammar;
    private IOutlet[] _outlets;
    private bool _ended;

    /// <param name="options">What the server is like.</param>
    /// <param name="time">What paces it.</param>
    /// <param name="first">The first who listens. It is told what the server says at once, so it has to be ready.</param>
    /// <param name="grammar">What judges the client; all who join are one client to it.</param>
    /// <param name="transcript">What is said by both sides is added here.</param>
    /// <param name="log">And here.</param>
    /// <param name="watcher">Judges the server, before anything goes wrong on the way; null for nobody.</param>
    public SimulatorConnection(SimulatorOptions options, TimeProvider time, IOutlet first, ClientGrammar grammar, Transcript? transcript = null, SessionLog? log = null, ServerGrammar? watcher = null)
    {
        _grammar = grammar;
        _time = time;
        _transcript = transcript;
        _log = log;
        _outlets = [first];
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static connection => ((SimulatorConnection)connection!).Elapse(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            try
            {
                _simulator = new RealtimeServerSimulator(options with { UnixSecondsAtConnect = time.GetUtcNow().ToUnixTimeSeconds() }) { Watcher = watcher };
                _simulator.Connect(Now);
                TakeEffects();
            }
            catch (Exception failure)
            {
                Fail(failure);
            }
        }
    }

    /// <summary>Is told what the simulator reports, while its lock is held.</summary>
    public Action<string>? Reported { get; init; }

    /// <summary>True once nobody can join any more.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>What the simulator threw, which it never does unless it has a defect, or said out of order; null otherwise. A model that a test wrote may throw what it likes.</summary>
    public Exception? Defect { get; private set; }

    /// <summary>What is written down of it; null for nothing.</summary>
    public SessionLog? Log => _log;

    /// <summary>How long it has gone on, in milliseconds of its clock.</summary>
    public long Age => Now;

    /// <summary>What the client did wrong so far. A copy.</summary>
    public IReadOnlyList<Violation> Violations => _grammar.Violations;

    private long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>The client said something.</summary>
    public void Receive(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                try
                {
                    _transcript?.Add(Speaker.Client, message, Now);
                    _log?.Add(Speaker.Client, message, Now);
                    _grammar.AcceptClient(message, Now);
                    _simulator!.Receive(message, Now);
                    TakeEffects();
                }
                catch (Exception failure)
                {
                    Fail(failure);
                }
            }
        }
    }

    /// <summary>One more listens from now on, and is told how the session is.</summary>
    /// <returns>False when the session has ended.</returns>
    public bool TryJoin(IOutlet outlet)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            outlet.Send(_simulator!.Greeting(), marks: null);
            _outlets = [.. _outlets, outlet];
            return true;
        }
    }

    /// <summary>One listens no more. With the last of them the session ends.</summary>
    public void Leave(IOutlet outlet)
    {
        lock (_gate)
        {
            _outlets = Array.FindAll(_outlets, other => other != outlet);
            if (_outlets.Length > 0)
            {
                return;
            }
        }

        Dispose();
    }

    /// <summary>Says goodbye on behalf of the simulator, after what was said.</summary>
    public void Close(int status, string reason)
    {
        lock (_gate)
        {
            End(status, reason);
        }
    }

    /// <summary>The clients are gone: no timer fires any more, and nothing more is said.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            EndGrammar();
        }

        _timer.Dispose();
    }

    private void EndGrammar()
    {
        try
        {
            _grammar.End(Now);
        }
        catch (Exception failure)
        {
            Note(failure);
        }
    }

    private void Note(Exception defect)
    {
        Defect ??= defect;
        _log?.Add(defect, Now);
    }

    private void Elapse()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                try
                {
                    _simulator!.Elapse(Now);
                    TakeEffects();
                }
                catch (Exception failure)
                {
                    Fail(failure);
                }
            }
        }
    }

    // A simulator does not throw; a model that a test wrote may. On a timer's thread that would end the process.
    private void Fail(Exception failure)
    {
        try
        {
            if (_simulator is not null)
            {
                TakeEffects();
            }
        }
        catch (Exception)
        {
            // What is broken fails again; the first time tells.
        }

        if (failure is ModelFailedException)
        {
            End(1011, $"The simulated model failed: {failure.Message}");
            return;
        }

        Note(failure);
        End(1011, $"A defect of the simulator, please report it: {failure.GetType().Name}.");
    }

    private void TakeEffects()
    {
        if (!Array.TrueForAll(_outlets, static outlet => outlet.Begin()))
        {
            _outlets = Array.FindAll(_outlets, static outlet => outlet.Begin());
            _ended |= _outlets.Length == 0;
        }

        if (_simulator!.Watcher is { Violations: [string first, ..] })
        {
            // The first tells; what follows may follow from it.
            _simulator.Watcher = null;
            Note(new BrokenOrderException(first));
        }

        while (!_ended && _simulator.TryTakeEffect(out SimulatorEffect effect))
        {
            switch (effect.Kind)
            {
                case SimulatorEffectKind.Send:
                    Say(effect);
                    break;
                case SimulatorEffectKind.Wire:
                    foreach (IOutlet outlet in _outlets)
                    {
                        outlet.Happen(effect.Marks!);
                    }

                    break;
                case SimulatorEffectKind.SetTimer:
                    _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, effect.At - Now)), Timeout.InfiniteTimeSpan);
                    break;
                case SimulatorEffectKind.Report:
                    Reported?.Invoke(effect.Report);
                    break;
                case SimulatorEffectKind.Close:
                    End(effect.CloseStatus, effect.CloseReason);
                    break;
            }
        }
    }

    private void Say(in SimulatorEffect effect)
    {
        _transcript?.Add(Speaker.Server, effect.Message.Span, Now);
        _log?.Add(Speaker.Server, effect.Message.Span, Now);
        _grammar.AcceptServer(effect.Message, Now);
        foreach (IOutlet outlet in _outlets)
        {
            outlet.Send(effect.Message.Span, effect.Marks);
        }
    }

    private void End(int status, string reason)
    {
        if (!_ended)
        {
            _ended = true;
            foreach (IOutlet outlet in _outlets)
            {
                outlet.End(status, reason);
            }

            EndGrammar();
        }
    }
}
