namespace Realtime.Protocol;

/// <summary>What a request for a response does when another response is running, or about to.</summary>
public enum WhenBusy
{
    /// <summary>
    /// It waits, and is sent once, when its time has come: when no response is running, and the tools of the turn that it waits behind have given their outputs (FC-09). A request with parameters of its own that is asked while
    /// tools run is sent at once.
    /// </summary>
    Queue = 0,

    /// <summary>The running response is cancelled, what was not heard of it is truncated, and the request follows.</summary>
    CancelThenCreate = 1,

    /// <summary>It is refused, and nothing changes.</summary>
    Refuse = 2,
}
