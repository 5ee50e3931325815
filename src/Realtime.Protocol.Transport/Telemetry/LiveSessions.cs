namespace Realtime.Protocol.Transport;

/// <summary>The sessions that are open in this process, for what is asked of all of them: a metric has no id, so it cannot say it of one. Asked by whoever collects, and by nobody else.</summary>
internal static class LiveSessions
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<SessionTelemetry> Sessions = [];

    /// <summary>How many bytes of the user's audio were flushed and wait to be sent, in all sessions together.</summary>
    public static long Backlog()
    {
        lock (Gate)
        {
            return Sessions.Sum(static session => session.Backlog?.Invoke() ?? 0);
        }
    }

    public static void Add(SessionTelemetry session)
    {
        lock (Gate)
        {
            Sessions.Add(session);
        }
    }

    public static void Remove(SessionTelemetry session)
    {
        lock (Gate)
        {
            Sessions.Remove(session);
        }
    }
}
