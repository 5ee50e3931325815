namespace Realtime.Protocol.Transport.Tests;

/// <summary>A connection that is lost after so many messages, in either direction: the next one is not taken, or does not come.</summary>
/// <param name="inner">What it is until then.</param>
/// <param name="messages">So many pass.</param>
internal sealed class CutTransport(IRealtimeTransport inner, int messages) : IRealtimeTransport
{
    private static readonly RealtimeCloseReason Lost = new(RealtimeCloseKind.ConnectionLost, null, "The line was cut.");

    private int _passed;
    private RealtimeCloseReason? _closeReason;

    /// <summary>How many messages have passed.</summary>
    public int Passed => Math.Min(messages, Volatile.Read(ref _passed));

    public RealtimeCloseReason? CloseReason => Volatile.Read(ref _closeReason) ?? inner.CloseReason;

    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) =>
        await PassesAsync() && await inner.SendAsync(message, cancellationToken);

    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        ReceivedMessage message = await inner.ReceiveAsync(cancellationToken);
        return Volatile.Read(ref _closeReason) is { } lost ? new(lost) : message.IsEnd || await PassesAsync() ? message : new(Lost);
    }

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => inner.CloseAsync(statusCode, description, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<bool> PassesAsync()
    {
        if (Interlocked.Increment(ref _passed) <= messages)
        {
            return true;
        }

        Interlocked.CompareExchange(ref _closeReason, Lost, null);
        await inner.DisposeAsync();
        return false;
    }
}
