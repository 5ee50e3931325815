using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Realtime.Protocol.CommandLine.Chaos.Servers;

/// <summary>A Redis of our own, on a free port of the loopback, with an append-only file.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly GuardedServer _server;
    private readonly ConfigurationOptions _configuration;

    private RedisServer(GuardedServer server, string password)
    {
        _server = server;
        Password = password;
        _configuration = new ConfigurationOptions { Password = password, ConnectTimeout = 5000, AsyncTimeout = 5000, AbortOnConnectFail = true };
    }

    public string Password { get; }

    /// <summary>As StackExchange.Redis reads it; with the password.</summary>
    public string Configuration => _configuration.ToString(includePassword: true);

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? Missing =>
        !OperatingSystem.IsLinux() ? "Servers are started on Linux only."
        : !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists(Path.Combine(folder, "redis-server"))) ? "Redis is not installed (package redis-server)."
        : null;

    /// <param name="fsync">When the file is written to the disk: <c>always</c> before each answer, or <c>everysec</c>.</param>
    public static async Task<RedisServer> StartAsync(string fsync)
    {
        string password = RandomNumberGenerator.GetHexString(32);
        GuardedServer server = await GuardedServer.PrepareAsync(
            "TERM",
            "echo \"requirepass $secret\" >redis.conf",
            $"redis-server redis.conf --bind 127.0.0.1 --port $argument --appendonly yes --appendfsync {fsync} --save '' --dir .",
            password);
        var started = new RedisServer(server, password);
        for (int attempt = 1; ; attempt++)
        {
            started._configuration.EndPoints.Clear();
            started._configuration.EndPoints.Add(IPAddress.Loopback, FreePort());
            if (await started.TryStartAsync())
            {
                return started;
            }

            if (attempt == 5) // somebody else may have taken the port meanwhile
            {
                throw new InvalidOperationException("Redis ended when it was started: " + await File.ReadAllTextAsync(Path.Combine(server.Folder, "log")));
            }
        }
    }

    public Task StopAsync() => _server.StopAsync();

    public Task ContinueAsync() => _server.ContinueAsync();

    public Task KillAsync() => _server.KillAsync();

    /// <summary>Starts it over what it had stored, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        if (!await TryStartAsync())
        {
            throw new InvalidOperationException("Redis ended when it was started again: " + await File.ReadAllTextAsync(Path.Combine(_server.Folder, "log")));
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> TryStartAsync()
    {
        await _server.StartAsync(((IPEndPoint)_configuration.EndPoints[0]).Port.ToString());
        return await _server.IsReadyAsync(async () =>
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync((IPEndPoint)_configuration.EndPoints[0]);
            using var stream = new StreamReader(connection.GetStream());
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"AUTH {Password}\r\nPING\r\n"));
            if ((await stream.ReadLineAsync(), await stream.ReadLineAsync()) is not ("+OK", "+PONG"))
            {
                throw new IOException("It is loading, or is somebody else's.");
            }
        });
    }
}
