namespace Realtime.Protocol;

/// <summary>The session has ended, or the connection over which something was asked.</summary>
public sealed class RealtimeClosedException : RealtimeException
{
    /// <summary>A request after the end.</summary>
    /// <param name="reason">Why the session ended.</param>
    public RealtimeClosedException(RealtimeCloseReason reason)
        : base($"The session has ended: {(reason ?? throw new ArgumentNullException(nameof(reason))).Kind}{(reason.StatusCode is int code ? $" ({code})" : "")}.") =>
        Reason = reason;

    /// <summary>Why the session ended.</summary>
    public RealtimeCloseReason Reason { get; }

    /// <summary>
    /// True when only a connection has ended and the session connects anew: what was asked of it went down with it, and can be asked again when the session is told as <see cref="VoiceSessionUpdate.Resumed"/>.
    /// </summary>
    public bool IsReconnecting { get; init; }
}
