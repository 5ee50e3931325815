using System.Buffers;
using System.Net.WebSockets;

namespace Realtime.Protocol.Gateway;

/// <summary>A WebSocket to a caller. A message is whole, however it was cut, or it is too long and ends the call; the memory for one is rented while it lasts.</summary>
internal sealed class WebSocketCallWire(WebSocket socket, int maxMessageBytes, Action abort) : ICallWire
{
    private byte[] _message = ArrayPool<byte>.Shared.Rent(4 * 1_024);

    public async ValueTask<WireMessage> ReceiveAsync()
    {
        int length = 0;
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult read = await socket.ReceiveAsync(_message.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
                if (read.MessageType is WebSocketMessageType.Close)
                {
                    return new(default, false, Goodbye(), IsOver: true);
                }

                length += read.Count;
                if (length > maxMessageBytes)
                {
                    return new(default, false, new(CallEndKind.TooLarge, $"A message of more than {maxMessageBytes} bytes came."));
                }

                if (read.EndOfMessage)
                {
                    return new(_message.AsMemory(0, length), read.MessageType is WebSocketMessageType.Text, null);
                }

                if (length == _message.Length)
                {
                    Grow();
                }
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            return new(default, false, CallEnd.Lost("The line to the caller broke."), IsOver: true);
        }
    }

    public async ValueTask<bool> SendAsync(OutgoingFrames frames)
    {
        try
        {
            for (int i = 0; i < frames.Count; i++)
            {
                (ReadOnlyMemory<byte> bytes, bool isText) = frames[i];
                await socket.SendAsync(bytes, isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            return false;
        }
    }

    public async ValueTask CloseAsync(int status, string description)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync((WebSocketCloseStatus)status, description, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // Nobody is there to be told.
        }
    }

    // The connection's own: a socket's abort does not wake a send that waits for the other side.
    public void Abort() => abort();

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _message, []));
        return default;
    }

    // 1001 is a page that is left or loaded again: the call may go on. A close frame without a code reads as NormalClosure here, so it is a goodbye, too.
    private CallEnd Goodbye() => socket.CloseStatus switch
    {
        WebSocketCloseStatus.NormalClosure => CallEnd.HungUp,
        WebSocketCloseStatus.MessageTooBig => new(CallEndKind.TooLarge, "The caller's side took a message for too long."),
        { } status => CallEnd.Lost($"The caller's side closed the line with {(int)status}."),
        null => CallEnd.Lost("The caller's side closed the line without saying why."),
    };

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(_message.Length * 2, Math.Max(maxMessageBytes + 1, _message.Length + 1)));
        _message.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_message);
        _message = larger;
    }
}
