namespace Realtime.Protocol.Hosting;

/// <summary>
/// How connecting went lately: the last 16 attempts of the last minute, and whose configuration was refused. Older ones say nothing about now; and where a process gets no calls because it is called
/// unhealthy, they would keep it so for ever. An attempt that the application itself gave up, or whose options were wrong, is none.
/// </summary>
internal sealed class ConnectRecord(TimeProvider time)
{
    private const int Most = 16;

    private static readonly TimeSpan Counts = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<ConnectOutcome> _outcomes = new();
    private readonly HashSet<string> _refusedReloads = new(StringComparer.Ordinal);

    public Attempt Begin() => new(this, time.GetTimestamp());

    public void ReloadRefused(string name)
    {
        lock (_gate)
        {
            _refusedReloads.Add(name);
        }
    }

    public void Reloaded(string name)
    {
        lock (_gate)
        {
            _refusedReloads.Remove(name);
        }
    }

    /// <summary>The attempts that count, oldest first, and for how many names the last reload was refused.</summary>
    public (ConnectOutcome[] Outcomes, int RefusedReloads) Read()
    {
        lock (_gate)
        {
            return ([.. _outcomes.Where(outcome => time.GetElapsedTime(outcome.EndedAt) <= Counts)], _refusedReloads.Count);
        }
    }

    private void Add(long beganAt, RealtimeConnectFailure? failure)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            if (_outcomes.Count == Most)
            {
                _outcomes.Dequeue();
            }

            _outcomes.Enqueue(new(now, time.GetElapsedTime(beganAt, now), failure));
        }
    }

    /// <summary>One attempt; what is said of it twice or never is the factory's mistake.</summary>
    public readonly struct Attempt(ConnectRecord record, long beganAt)
    {
        public void Succeeded() => record.Add(beganAt, failure: null);

        public void Failed(RealtimeConnectFailure failure) => record.Add(beganAt, failure);
    }
}

/// <summary>How one attempt to connect ended.</summary>
/// <param name="EndedAt">By the clock of the record.</param>
/// <param name="Took">From the call to the ready session, or to the failure.</param>
/// <param name="Failure">Null when it succeeded.</param>
internal readonly record struct ConnectOutcome(long EndedAt, TimeSpan Took, RealtimeConnectFailure? Failure);
