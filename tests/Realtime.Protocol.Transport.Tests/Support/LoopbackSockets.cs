using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>
/// The two ends of a WebSocket over a TCP connection on loopback, without the handshake and without pings. Its buffers are small: a large
/// message that nobody receives waits at its sender.
/// </summary>
internal static class LoopbackSockets
{
    private const int BufferBytes = 64 * 1024;

    public static (WebSocket Client, WebSocket Server) Connect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Server.ReceiveBufferSize = BufferBytes;
        listener.Start();
        var near = new TcpClient { NoDelay = true, SendBufferSize = BufferBytes, ReceiveBufferSize = BufferBytes };
        near.Connect((IPEndPoint)listener.LocalEndpoint);
        TcpClient far = listener.AcceptTcpClient();
        (far.NoDelay, far.SendBufferSize) = (true, BufferBytes);
        return (WebSocket.CreateFromStream(near.GetStream(), new WebSocketCreationOptions { KeepAliveInterval = TimeSpan.Zero }),
            WebSocket.CreateFromStream(far.GetStream(), new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero }));
    }
}
