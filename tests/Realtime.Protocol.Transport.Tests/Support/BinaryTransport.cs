namespace Realtime.Protocol.Transport.Tests;

/// <summary>A connection on which the server sends everything in binary messages.</summary>
internal sealed class BinaryTransport(IRealtimeTransport inner) : IRealtimeTransport
{
    public RealtimeCloseReason? CloseReason => inner.CloseReason;

    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        ReceivedMessage message = await inner.ReceiveAsync(cancellationToken);
        return message.IsEnd ? message : new(message.Body, isBinary: true);
    }

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) => inner.SendAsync(message, cancellationToken);

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => inner.CloseAsync(statusCode, description, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
