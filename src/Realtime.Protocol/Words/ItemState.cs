namespace Realtime.Protocol;

/// <summary>How far an item has come.</summary>
public enum ItemState
{
    /// <summary>The server has not confirmed it yet; also an item that was never given to a session.</summary>
    Pending = 0,

    /// <summary>It is in the conversation and still grows: the model speaks it, or calls it.</summary>
    InProgress = 1,

    /// <summary>It is whole.</summary>
    Completed = 2,

    /// <summary>It ended early: it was interrupted, cut, or the response failed.</summary>
    Incomplete = 3,
}
