namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Every client event of the session, by event id, long enough for a late error to find it (CX-02), and the handles that somebody waits for, each ended exactly once.
/// </summary>
internal sealed class OperationTable(EffectQueue effects, long timeout)
{
    // An error for an event that is older than this many others counts as belonging to none.
    private const int Remembered = 1024;

    private readonly Dictionary<string, Operation> _byEventId = new(Utf8IdComparer.Instance);
    private readonly Queue<string> _order = new();
    private readonly HashSet<int> _open = [];
    private readonly Queue<(int Handle, long DueAt)> _due = new();
    private int _lastHandle;

    /// <summary>When the oldest unanswered operation has waited long enough; never, when there is none.</summary>
    public long Deadline
    {
        get
        {
            while (_due.TryPeek(out (int Handle, long DueAt) oldest))
            {
                if (_open.Contains(oldest.Handle))
                {
                    return oldest.DueAt;
                }

                _due.Dequeue();
            }

            return long.MaxValue;
        }
    }

    public int NewHandle()
    {
        _open.Add(++_lastHandle);
        return _lastHandle;
    }

    /// <summary>An event is being sent: an error may name it from now on, and an answer is due in time.</summary>
    public void Remember(Operation operation, long now)
    {
        if (operation.Handle != 0)
        {
            _due.Enqueue((operation.Handle, now + timeout));
        }

        _byEventId.Add(operation.EventId, operation);
        _order.Enqueue(operation.EventId);
        if (_order.Count > Remembered)
        {
            _byEventId.Remove(_order.Dequeue());
        }
    }

    public Operation? Find(ReadOnlySpan<byte> eventId) =>
        _byEventId.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(eventId, out Operation? operation) ? operation : null;

    public void Complete(int handle)
    {
        if (_open.Remove(handle))
        {
            effects.Tell(new SessionChange.OperationCompleted(handle));
        }
    }

    public void Fail(int handle, ServerError? error)
    {
        if (_open.Remove(handle))
        {
            effects.Tell(new SessionChange.OperationFailed(handle, error));
        }
    }

    public void FailOverdue(long now)
    {
        while (Deadline <= now)
        {
            Fail(_due.Dequeue().Handle, null);
        }
    }

    public void FailAll()
    {
        foreach (int handle in _open.Order().ToArray())
        {
            Fail(handle, null);
        }
    }
}
