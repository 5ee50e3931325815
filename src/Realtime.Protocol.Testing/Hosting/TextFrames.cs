using System.Net.WebSockets;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// A WebSocket that takes text only, as the protocol says: a binary frame ends the connection with 1003. Everything else is passed on.
/// </summary>
internal sealed class TextFrames(WebSocket socket) : WebSocket
{
    public override WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public override string? CloseStatusDescription => socket.CloseStatusDescription;

    public override WebSocketState State => socket.State;

    public override string? SubProtocol => socket.SubProtocol;

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (received.MessageType != WebSocketMessageType.Binary)
        {
            return received;
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.InvalidMessageType, "Events are sent as text frames, not as binary ones.", cancellationToken).ConfigureAwait(false);
        return new(0, WebSocketMessageType.Close, true);
    }

    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        ValueWebSocketReceiveResult received = await ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
        return new(received.Count, received.MessageType, received.EndOfMessage);
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, WebSocketMessageFlags messageFlags, CancellationToken cancellationToken) =>
        socket.SendAsync(buffer, messageType, messageFlags, cancellationToken);

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        socket.SendAsync(buffer, messageType, endOfMessage, cancellationToken);

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        socket.CloseAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        socket.CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Abort() => socket.Abort();

    public override void Dispose() => socket.Dispose();
}
