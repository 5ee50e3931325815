namespace Realtime.Protocol;

/// <summary>Who or what ended a connection.</summary>
public enum RealtimeCloseKind
{
    /// <summary>This side closed or disposed the connection.</summary>
    ByUs,

    /// <summary>The peer closed the connection and said so: <see cref="RealtimeCloseReason.StatusCode"/> and <see cref="RealtimeCloseReason.Description"/> are its words.</summary>
    ByPeer,

    /// <summary>The connection broke without a goodbye: a reset, a crash of the peer, a lost network.</summary>
    ConnectionLost,

    /// <summary>The peer stopped answering keep-alive pings.</summary>
    KeepAliveTimeout,

    /// <summary>The peer sent a message longer than <c>MessageLimits.MaxMessageBytes</c>.</summary>
    MessageTooLarge,

    /// <summary>The peer cut one message into more than <c>MessageLimits.MaxFragments</c> fragments.</summary>
    TooManyFragments,

    /// <summary>The peer broke the rules of the transport (framing, or invalid UTF-8 in a text message).</summary>
    ProtocolViolation,

    /// <summary>A cancelled send or receive ended the connection: half a message may have been under way.</summary>
    Cancelled,

    /// <summary>The server left a request unanswered for so long that the session gave the connection up.</summary>
    Unresponsive,

    /// <summary>A handler of the application that runs on the receiving loop did not return in time, so the session ended itself.</summary>
    HandlerStuck,

    /// <summary>This side drained the session: what ran was heard out, and the conversation goes on elsewhere, if it does.</summary>
    Drained,

    /// <summary>Another owner has taken the call: its journal takes nothing more from here.</summary>
    HandedOver,

    /// <summary>The session reached the longest duration that the service allows, and the server said so. A new session goes on.</summary>
    Expired,
}

/// <summary>
/// Why a connection ended. Every connection ends with exactly one reason, the first that happened; what follows from it (a failed send
/// after a lost connection) does not replace it.
/// </summary>
/// <param name="Kind">Who or what ended the connection.</param>
/// <param name="StatusCode">The WebSocket status code, where one was sent or received: 1000 is a normal goodbye.</param>
/// <param name="Description">One sentence for people; the peer's own words when it was the peer who closed, with the connection's own key blanked out of them.</param>
public sealed record RealtimeCloseReason(RealtimeCloseKind Kind, int? StatusCode, string Description)
{
    /// <summary>True when the connection ended by agreement: this side closed or drained it, or the peer did with status 1000.</summary>
    public bool IsOrderly => Kind is RealtimeCloseKind.ByUs or RealtimeCloseKind.Drained || (Kind == RealtimeCloseKind.ByPeer && StatusCode is null or 1000);

    /// <summary>
    /// The error by which the server ended the session: <c>session_expired</c>, or one after which no connection works (<see cref="ErrorSeverity.Fatal"/>) and nothing came but the end.
    /// Null for every other end, and always when this side ended it. <see cref="ToString"/> leaves it out.
    /// </summary>
    public ServerError? Error { get; init; }

    /// <summary>The reason in one line.</summary>
    public override string ToString()
    {
        string who = Kind switch
        {
            RealtimeCloseKind.ByUs => "closed by this side",
            RealtimeCloseKind.ByPeer => "closed by the peer",
            RealtimeCloseKind.ConnectionLost => "connection lost",
            RealtimeCloseKind.KeepAliveTimeout => "the peer stopped answering keep-alive pings",
            RealtimeCloseKind.MessageTooLarge => "the peer's message was too large",
            RealtimeCloseKind.TooManyFragments => "the peer's message had too many fragments",
            RealtimeCloseKind.ProtocolViolation => "the peer broke the rules of the transport",
            RealtimeCloseKind.Cancelled => "a send or receive was cancelled",
            RealtimeCloseKind.Unresponsive => "the server stopped answering",
            RealtimeCloseKind.HandlerStuck => "a handler of this application did not return",
            RealtimeCloseKind.Drained => "drained by this side",
            RealtimeCloseKind.HandedOver => "handed over to another owner of the call",
            RealtimeCloseKind.Expired => "the session expired",
            _ => Kind.ToString(),
        };
        string status = StatusCode is int code ? $" ({code})" : "";
        return Description.Length == 0 ? who + status : $"{who}{status}: {Description}";
    }
}
