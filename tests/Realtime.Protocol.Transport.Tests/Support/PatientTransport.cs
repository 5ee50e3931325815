namespace Realtime.Protocol.Transport.Tests;

/// <summary>A transport whose every wait ends after ten seconds: what hangs fails the test that waits, by name, instead of the whole run.</summary>
internal sealed class PatientTransport(IRealtimeTransport inner) : IRealtimeTransport
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public RealtimeCloseReason? CloseReason => inner.CloseReason;

    public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => new(inner.ReceiveAsync(cancellationToken).AsTask().WaitAsync(Patience));

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) =>
        new(inner.SendAsync(message, cancellationToken).AsTask().WaitAsync(Patience));

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) =>
        new(inner.CloseAsync(statusCode, description, cancellationToken).AsTask().WaitAsync(Patience));

    public ValueTask DisposeAsync() => new(inner.DisposeAsync().AsTask().WaitAsync(Patience));
}
