namespace Realtime.Protocol.Transport.Tests;

/// <summary>Sees each send begin, how many are under way at once (each lets others begin, if they may), and where what was received lies.</summary>
internal sealed class WitnessTransport(IRealtimeTransport inner) : IRealtimeTransport
{
    private int _underWay;

    public int MostAtOnce { get; private set; }

    /// <summary>Counts the messages that the connection has begun to take.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    /// <summary>The message that was received last.</summary>
    public ReadOnlyMemory<byte> Received { get; private set; }

    public RealtimeCloseReason? CloseReason => inner.CloseReason;

    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        ReceivedMessage received = await inner.ReceiveAsync(cancellationToken);
        Received = received.Body;
        return received;
    }

    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _underWay));
        await Task.Yield();
        ValueTask<bool> sending = inner.SendAsync(message, cancellationToken);
        Begun.Release();
        bool sent = await sending;
        Interlocked.Decrement(ref _underWay);
        return sent;
    }

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) =>
        inner.CloseAsync(statusCode, description, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
