namespace Realtime.Protocol.Transport.Tests;

/// <summary>Someone's own transport that never comes back: its disposal does not end, or ends without ending the receive that waits.</summary>
internal sealed class HeldTransport(IRealtimeTransport inner, bool holdsDisposal) : IRealtimeTransport
{
    public RealtimeCloseReason? CloseReason => null;

    public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => inner.ReceiveAsync(cancellationToken);

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) => inner.SendAsync(message, cancellationToken);

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => default;

    public ValueTask DisposeAsync() => holdsDisposal ? new(new TaskCompletionSource().Task) : default;
}
