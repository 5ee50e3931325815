using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Realtime.Protocol.Benchmarks.Comparisons;

namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>The floor: the platform's <see cref="ClientWebSocket"/> into one buffer of 64 KB. The time is taken when a message is whole, before anything is looked for in it.</summary>
public sealed class ReceivingListener : IListeningSession
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly StampedSpeech _speech;
    private int _heard;

    private ReceivingListener(StampedSpeech speech) => _speech = speech;

    public static async Task<ReceivingListener> ConnectAsync(int port, StampedSpeech speech)
    {
        var listener = new ReceivingListener(speech);
        await listener._socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/{Ways.ReceiveOnly}"), CancellationToken.None);
        await listener.ReceiveUntilAsync("session.created");
        await listener._socket.SendAsync("""{"type":"response.create"}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await listener.ReceiveUntilAsync("conversation.item.added");
        return listener;
    }

    public async ValueTask HearAsync(int pieces, Memory<long> ticks)
    {
        for (int piece = 0; piece < pieces; piece++)
        {
            int length = await ReceiveAsync().ConfigureAwait(false);
            long now = Stopwatch.GetTimestamp();
            long sentAt = _speech.SentAtOfMessage(Ways.ReceiveOnly, _buffer.AsSpan(0, length), _heard++);
            if (!ticks.IsEmpty)
            {
                ticks.Span[piece] = now - sentAt;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return default;
    }

    private async ValueTask<int> ReceiveAsync()
    {
        int length = 0;
        ValueWebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
            length += received.Count;
        }
        while (!received.EndOfMessage);

        return length;
    }

    private async Task ReceiveUntilAsync(string type)
    {
        int length;
        do
        {
            length = await ReceiveAsync();
        }
        while (JsonNode.Parse(_buffer.AsSpan(0, length))!["type"]!.GetValue<string>() != type);
    }
}
