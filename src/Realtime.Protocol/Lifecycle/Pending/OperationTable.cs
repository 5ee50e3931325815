namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Every client event of the session, by event id, long enough for a late error to find it (CX-02), and the handles that somebody waits for. A handle has a deadline from the moment it
/// is opened, also while what it is about still waits to be sent: nobody waits for ever, whatever the server does.
/// </summary>
/// <param name="effects">Where the end of a handle is told.</param>
/// <param name="answerTimeout">How long the server may take to answer what was sent.</param>
/// <param name="waitTimeout">How much longer it may wait to be sent.</param>
internal sealed class OperationTable(EffectQueue effects, long answerTimeout, long waitTimeout)
{
    // An error for an event that is older than this many others counts as belonging to none.
    private const int Remembered = 1024;

    private readonly Dictionary<string, Operation> _byEventId = new(Utf8IdComparer.Instance);
    private readonly Queue<string> _order = new();
    private readonly Dictionary<int, PendingHandle> _open = [];
    private readonly PriorityQueue<PendingHandle, long> _due = new();
    private int _lastHandle;

    /// <summary>When the first of the open handles has waited long enough; never, when there is none.</summary>
    public long DueAt
    {
        get
        {
            while (_due.TryPeek(out PendingHandle? handle, out long dueAt))
            {
                if (_open.ContainsKey(handle.Number) && handle.DueAt == dueAt)
                {
                    return dueAt;
                }

                _due.Dequeue();
            }

            return long.MaxValue;
        }
    }

    /// <summary>A handle for what is asked now. It is due when the server could have answered, were it sent only after the longest wait.</summary>
    public int Open(long now, TrackedItem? item = null)
    {
        var handle = new PendingHandle(++_lastHandle) { Item = item };
        _open.Add(handle.Number, handle);
        Expect(handle, now + waitTimeout + answerTimeout);
        return handle.Number;
    }

    /// <summary>An event is being sent: an error may name it from now on, and an answer to it is due in time.</summary>
    public void Remember(Operation operation, long now)
    {
        if (_open.TryGetValue(operation.Handle, out PendingHandle? handle))
        {
            handle.Configuration = operation.Configuration;
            Expect(handle, now + answerTimeout);
        }

        if (operation.EventId.Length == 0)
        {
            return; // nothing can name it
        }

        _byEventId.Add(operation.EventId, operation);
        _order.Enqueue(operation.EventId);
        if (_order.Count > Remembered)
        {
            _byEventId.Remove(_order.Dequeue());
        }
    }

    /// <summary>What an error is about that names this event. Its handle is the one that the acknowledgement by id would have completed, and ends once either way.</summary>
    [LifecycleRule("IT-07")]
    public Operation? Find(ReadOnlySpan<byte> eventId) =>
        _byEventId.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(eventId, out Operation? operation) ? operation : null;

    /// <summary>Somebody still waits for it.</summary>
    public bool IsOpen(int handle) => _open.ContainsKey(handle);

    public void Complete(int handle)
    {
        if (_open.Remove(handle))
        {
            effects.Tell(new SessionChange.OperationCompleted(handle));
        }
    }

    /// <summary>It failed; false when nobody waits for it.</summary>
    public bool Fail(int handle, ServerError? error)
    {
        bool isOpen = _open.Remove(handle);
        if (isOpen)
        {
            effects.Tell(new SessionChange.OperationFailed(handle, error));
        }

        return isOpen;
    }

    /// <summary>The next handle that has waited long enough; it stays open until it is completed or failed.</summary>
    public bool TryTakeOverdue(long now, out PendingHandle? overdue)
    {
        overdue = DueAt <= now ? _due.Dequeue() : null;
        return overdue is not null;
    }

    public void FailAll()
    {
        foreach (int handle in _open.Keys.Order().ToArray())
        {
            Fail(handle, null);
        }
    }

    private void Expect(PendingHandle handle, long dueAt)
    {
        handle.DueAt = dueAt;
        _due.Enqueue(handle, dueAt);
    }
}
