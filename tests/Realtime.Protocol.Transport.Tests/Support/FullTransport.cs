namespace Realtime.Protocol.Transport.Tests;

/// <summary>A socket that takes no message while it is full, as one does whose peer has stopped reading.</summary>
internal sealed class FullTransport(IRealtimeTransport inner) : IRealtimeTransport
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _room = Full(isFull: false);

    /// <summary>Completes when it was first handed a message while it was full.</summary>
    public Task Held => _held.Task;

    public RealtimeCloseReason? CloseReason => inner.CloseReason;

    public void Fill() => _room = Full(isFull: true);

    public void Break() => _room = Broken();

    public void Empty() => _room.TrySetResult();

    public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => inner.ReceiveAsync(cancellationToken);

    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        Task room = _room.Task;
        if (!room.IsCompleted)
        {
            _held.TrySetResult();
        }

        await room;
        return await inner.SendAsync(message, cancellationToken);
    }

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => inner.CloseAsync(statusCode, description, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static TaskCompletionSource Broken()
    {
        var room = new TaskCompletionSource();
        room.SetException(new IOException("broken"));
        return room;
    }

    private static TaskCompletionSource Full(bool isFull)
    {
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!isFull)
        {
            room.SetResult();
        }

        return room;
    }
}
