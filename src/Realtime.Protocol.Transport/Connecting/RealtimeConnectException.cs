using System.Net;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// The session could not be established. The message is one sentence about what was wrong and one about what to do; it never holds the credential.
/// </summary>
public sealed class RealtimeConnectException : RealtimeException
{
    /// <summary>A failed connection attempt.</summary>
    /// <param name="failure">Why it failed.</param>
    /// <param name="message">What was wrong and what to do.</param>
    /// <param name="inner">What the platform said, if anything.</param>
    public RealtimeConnectException(RealtimeConnectFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Why the attempt failed.</summary>
    public RealtimeConnectFailure Failure { get; }

    /// <summary>The status that the server, or a proxy on the way (<see cref="RealtimeConnectFailure.ProxyRefused"/>), answered with; null when there was no such answer.</summary>
    public HttpStatusCode? HttpStatus { get; init; }

    /// <summary>How long the server asks to wait before the next attempt; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// What the server said: in the body of a refused handshake, about a refused configuration, or before it closed the connection. Null
    /// when it said nothing. Its message stands here alone, because servers quote what they refuse, instructions included.
    /// </summary>
    public ServerError? Error { get; init; }

    /// <summary>
    /// Whether the same attempt may succeed later, with nothing changed here: true for a network that fails, a server that is overloaded or
    /// restarts, and a timeout; false for a key, an address, a certificate or a configuration that is refused, and for a spent quota.
    /// </summary>
    public bool IsTransient => TransientFailure.Is(Failure, HttpStatus, Error);
}
