using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Realtime.Protocol.Benchmarks.Simulator;

/// <summary>
/// A client that costs as little as one can: a socket, frames that were made before, and a reader that finds where frames end and of which type
/// they are. It counts what it hears, and which pieces of the echo are late.
/// </summary>
public sealed class RawSession : IDisposable
{
    /// <summary>How late a piece may be.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(100);

    private const int Text = 1;
    private const int Ping = 9;
    private const int LongestHeader = 10;
    private const int Peeked = 64;

    private readonly Socket _socket;
    private readonly byte[] _header = new byte[LongestHeader];
    private readonly byte[] _beginning = new byte[Peeked];
    private readonly SemaphoreSlim _heardSome = new(0);
    private int _headerLength;
    private long _left;
    private int _seen;
    private long _turnEnded;
    private int _piece;
    private int _events;
    private int _inTime;
    private int _responses;
    private int _pieces;
    private int _refusals;

    private RawSession(Socket socket) => _socket = socket;

    /// <summary>How many events came.</summary>
    public int Events => Volatile.Read(ref _events);

    /// <summary>How many pieces of echoes came in time.</summary>
    public int InTime => Volatile.Read(ref _inTime);

    /// <summary>How many pieces of echoes came at all.</summary>
    public int Pieces => Volatile.Read(ref _pieces);

    /// <summary>How often the simulator refused something.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>How many responses ended.</summary>
    public int Responses => Volatile.Read(ref _responses);

    public static async Task<RawSession> ConnectAsync(Uri server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        string request = string.Create(CultureInfo.InvariantCulture, $"GET {server.AbsolutePath}?model=gpt-realtime HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {Convert.ToBase64String(new byte[16])}\r\n\r\n");
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        byte[] buffer = new byte[16 * 1024];
        int length = 0;
        int end;
        do
        {
            int received = await socket.ReceiveAsync(buffer.AsMemory(length));
            length += received > 0 ? received : throw new IOException("The simulator hung up at the door.");
            end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
        }
        while (end < 0);

        if (!buffer.AsSpan(0, length).StartsWith("HTTP/1.1 101"u8))
        {
            throw new IOException($"The simulator refused the connection: {Encoding.ASCII.GetString(buffer, 0, buffer.AsSpan().IndexOf((byte)'\r'))}");
        }

        var session = new RawSession(socket);
        session.Take(buffer.AsSpan((end + 4)..length));
        _ = session.ReadAsync(buffer);
        return session;
    }

    /// <summary>Says a piece of the cycle.</summary>
    public void Say(int piece)
    {
        if (piece == TalkCycle.Timetable.Trigger)
        {
            Volatile.Write(ref _turnEnded, Stopwatch.GetTimestamp());
        }

        _socket.Send(TalkCycle.Frames[piece]);
    }

    /// <summary>Waits until so many events have come since the session began.</summary>
    public async Task HearAsync(int events)
    {
        while (Events < events)
        {
            await _heardSome.WaitAsync();
        }
    }

    public void Send(byte[] frame) => _socket.Send(frame);

    public void Dispose() => _socket.Dispose();

    private async Task ReadAsync(byte[] buffer)
    {
        try
        {
            while (await _socket.ReceiveAsync(buffer.AsMemory()) is > 0 and int received)
            {
                Take(buffer.AsSpan(0, received));
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The pieces that do not come are missing from those in time.
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_left == 0)
            {
                _header[_headerLength++] = bytes[0];
                bytes = bytes[1..];
                if (_headerLength < 2 || _headerLength < HeaderLength)
                {
                    continue;
                }

                (_left, _seen) = (PayloadLength, 0);
            }

            int taken = (int)Math.Min(_left, bytes.Length);
            int peeked = Math.Clamp(Peeked - _seen, 0, taken);
            bytes[..peeked].CopyTo(_beginning.AsSpan(_seen));
            _seen += peeked;
            _left -= taken;
            bytes = bytes[taken..];
            if (_left == 0)
            {
                _headerLength = 0;
                Heard(_header[0] & 0x0F, _beginning.AsSpan(0, _seen));
            }
        }
    }

    private int HeaderLength => _header[1] switch { 126 => 4, 127 => 10, _ => 2 };

    private long PayloadLength
    {
        get
        {
            long length = HeaderLength == 2 ? _header[1] : 0;
            for (int i = 2; i < HeaderLength; i++)
            {
                length = (length << 8) | _header[i];
            }

            return length;
        }
    }

    private void Heard(int opcode, ReadOnlySpan<byte> beginning)
    {
        if (opcode == Ping)
        {
            _socket.Send(TalkCycle.FrameOf(beginning, opcode: 10));
        }
        else if (opcode == Text)
        {
            if (TalkCycle.Says(beginning, "response.created"u8))
            {
                _piece = 0;
            }
            else if (TalkCycle.Says(beginning, "response.output_audio.delta"u8))
            {
                int[] due = TalkCycle.Timetable.Due;
                TimeSpan late = Stopwatch.GetElapsedTime(Volatile.Read(ref _turnEnded)) - TimeSpan.FromMilliseconds(_piece < due.Length ? due[_piece] : 0);
                _piece++;
                _pieces++;
                _inTime += late <= Deadline ? 1 : 0;
            }
            else if (TalkCycle.Says(beginning, "response.done"u8))
            {
                _responses++;
            }
            else if (TalkCycle.Says(beginning, "error"u8))
            {
                _refusals++;
            }

            Volatile.Write(ref _events, _events + 1);
            if (_heardSome.CurrentCount == 0)
            {
                _heardSome.Release();
            }
        }
    }
}
