namespace Realtime.Protocol;

/// <summary>The session has ended, or the connection over which something was asked.</summary>
public sealed class RealtimeClosedException : RealtimeException
{
    /// <summary>A request after the end.</summary>
    /// <param name="reason">Why the session ended.</param>
    public RealtimeClosedException(RealtimeCloseReason reason)
        : base($"The session has ended: {Ending(reason ?? throw new ArgumentNullException(nameof(reason)))}.") =>
        Reason = reason;

    /// <summary>Why the session ended.</summary>
    public RealtimeCloseReason Reason { get; }

    /// <summary>
    /// True when only a connection has ended and the session connects anew: what was asked of it went down with it, and can be asked again when the session is told as <see cref="VoiceSessionUpdate.Resumed"/>.
    /// </summary>
    public bool IsReconnecting { get; init; }

    /// <inheritdoc/>
    public override string Message => IsReconnecting ? $"The connection has ended, and the session connects anew: {Ending(Reason)}." : base.Message;

    private static string Ending(RealtimeCloseReason reason) => $"{reason.Kind}{(reason.StatusCode is int code ? $" ({code})" : "")}";
}
