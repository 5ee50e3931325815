using Realtime.Protocol.Testing;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Hosting.Tests;

/// <summary>A connection whose goodbye is never answered; nothing but its disposal ends it.</summary>
internal sealed class StubbornTransport(InMemoryTransport inner) : IRealtimeTransport
{
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the session says goodbye.</summary>
    public Task Closing => _closing.Task;

    public RealtimeCloseReason? CloseReason => inner.CloseReason;

    public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => inner.ReceiveAsync(cancellationToken);

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) => inner.SendAsync(message, cancellationToken);

    public async ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default)
    {
        _closing.TrySetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
