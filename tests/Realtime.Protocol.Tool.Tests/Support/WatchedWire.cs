using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary>A WebSocket that a test looks at: what the client said on it, how many bytes came, and when it broke.</summary>
/// <param name="inner">The socket.</param>
internal sealed class WatchedWire(IRealtimeTransport inner) : IRealtimeTransport
{
    private readonly ConcurrentQueue<JsonObject> _sent = new();
    private readonly ConcurrentQueue<int> _received = new();
    private long _brokeAt;
    private long _bytes;

    /// <summary>What the client said, in order.</summary>
    public IReadOnlyList<JsonObject> Sent => [.. _sent];

    /// <summary>How long each message of the server was.</summary>
    public IReadOnlyList<int> Received => [.. _received];

    /// <summary>When it was seen that nothing more comes, as <see cref="Stopwatch.GetTimestamp"/> counts; 0 while it stands.</summary>
    public long BrokeAt => Volatile.Read(ref _brokeAt);

    /// <summary>How many bytes may come before <see cref="Reached"/>.</summary>
    public long Until { get; init; } = long.MaxValue;

    /// <summary>Awaited once, before the client sees the message with which so many bytes have come.</summary>
    public Func<Task>? Reached { get; init; }

    public RealtimeCloseReason? CloseReason => inner.CloseReason;

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        _sent.Enqueue(JsonNode.Parse(message.Span)!.AsObject());
        return inner.SendAsync(message, cancellationToken);
    }

    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        ReceivedMessage message = await inner.ReceiveAsync(cancellationToken);
        if (message.IsEnd)
        {
            Interlocked.CompareExchange(ref _brokeAt, Stopwatch.GetTimestamp(), 0);
            return message;
        }

        _received.Enqueue(message.Body.Length);
        long before = _bytes;
        _bytes += message.Body.Length;
        if (before < Until && _bytes >= Until && Reached is { } reached)
        {
            await reached();
        }

        return message;
    }

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => inner.CloseAsync(statusCode, description, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
