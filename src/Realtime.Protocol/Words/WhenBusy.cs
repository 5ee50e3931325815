namespace Realtime.Protocol;

/// <summary>What a request for a response does when another response is running, or about to.</summary>
public enum WhenBusy
{
    /// <summary>
    /// It waits, and is sent once, when its time has come: when no response is running, and the tools of the turn that it waits behind have given their outputs (FC-09). A bare request with parameters of its own that is
    /// asked while tools run is meant for that time and sent at once: so a tool may let the model say that it is looking something up, and wait for that. What the user says waits for the tools in any case, so no tool may wait for it.
    /// </summary>
    Queue = 0,

    /// <summary>The running response is cancelled, what was not heard of it is truncated, and the request follows.</summary>
    CancelThenCreate = 1,

    /// <summary>It is refused, and nothing changes.</summary>
    Refuse = 2,
}
