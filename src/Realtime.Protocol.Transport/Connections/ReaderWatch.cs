namespace Realtime.Protocol.Transport;

/// <summary>
/// Looks after the readers that receiving loops wait for: one timer for the whole process, since one for each session would cost more than it saves. It knows those that ran since it looked last, and ticks while there are any: so a
/// process whose sessions rest is not woken, and nothing is kept alive that nobody else holds. It keeps the machine's time and no session's: what it measures is threads.
/// </summary>
internal static class ReaderWatch
{
    private const int TickMs = 50;

    private static readonly Lock s_lock = new();
    private static readonly List<WokenReader> s_readers = [];
    private static readonly Timer s_timer = Create();

    /// <summary>This one runs.</summary>
    public static void Add(WokenReader reader)
    {
        lock (s_lock)
        {
            if (!reader.TryWatch())
            {
                return;
            }

            s_readers.Add(reader);
            if (s_readers.Count == 1)
            {
                s_timer.Change(TickMs, Timeout.Infinite);
            }
        }
    }

    /// <summary>This one runs no more.</summary>
    public static void Remove(WokenReader reader)
    {
        lock (s_lock)
        {
            s_readers.Remove(reader);
        }
    }

    private static void Look()
    {
        lock (s_lock)
        {
            s_readers.RemoveAll(static reader => !reader.Look());
            if (s_readers.Count > 0)
            {
                s_timer.Change(TickMs, Timeout.Infinite);
            }
        }
    }

    // Whoever has the first reader leaves nothing of its own context with the timer.
    private static Timer Create()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return new(static _ => Look(), null, Timeout.Infinite, Timeout.Infinite);
        }

        using AsyncFlowControl suppressed = ExecutionContext.SuppressFlow();
        return new(static _ => Look(), null, Timeout.Infinite, Timeout.Infinite);
    }
}
