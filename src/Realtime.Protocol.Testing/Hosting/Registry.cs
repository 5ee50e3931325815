using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Audio;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// Who is connected and who was: the count that the limits are about, the calls that can be joined, and the one timer that looks after everybody.
/// </summary>
internal sealed class Registry : IDisposable
{
    // So many connections are remembered; then the oldest are forgotten.
    private const int MostSeen = 1_000;

    private readonly Lock _gate = new();
    private readonly SimulatorHostLimits _limits;
    private readonly HashSet<ClientConnection> _clients = [];
    private readonly Dictionary<string, (SimulatorConnection Session, HostedConnection First)> _calls = [];
    private readonly Queue<HostedConnection> _seen = new();
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly IProgress<HostedConnection>? _witness;
    private readonly ITimer _sweeping;
    private TaskCompletionSource? _everybodyHasGone;
    private int _entered;
    private int _number;
    private bool _isStopping;

    /// <param name="witness">Is told who comes and who goes.</param>
    /// <param name="first">The number of the first connection.</param>
    public Registry(SimulatorHostLimits limits, IProgress<HostedConnection>? witness, int first = 1)
    {
        _number = first - 1;
        _witness = witness;
        _limits = limits;
        Kept = new AudioShare(limits.KeptAudioBytesInAll);
        Account = new QueueAccount(limits.MaxQueuedBytesInAll, GiveUpTheLongest);
        TimeSpan every = TimeSpan.FromMilliseconds(Math.Clamp(Math.Min(limits.PingAfter.TotalMilliseconds, limits.PongTimeout.TotalMilliseconds) / 4, 10, 500));
        _sweeping = TimeProvider.System.CreateTimer(static registry => ((Registry)registry!).Sweep(), this, every, every);
    }

    /// <summary>What waits for all clients together.</summary>
    public QueueAccount Account { get; }

    /// <summary>What all sessions keep of their users' sound.</summary>
    public AudioShare Kept { get; }

    /// <summary>How many are connected now.</summary>
    public int Count => Volatile.Read(ref _entered);

    /// <summary>True once the host stops.</summary>
    public bool IsStopping => Volatile.Read(ref _isStopping);

    /// <summary>One more comes in, and gets a number; numbers count from the first.</summary>
    public bool TryEnter(out int number, out string why)
    {
        lock (_gate)
        {
            number = 0;
            why = _isStopping ? "The simulator is shutting down." : _entered >= _limits.MaxConnections ? $"The simulator has its {_limits.MaxConnections} connections: end one, or allow more." : "";
            if (why.Length > 0)
            {
                return false;
            }

            Kept.Divide(++_entered);
            number = ++_number;
            return true;
        }
    }

    /// <summary>Who came in is gone.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            Kept.Divide(--_entered);
            if (_entered == 0)
            {
                _everybodyHasGone?.TrySetResult();
                _everybodyHasGone = null;
            }
        }
    }

    /// <summary>Ends when nobody is connected, and all is told of those who were.</summary>
    public Task WhenEverybodyHasGoneAsync()
    {
        lock (_gate)
        {
            return _entered == 0 ? Task.CompletedTask : (_everybodyHasGone ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>The connections, ended ones too, in the order in which they came; of very many the last.</summary>
    public HostedConnection[] Seen
    {
        get
        {
            lock (_gate)
            {
                // Two that come at once may open their sessions the other way round.
                return [.. _seen.OrderBy(static connection => connection.Number)];
            }
        }
    }

    /// <summary>What the session of a call is for, while somebody can join it; null otherwise.</summary>
    public SimulatedSessionKind? KindOf(string? callId)
    {
        lock (_gate)
        {
            return !string.IsNullOrEmpty(callId) && _calls.TryGetValue(callId, out (SimulatorConnection Session, HostedConnection First) call) && !call.Session.HasEnded ? call.First.Kind : null;
        }
    }

    /// <summary>The time on the host's own clock.</summary>
    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_start);

    /// <summary>The session of a client: that of the call it names when somebody has one, else a new one, which later clients of the call join.</summary>
    public SimulatorConnection Open(ClientConnection client, HostedConnection connection, Func<SimulatorConnection> make)
    {
        SimulatorConnection session;
        bool isStopping;
        lock (_gate)
        {
            if (connection.CallId is { } running && _calls.TryGetValue(running, out (SimulatorConnection Session, HostedConnection First) call) && call.Session.TryJoin(client))
            {
                session = call.Session;
                connection.Join(call.First);
            }
            else
            {
                session = make();
                if (connection.CallId is { } callId)
                {
                    _calls[callId] = (session, connection);
                }
            }

            _clients.Add(client);
            _seen.Enqueue(connection);
            if (_seen.Count > MostSeen)
            {
                _seen.Dequeue();
            }

            isStopping = _isStopping;
        }

        _witness?.Report(connection);
        if (isStopping)
        {
            Stop(client);
        }

        return session;
    }

    /// <summary>A client is gone.</summary>
    public void Close(ClientConnection client, HostedConnection connection)
    {
        lock (_gate)
        {
            _clients.Remove(client);
            foreach (string callId in _calls.Where(static call => call.Value.Session.HasEnded).Select(static call => call.Key).ToArray())
            {
                _calls.Remove(callId);
            }
        }

        (ConnectionEnd kind, int status, string reason) = client.Ending;
        connection.Ended(kind, status is 0 or Frames.CloseCode.None ? null : status, reason, Now);
        _witness?.Report(connection);
    }

    /// <summary>Nobody comes in any more, and everybody is told goodbye.</summary>
    public void Stop()
    {
        foreach (ClientConnection client in Clients(stop: true))
        {
            Stop(client);
        }
    }

    public void Dispose() => _sweeping.Dispose();

    private static void Stop(ClientConnection client) => client.Stop(Frames.CloseCode.GoingAway, "The simulator is shutting down.");

    private ClientConnection[] Clients(bool stop = false)
    {
        lock (_gate)
        {
            _isStopping |= stop;
            return [.. _clients];
        }
    }

    private void Sweep()
    {
        long now = Environment.TickCount64;
        foreach (ClientConnection client in Clients())
        {
            client.Sweep(now);
        }
    }

    private void GiveUpTheLongest()
    {
        foreach (ClientConnection client in Clients().OrderByDescending(static client => client.QueuedBytes))
        {
            if (!Account.IsOverdrawn)
            {
                return;
            }

            client.GiveUp();
        }
    }
}
