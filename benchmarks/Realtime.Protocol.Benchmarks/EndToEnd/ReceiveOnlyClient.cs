using System.Net.WebSockets;
using System.Text;

namespace Realtime.Protocol.Benchmarks.EndToEnd;

/// <summary>The floor: the platform's <see cref="ClientWebSocket"/> into one buffer of 64 KB, nothing read of what arrives.</summary>
public sealed class ReceiveOnlyClient : IEventClient
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    private ReceiveOnlyClient()
    {
    }

    public static async Task<ReceiveOnlyClient> ConnectAsync(int port)
    {
        var client = new ReceiveOnlyClient();
        await client._socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/"), CancellationToken.None);
        return client;
    }

    public async ValueTask AskAsync(int count) =>
        await _socket.SendAsync(Encoding.UTF8.GetBytes(EndToEndMessages.Request(count)), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    public async ValueTask<long> TakeAsync(int count)
    {
        long bytes = 0;
        while (count > 0)
        {
            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(_buffer.AsMemory(), CancellationToken.None).ConfigureAwait(false);
            bytes += received.Count;
            count -= received.EndOfMessage ? 1 : 0;
        }

        return bytes;
    }

    public long Expected(int count) => EndToEndMessages.Bytes(count);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return default;
    }
}
