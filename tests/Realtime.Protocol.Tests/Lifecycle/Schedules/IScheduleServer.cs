namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// A server of either kind in a schedule: bytes come and go, and what it and the user do is one move at a time. What it says before the first move opens the session, and is not subject to the link.
/// </summary>
internal interface IScheduleServer
{
    /// <summary>What the client did that no client may do, when the link is sound; null so far.</summary>
    string? Fault { get; }

    /// <summary>Whether it has more to say without being asked.</summary>
    bool IsBusy { get; }

    /// <summary>Whether it passed over a request as if it had never come.</summary>
    bool LostRequests { get; }

    /// <summary>The ids of the items of the conversation, in order.</summary>
    IEnumerable<string> Items { get; }

    void Receive(ReadOnlySpan<byte> message, long now);

    /// <summary>The model goes on.</summary>
    void Advance(long now);

    /// <summary>The user, whom the server hears, begins or ends a sentence.</summary>
    void Speak(long now);

    /// <summary>What the user began is ended, and what the server owes is given.</summary>
    void Finish(long now);

    byte[]? TakeMessage();
}
