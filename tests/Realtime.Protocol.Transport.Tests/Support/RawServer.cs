using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>
/// A loopback port that reads one request and answers with the bytes that a test wrote, as a server or as a proxy. It knows no HTTP, so
/// that it can also send what no web server would.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    /// <param name="answer">Sent after the end of the request's header.</param>
    /// <param name="hold">Keeps the connection open until it completes; null closes it after the answer.</param>
    /// <param name="readsRequest">False to answer before anything has come.</param>
    public RawServer(string answer, Task? hold = null, bool readsRequest = true)
    {
        _listener.Start();
        _serving = Task.Run(async () =>
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            if (readsRequest)
            {
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                Request = await reader.ReadLineAsync() ?? "";
                while (!string.IsNullOrEmpty(await reader.ReadLineAsync()))
                {
                }
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.ReplaceLineEndings("\r\n")));
            if (hold is not null)
            {
                await hold;
            }
        });
    }

    /// <summary>The first line of the request.</summary>
    public string Request { get; private set; } = "";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Address => new($"ws://127.0.0.1:{Port}/v1/realtime");

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        try
        {
            await _serving;
        }
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Nobody came, or the client has gone before it took the answer.
        }
    }
}
