namespace Realtime.Protocol.Transport.Tests;

/// <summary>Someone's own transport that breaks its promises: closing and disposing throw, and disposal may leave the receive waiting.</summary>
internal sealed class ThrowingTransport(IRealtimeTransport inner, bool endsReceive) : IRealtimeTransport
{
    public RealtimeCloseReason? CloseReason => inner.CloseReason;

    public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => inner.ReceiveAsync(cancellationToken);

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) => inner.SendAsync(message, cancellationToken);

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) =>
        throw new IOException("close");

    public async ValueTask DisposeAsync()
    {
        if (endsReceive)
        {
            await inner.DisposeAsync();
        }

        throw new IOException("dispose");
    }
}
