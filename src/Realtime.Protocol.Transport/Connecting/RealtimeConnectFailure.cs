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

    /// <summary>The connect timeout ran out: for the server, or for the credential callback. The message says which.</summary>
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

    /// <summary>The server refused the session's configuration; <see cref="RealtimeConnectException.Error"/> says what.</summary>
    ConfigurationRejected,

    /// <summary>A proxy on the way made no connection; <see cref="RealtimeConnectException.HttpStatus"/> is its answer, for instance 407: it asks for a user and password.</summary>
    ProxyRefused,

    /// <summary>The server refused with another status than those above, and said why in <see cref="RealtimeConnectException.Error"/>.</summary>
    HandshakeRefused,

    /// <summary>The server opened a session of another kind than was asked for, a voice session instead of a translation for instance: the address is another one's.</summary>
    OtherSession,

    /// <summary>An item of <see cref="VoiceSessionOptions.History"/> was refused; <see cref="RealtimeConnectException.Error"/> says what where the server did it.</summary>
    HistoryRejected,

    /// <summary>The <see cref="VoiceSessionOptions.Journal"/> failed when it was asked for the call; the inner exception is what it threw.</summary>
    JournalFailed,

    /// <summary>This process stops and opens no more sessions; no server was asked. Sessions of a host say so (the package Realtime.Protocol.Hosting).</summary>
    HostStopping,
}
