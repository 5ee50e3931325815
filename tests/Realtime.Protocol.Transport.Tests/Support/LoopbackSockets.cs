using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>
/// The two ends of a WebSocket over a TCP connection on loopback, without pings. Its buffers are small: a large message that nobody receives waits at its sender.
/// </summary>
internal static class LoopbackSockets
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Without the handshake: both ends are over streams.</summary>
    public static (WebSocket Client, WebSocket Server) Connect()
    {
        using TcpListener listener = Listen();
        var near = new TcpClient { NoDelay = true, SendBufferSize = BufferBytes, ReceiveBufferSize = BufferBytes };
        near.Connect((IPEndPoint)listener.LocalEndpoint);
        return (WebSocket.CreateFromStream(near.GetStream(), new WebSocketCreationOptions { KeepAliveInterval = TimeSpan.Zero }), Serve(listener.AcceptTcpClient()));
    }

    /// <summary>With the handshake, since the near end is the platform's client.</summary>
    public static async Task<(ClientWebSocket Client, WebSocket Server)> ConnectClientAsync()
    {
        using TcpListener listener = Listen();
        var near = new ClientWebSocket();
        near.Options.KeepAliveInterval = TimeSpan.Zero;
        using var invoker = new SocketsHttpHandler
        {
            ConnectCallback = static async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = BufferBytes, ReceiveBufferSize = BufferBytes };
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        Task connecting = near.ConnectAsync(new($"ws://{listener.LocalEndpoint}/"), new HttpMessageInvoker(invoker, disposeHandler: false), CancellationToken.None);
        TcpClient far = await listener.AcceptTcpClientAsync();
        await AcceptAsync(far.GetStream());
        await connecting;
        return (near, Serve(far));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Server.ReceiveBufferSize = BufferBytes;
        listener.Start();
        return listener;
    }

    private static WebSocket Serve(TcpClient far)
    {
        (far.NoDelay, far.SendBufferSize) = (true, BufferBytes);
        return WebSocket.CreateFromStream(far.GetStream(), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
    }

    // The server's half of the handshake (RFC 6455, 4.2.2). The client says nothing behind its request until it is answered, so nothing is read too far.
    private static async Task AcceptAsync(NetworkStream stream)
    {
        const string Key = "Sec-WebSocket-Key: ";
        var request = new StringBuilder();
        byte[] room = new byte[4_096];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int length = await stream.ReadAsync(room);
            if (length == 0)
            {
                throw new EndOfStreamException("The client went before it had asked.");
            }

            request.Append(Encoding.ASCII.GetString(room, 0, length));
        }

        string key = request.ToString().Split("\r\n").Single(line => line.StartsWith(Key, StringComparison.OrdinalIgnoreCase))[Key.Length..];
        string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"));
    }
}
