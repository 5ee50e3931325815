namespace Realtime.Protocol.Lifecycle;

/// <summary>An answer that the server owes for a turn that it took itself. It is kept beside every phase: a response that still runs delays it, and does not replace it.</summary>
/// <param name="cause">Why the server is going to answer.</param>
internal sealed class OwedAnswer(TurnOrigin cause)
{
    public TurnOrigin Cause { get; } = cause;

    /// <summary>Until when it is waited for, once nothing else holds it up (RC-06).</summary>
    public long DueAt { get; set; }

    /// <summary>The application interrupted before the answer began: it is cancelled by name as it begins, and never heard. The user's next words clear it.</summary>
    public bool IsUnwanted { get; set; }
}
