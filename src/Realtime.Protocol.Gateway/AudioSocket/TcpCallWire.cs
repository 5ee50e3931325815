using System.Buffers.Binary;
using System.Net.Sockets;

namespace Realtime.Protocol.Gateway;

/// <summary>A TCP connection of Asterisk's: frames are whole, however the bytes were cut. An end between two frames is a goodbye, since Asterisk has no other; an end inside one is a broken line.</summary>
internal sealed class TcpCallWire(Socket socket, int maxMessageBytes) : ICallWire
{
    private readonly byte[] _bytes = new byte[AudioSocketProtocol.HeadBytes + Math.Min(maxMessageBytes, ushort.MaxValue)];
    private int _start;
    private int _end;

    public async ValueTask<WireMessage> ReceiveAsync()
    {
        try
        {
            if (!await FillAsync(AudioSocketProtocol.HeadBytes).ConfigureAwait(false))
            {
                return Over(_end == _start ? CallEnd.HungUp : CallEnd.Lost("The line ended inside a frame."));
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(_start + 1));
            if (AudioSocketProtocol.HeadBytes + length > _bytes.Length)
            {
                return Over(new(CallEndKind.TooLarge, $"A frame of {length} bytes came, and {maxMessageBytes} are taken."));
            }

            if (!await FillAsync(AudioSocketProtocol.HeadBytes + length).ConfigureAwait(false))
            {
                return Over(CallEnd.Lost("The line ended inside a frame."));
            }

            // The type takes the place of the length's last byte, so that type and payload are one piece.
            _bytes[_start + 2] = _bytes[_start];
            ReadOnlyMemory<byte> message = _bytes.AsMemory(_start + 2, 1 + length);
            _start += AudioSocketProtocol.HeadBytes + length;
            return new(message, false, null);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            return Over(CallEnd.Lost("The line to Asterisk broke."));
        }
    }

    public async ValueTask<bool> SendAsync(OutgoingFrames frames)
    {
        try
        {
            ReadOnlyMemory<byte> rest = frames.All;
            while (!rest.IsEmpty)
            {
                rest = rest[await socket.SendAsync(rest, SocketFlags.None, CancellationToken.None).ConfigureAwait(false)..];
            }

            return true;
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public ValueTask CloseAsync(int status, string description)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // Nobody is there to be told.
        }

        return default;
    }

    public void Abort() => socket.Close(0);

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return default;
    }

    private static WireMessage Over(CallEnd end) => new(default, false, end, IsOver: true);

    private async ValueTask<bool> FillAsync(int count)
    {
        while (_end - _start < count)
        {
            if (_start > 0)
            {
                _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
                (_start, _end) = (0, _end - _start);
            }

            int read = await socket.ReceiveAsync(_bytes.AsMemory(_end), SocketFlags.None, CancellationToken.None).ConfigureAwait(false);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }
}
