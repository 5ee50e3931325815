using Realtime.Protocol.Testing;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>A model that takes nothing while it is stalled.</summary>
internal sealed class StalledTransport(InMemoryTransport inner) : IRealtimeTransport
{
    private TaskCompletionSource? _stalled;

    public RealtimeCloseReason? CloseReason => inner.CloseReason;

    public void Stall() => Volatile.Write(ref _stalled, new(TaskCreationOptions.RunContinuationsAsynchronously));

    public void GoOn() => Volatile.Read(ref _stalled)!.TrySetResult();

    public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => inner.ReceiveAsync(cancellationToken);

    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        await (Volatile.Read(ref _stalled)?.Task ?? Task.CompletedTask).WaitAsync(cancellationToken);
        return await inner.SendAsync(message, cancellationToken);
    }

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => inner.CloseAsync(statusCode, description, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
