using System.Security.Cryptography;
using Npgsql;

namespace Realtime.Protocol.CommandLine.Chaos.Servers;

/// <summary>A PostgreSQL of our own: a cluster made for this run, on a socket in its folder, that writes to the disk as one in production does.</summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private readonly GuardedServer _server;

    private PostgreSqlServer(GuardedServer server, string password)
    {
        _server = server;
        Password = password;
        ConnectionString = new NpgsqlConnectionStringBuilder { Host = server.Folder, Database = "postgres", Username = "postgres", Password = password, Timeout = 5, CommandTimeout = 5 }.ConnectionString;
    }

    public string Password { get; }

    public string ConnectionString { get; }

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? Missing =>
        !OperatingSystem.IsLinux() ? "Servers are started on Linux only."
        : Programs() is null ? "PostgreSQL is not installed (package postgresql)."
        : null;

    public static async Task<PostgreSqlServer> StartAsync()
    {
        string programs = Programs()!;
        string password = RandomNumberGenerator.GetHexString(32);
        GuardedServer server = await GuardedServer.PrepareAsync(
            "QUIT",
            $"echo \"$secret\" >password && {programs}/initdb -D data -U postgres -A scram-sha-256 --pwfile=password -E UTF8 --locale=C --no-sync",
            $"{programs}/postgres -D data -k \"$PWD\" -c listen_addresses= -c fsync=on -c shared_memory_type=mmap -c dynamic_shared_memory_type=mmap -c shared_buffers=16MB",
            password,
            user: "postgres");
        var started = new PostgreSqlServer(server, password);
        await started.StartAgainAsync();
        return started;
    }

    public Task StopAsync() => _server.StopAsync();

    public Task ContinueAsync() => _server.ContinueAsync();

    public Task KillAsync() => _server.KillAsync();

    /// <summary>Starts it over what it had stored, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        for (int attempt = 1; ; attempt++)
        {
            await _server.StartAsync();
            bool isReady = await _server.IsReadyAsync(async () =>
            {
                await using NpgsqlDataSource source = new NpgsqlSlimDataSourceBuilder(ConnectionString).Build();
                await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            });
            if (isReady)
            {
                return;
            }

            if (attempt == 5) // processes of the one that was killed hold its memory until the disk has answered them
            {
                throw new InvalidOperationException("PostgreSQL ended when it was started: " + await File.ReadAllTextAsync(Path.Combine(_server.Folder, "log")));
            }

            await Task.Delay(200);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // Debian keeps them out of the path, each version in a folder of its own.
    private static string? Programs()
    {
        const string Debian = "/usr/lib/postgresql";
        IEnumerable<string> versions = Directory.Exists(Debian) ? Directory.EnumerateDirectories(Debian).OrderByDescending(static path => int.TryParse(Path.GetFileName(path), out int version) ? version : 0) : [];
        return versions.Select(static version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}
