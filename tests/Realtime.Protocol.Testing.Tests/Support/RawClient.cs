using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>A WebSocket client of this test project's own, on a bare socket: it sends bytes as they are given, and shows frames as they came. It shares nothing with what it tests.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private Stream _stream;
    private readonly CancellationToken _stop;

    private RawClient(int port, CancellationToken stop, int receiveBuffer)
    {
        _stop = stop;
        if (receiveBuffer > 0)
        {
            _socket.ReceiveBufferSize = receiveBuffer;
        }

        _socket.Connect("127.0.0.1", port);
        _stream = new NetworkStream(_socket, ownsSocket: true);
    }

    /// <summary>The HTTP answer's head.</summary>
    public string Answer { get; private set; } = "";

    public static async Task<RawClient> ConnectAsync(RealtimeSimulatorHost host, CancellationToken stop, string rest = "", string headers = "", int receiveBuffer = 0)
    {
        var client = new RawClient(host.Endpoint.Port, stop, receiveBuffer);
        if (host.CertificatePem is not null)
        {
            var secure = new SslStream(client._stream, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
            await secure.AuthenticateAsClientAsync("localhost");
            client._stream = secure;
        }

        return await client.ShakeHandsAsync(host.Endpoint.AbsolutePath + rest, headers);
    }

    /// <summary>Connects to a host that is another program.</summary>
    public static Task<RawClient> ConnectAsync(Uri endpoint, CancellationToken stop, int receiveBuffer = 0) => new RawClient(endpoint.Port, stop, receiveBuffer).ShakeHandsAsync(endpoint.AbsolutePath, "");

    /// <summary>A masked frame.</summary>
    public static byte[] Frame(int first, ReadOnlySpan<byte> payload)
    {
        byte[] length = payload.Length <= 125 ? [(byte)(0x80 | payload.Length)] : payload.Length <= 65535 ? [0xFE, 0, 0] : [0xFF, 0, 0, 0, 0, 0, 0, 0, 0];
        if (length.Length == 3)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length.AsSpan(1), (ushort)payload.Length);
        }
        else if (length.Length == 9)
        {
            BinaryPrimitives.WriteUInt64BigEndian(length.AsSpan(1), (ulong)payload.Length);
        }

        byte[] key = [0x12, 0x34, 0x56, 0x78];
        byte[] masked = [.. payload];
        for (int i = 0; i < masked.Length; i++)
        {
            masked[i] ^= key[i & 3];
        }

        return [(byte)first, .. length, .. key, .. masked];
    }

    public ValueTask WriteAsync(byte[] bytes) => _stream.WriteAsync(bytes, _stop);

    public ValueTask SayAsync(string message) => WriteAsync(Frame(0x81, Encoding.UTF8.GetBytes(message)));

    /// <summary>The next frame: its first byte, whether it is masked, and its payload as it stands.</summary>
    public async Task<(int First, bool IsMasked, byte[] Payload)> ReadFrameAsync()
    {
        byte[] head = await ReadAsync(2);
        int announced = head[1] & 0x7F;
        int length = announced == 126 ? BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2)) : announced == 127 ? (int)BinaryPrimitives.ReadUInt64BigEndian(await ReadAsync(8)) : announced;
        bool isMasked = (head[1] & 0x80) != 0;
        return (head[0], isMasked, await ReadAsync(length + (isMasked ? 4 : 0)));
    }

    /// <summary>Reads until a goodbye: its code, 0 when it has none, and its reason.</summary>
    public async Task<(int Code, string Reason)> ReadGoodbyeAsync()
    {
        while (true)
        {
            (int first, bool _, byte[] payload) = await ReadFrameAsync();
            if (first == 0x88)
            {
                return payload.Length == 0 ? (0, "") : (BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload.AsSpan(2)));
            }
        }
    }

    /// <summary>Every byte to the end of the stream, and whether the end was a reset.</summary>
    public async Task<(byte[] Bytes, bool WasReset)> ReadToEndAsync()
    {
        var all = new MemoryStream();
        byte[] block = new byte[64 * 1024];
        try
        {
            while (await _stream.ReadAsync(block, _stop) is > 0 and int length)
            {
                all.Write(block, 0, length);
            }

            return (all.ToArray(), false);
        }
        catch (IOException failure) when (failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return (all.ToArray(), true);
        }
    }

    public async Task<byte[]> ReadAsync(int length)
    {
        byte[] bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes, _stop);
        return bytes;
    }

    private async Task<RawClient> ShakeHandsAsync(string path, string headers)
    {
        await WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{headers}\r\n"));
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(1))[0]);
        }

        Answer = head.ToString();
        return this;
    }

    public void Dispose() => _stream.Dispose();
}
