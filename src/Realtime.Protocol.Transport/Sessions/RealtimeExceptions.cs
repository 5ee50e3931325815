namespace Realtime.Protocol;

/// <summary>
/// The session refused a request, because the protocol does not allow it now. Nothing was sent and nothing changed. The message says what
/// was expected and what came.
/// </summary>
public sealed class RealtimeRefusedException : InvalidOperationException
{
    /// <summary>A refusal.</summary>
    /// <param name="rule">The id of the rule.</param>
    /// <param name="message">What was expected and what came.</param>
    public RealtimeRefusedException(string rule, string message)
        : base($"{message} ({rule})") => Rule = rule;

    /// <summary>The id of the rule that refused, for instance <c>TD-03</c>: a turn needs 100 ms of audio.</summary>
    public string Rule { get; }
}

/// <summary>The session has ended, so nothing can be asked of it any more.</summary>
public sealed class RealtimeClosedException : InvalidOperationException
{
    /// <summary>A request after the end.</summary>
    /// <param name="reason">Why the session ended.</param>
    public RealtimeClosedException(RealtimeCloseReason reason)
        : base($"The session has ended: {(reason ?? throw new ArgumentNullException(nameof(reason))).Kind}{(reason.StatusCode is int code ? $" ({code})" : "")}.") =>
        Reason = reason;

    /// <summary>Why the session ended.</summary>
    public RealtimeCloseReason Reason { get; }
}
