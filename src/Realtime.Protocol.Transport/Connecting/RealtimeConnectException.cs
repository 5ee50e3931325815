using System.Net;

namespace Realtime.Protocol;

/// <summary>Why a connection could not be made.</summary>
public enum RealtimeConnectFailure
{
    /// <summary>Something else; the inner exception says what.</summary>
    Other,

    /// <summary>Nobody listens at the address.</summary>
    Refused,

    /// <summary>The host name is not known.</summary>
    HostNotFound,

    /// <summary>The network does not lead there, or the connection broke while it was made.</summary>
    Unreachable,

    /// <summary>The connect timeout ran out.</summary>
    Timeout,

    /// <summary>The encrypted connection could not be agreed on: an invalid certificate, or a server that does not speak TLS.</summary>
    Tls,

    /// <summary>HTTP 401: the key is missing, wrong or expired.</summary>
    Unauthorized,

    /// <summary>HTTP 403: the key is valid and may not do this.</summary>
    Forbidden,

    /// <summary>HTTP 404: no such path, model or deployment.</summary>
    NotFound,

    /// <summary>HTTP 429: too many connections or requests.</summary>
    TooManyRequests,

    /// <summary>HTTP 3xx: the server points elsewhere. It is not followed, because the credential would go along.</summary>
    Redirected,

    /// <summary>HTTP 5xx.</summary>
    ServerError,

    /// <summary>A server answered and it does not speak WebSocket at this address.</summary>
    NotAWebSocket,

    /// <summary>The credential callback failed; the inner exception is what it threw.</summary>
    CredentialFailed,

    /// <summary>The connection was made and the server closed it before the session was ready.</summary>
    ClosedEarly,

    /// <summary>The server refused the session's configuration; <see cref="RealtimeConnectException.ErrorCode"/> and <see cref="RealtimeConnectException.ErrorParameter"/> say what.</summary>
    ConfigurationRejected,
}

/// <summary>
/// No session came about. The message is one sentence about what was wrong and one about what to do; it never holds the credential.
/// </summary>
public sealed class RealtimeConnectException : Exception
{
    /// <summary>A failed connection attempt.</summary>
    /// <param name="failure">Why it failed.</param>
    /// <param name="message">What was wrong and what to do.</param>
    /// <param name="inner">What the platform said, if anything.</param>
    public RealtimeConnectException(RealtimeConnectFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Why the attempt failed.</summary>
    public RealtimeConnectFailure Failure { get; }

    /// <summary>The status that an HTTP server answered with; null when there was no such answer.</summary>
    public HttpStatusCode? HttpStatus { get; init; }

    /// <summary>The error code of a refused configuration, for instance <c>unknown_parameter</c>; null otherwise, or when the server gave none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The member that the refused configuration is wrong in, for instance <c>session.voice</c>; null otherwise, or when the server named none.</summary>
    public string? ErrorParameter { get; init; }

    /// <summary>
    /// What the server said about <see cref="ErrorCode"/>; null when it said nothing. It stands here and not in the message, because
    /// servers quote what they reject, instructions included.
    /// </summary>
    public string? ServerMessage { get; init; }
}
