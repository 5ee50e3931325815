namespace Realtime.Protocol;

/// <summary>The session has ended, so nothing can be asked of it any more.</summary>
public sealed class RealtimeClosedException : RealtimeException
{
    /// <summary>A request after the end.</summary>
    /// <param name="reason">Why the session ended.</param>
    public RealtimeClosedException(RealtimeCloseReason reason)
        : base($"The session has ended: {(reason ?? throw new ArgumentNullException(nameof(reason))).Kind}{(reason.StatusCode is int code ? $" ({code})" : "")}.") =>
        Reason = reason;

    /// <summary>Why the session ended.</summary>
    public RealtimeCloseReason Reason { get; }
}
