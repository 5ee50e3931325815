using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>The other end of a WebSocket call: what comes is kept until it is asked for.</summary>
internal sealed class TestPhone : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly Channel<Heard> _heard = Channel.CreateUnbounded<Heard>();
    private Task _receiving = Task.CompletedTask;

    private TestPhone(ClientWebSocket socket) => _socket = socket;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>How the line was closed; null for without a goodbye.</summary>
    public int? CloseStatus => (int?)_socket.CloseStatus;

    public string? CloseDescription => _socket.CloseStatusDescription;

    public static async Task<TestPhone> DialAsync(Uri address, Action<ClientWebSocketOptions>? configure = null, bool listens = true)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        configure?.Invoke(socket.Options);
        try
        {
            await socket.ConnectAsync(address, Stop);
        }
        catch (WebSocketException refused)
        {
            throw new RefusedException((int)socket.HttpStatusCode, socket.HttpResponseHeaders?.TryGetValue("Retry-After", out IEnumerable<string>? after) is true ? after.Single() : null, refused);
        }

        var phone = new TestPhone(socket);
        if (listens)
        {
            phone._receiving = phone.ReceiveAsync();
        }

        return phone;
    }

    public Task SayAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Stop);

    public Task SayAsync(byte[] bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, Stop);

    public Task SayPartAsync(byte[] bytes, bool isEnd) => _socket.SendAsync(bytes, WebSocketMessageType.Text, isEnd, Stop);

    /// <summary>The next message.</summary>
    public async Task<Heard> HearAsync() => await _heard.Reader.ReadAsync(Stop);

    /// <summary>The next text message for which it is true; those before are passed over.</summary>
    public async Task<JsonNode> HearAsync(Func<JsonNode, bool> predicate)
    {
        while (true)
        {
            Heard heard = await HearAsync();
            if (heard.Json is { } json && predicate(json))
            {
                return json;
            }
        }
    }

    public bool TryHear(out Heard heard) => _heard.Reader.TryRead(out heard);

    public async Task HangUpAsync(WebSocketCloseStatus status = WebSocketCloseStatus.NormalClosure)
    {
        await _socket.CloseOutputAsync(status, "", Stop);
        await _receiving;
    }

    /// <summary>As kill -9 would.</summary>
    public void Break() => _socket.Abort();

    /// <summary>Reads to the end; the status says how.</summary>
    public async Task<int?> EndAsync()
    {
        await _receiving.WaitAsync(Stop);
        return CloseStatus;
    }

    public void Listen() => _receiving = ReceiveAsync();

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _receiving;
    }

    private async Task ReceiveAsync()
    {
        byte[] message = new byte[1 << 20];
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult read;
                do
                {
                    read = await _socket.ReceiveAsync(message.AsMemory(length), CancellationToken.None);
                    length += read.Count;
                }
                while (!read.EndOfMessage);
                if (read.MessageType is WebSocketMessageType.Close)
                {
                    if (_socket.State is WebSocketState.CloseReceived)
                    {
                        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
                    }

                    return;
                }

                byte[] bytes = message[..length];
                _heard.Writer.TryWrite(new(read.MessageType is WebSocketMessageType.Text ? JsonNode.Parse(bytes) : null, bytes));
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The line is gone.
        }
        finally
        {
            _heard.Writer.TryComplete();
        }
    }

    /// <summary>One message: JSON, or sound.</summary>
    public readonly record struct Heard(JsonNode? Json, byte[] Bytes);
}

/// <summary>The door stayed closed.</summary>
internal sealed class RefusedException(int status, string? retryAfter, Exception inner) : Exception($"HTTP {status}", inner)
{
    public int Status { get; } = status;

    public string? RetryAfter { get; } = retryAfter;
}
