namespace Realtime.Protocol.Transport.Tests;

/// <summary>A connection slower than the microphone: each message takes its time on the clock of the test, and a close can wait for ever.</summary>
internal sealed class SlowTransport(IRealtimeTransport inner, TimeProvider time) : IRealtimeTransport
{
    /// <summary>Counts the messages that have begun to leave since <see cref="PerMessage"/> was set.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    /// <summary>How long a message is under way; at first no time at all.</summary>
    public TimeSpan PerMessage { get; set; }

    /// <summary>True to leave every close unanswered, whatever its token says.</summary>
    public bool IgnoresClose { get; set; }

    public RealtimeCloseReason? CloseReason => inner.CloseReason;

    public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => inner.ReceiveAsync(cancellationToken);

    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        if (PerMessage > TimeSpan.Zero)
        {
            var passing = Task.Delay(PerMessage, time, cancellationToken);
            Begun.Release();
            await passing;
        }

        return await inner.SendAsync(message, cancellationToken);
    }

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) =>
        IgnoresClose ? new(new TaskCompletionSource().Task) : inner.CloseAsync(statusCode, description, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
