namespace Realtime.Protocol.Lifecycle;

/// <summary>A status as events state it, of items and of responses alike.</summary>
public enum FactStatus
{
    /// <summary>Not stated, or stated in words that the protocol does not know.</summary>
    Unknown = 0,

    /// <summary><c>in_progress</c>.</summary>
    InProgress,

    /// <summary><c>completed</c>.</summary>
    Completed,

    /// <summary><c>incomplete</c>.</summary>
    Incomplete,

    /// <summary><c>cancelled</c>.</summary>
    Cancelled,

    /// <summary><c>failed</c>.</summary>
    Failed,
}
