namespace Realtime.Protocol.Lifecycle;

/// <summary>What can happen to a session that outlives its connections.</summary>
public enum ContinuityTrigger
{
    /// <summary>The connection in use ended in a way that a new one mends.</summary>
    Lost,

    /// <summary>The service ended the session because of its age.</summary>
    Expired,

    /// <summary>The service will end the session soon.</summary>
    ExpiryNear,

    /// <summary>The wait before the next attempt is over.</summary>
    Due,

    /// <summary>The connection that is being made is open and configured; the first has nothing to be filled with.</summary>
    Opened,

    /// <summary>The connection that is being made holds what was said, and has taken over.</summary>
    Replayed,

    /// <summary>The connection that is being made could not be had this time.</summary>
    Failed,

    /// <summary>No attempt is left, or no policy allows one.</summary>
    GivenUp,

    /// <summary>The connection in use, or the only one that is being made, ended by a cause that no new connection mends (<see cref="FatalCauses"/>). Of a second one it is <see cref="GivenUp"/>.</summary>
    Fatal,

    /// <summary>The store says that another owner has the call.</summary>
    Superseded,

    /// <summary>The application asks to drain.</summary>
    Drain,

    /// <summary>The running turns were heard out, or the patience was over.</summary>
    Drained,

    /// <summary>The application closes or disposes.</summary>
    Close,
}
