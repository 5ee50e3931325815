namespace Realtime.Protocol.Transport;

/// <summary>
/// A connection that carries whole messages in both directions. One caller receives and one caller sends; the two may run at the same
/// time, and <see cref="CloseAsync"/> and disposal may be called from anywhere. What the network does is a value
/// (<see cref="RealtimeCloseReason"/>), never an exception.
/// </summary>
public interface IRealtimeTransport : IAsyncDisposable
{
    /// <summary>Why the connection ended; null while it is open.</summary>
    RealtimeCloseReason? CloseReason { get; }

    /// <summary>
    /// Waits for the next message, or for the end of the connection. The message is one contiguous block that belongs to the transport
    /// and is valid until the next call. In steady state nothing is allocated.
    /// </summary>
    /// <param name="cancellationToken">Ends the connection (<see cref="RealtimeCloseKind.Cancelled"/>): half a message may have been read.</param>
    /// <returns>A message, or, from the end of the connection on, that end.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [Borrowed]
    [InvalidatesBorrows]
    ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends one message, after those sent before. The bytes stay the caller's and must not change until the returned task completes;
    /// its completion means that the message was handed to the operating system, not that it arrived.
    /// </summary>
    /// <param name="message">The whole message: UTF-8 text.</param>
    /// <param name="cancellationToken">Ends the connection (<see cref="RealtimeCloseKind.Cancelled"/>): half a message may have been written.</param>
    /// <returns>False when the connection has ended; the next receive says why.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<bool> SendAsync([Borrowed] ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default);

    /// <summary>
    /// Says goodbye. What was sent before still arrives; nothing can be sent afterwards. The peer's messages go on arriving until it
    /// answers, so the receiver keeps receiving until it sees the end. Does nothing on a connection that has ended.
    /// </summary>
    /// <param name="statusCode">A WebSocket status code: 1000 (normal), 1001 (going away), 3000 to 4999 (the application's own).</param>
    /// <param name="description">One sentence for the peer, at most 123 bytes of UTF-8; longer text is cut.</param>
    /// <param name="cancellationToken">Stops waiting and breaks the connection off.</param>
    ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default);
}
