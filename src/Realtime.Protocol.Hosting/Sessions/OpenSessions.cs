namespace Realtime.Protocol.Hosting;

/// <summary>The sessions of this process that are open, and whether more may come. Once it is stopped it stays so.</summary>
internal sealed class OpenSessions : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<VoiceSession> _sessions = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource _stopping = new();

    public OpenSessions() => Stopping = _stopping.Token;

    /// <summary>Cancelled when no more sessions are to be opened: what is being connected gives up.</summary>
    public CancellationToken Stopping { get; }

    // One that has ended is taken out a moment later, on the pool; it is not open for as long.
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count(IsOpen);
            }
        }
    }

    /// <summary>Keeps it until it ends. False once this is stopped: then it is the caller's to end it.</summary>
    public bool TryAdd(VoiceSession session)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
            {
                return false;
            }

            _sessions.Add(session);
        }

        // After it was added, or one that has ended already would stay for ever.
        _ = session.Ended.ContinueWith(
            (_, ended) => Remove((VoiceSession)ended!), session, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return true;
    }

    /// <summary>Takes no more, and gives those that are open.</summary>
    public VoiceSession[] Stop()
    {
        VoiceSession[] open;
        lock (_gate)
        {
            if (!_stopping.IsCancellationRequested)
            {
                // What is being connected is told by its own task; nothing of it runs in here.
                _ = _stopping.CancelAsync();
            }

            open = [.. _sessions.Where(IsOpen)];
        }

        return open;
    }

    public void Dispose() => _stopping.Dispose();

    private static bool IsOpen(VoiceSession session) => session.CloseReason is null;

    private void Remove(VoiceSession session)
    {
        lock (_gate)
        {
            _sessions.Remove(session);
        }
    }
}
