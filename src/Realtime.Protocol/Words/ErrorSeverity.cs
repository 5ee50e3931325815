namespace Realtime.Protocol;

/// <summary>How far an error reaches.</summary>
public enum ErrorSeverity
{
    /// <summary>The session goes on.</summary>
    Recoverable = 0,

    /// <summary>This session has ended; a new connection will work (<c>session_expired</c>).</summary>
    Reconnect = 1,

    /// <summary>A new connection will fail as well (quota, key, account, model).</summary>
    Fatal = 2,
}
