using Realtime.Protocol.CommandLine.Chaos.Servers;

namespace Realtime.Protocol.Benchmarks.Gateway;

/// <summary>Where the calls of a run are kept: nowhere, in a folder, or in a server of this run, which ends with it. A gateway in a process of its own is told by its environment, since a connection string holds a password.</summary>
/// <param name="name">One of <see cref="Names"/>.</param>
/// <param name="connection">Of the store; empty for none.</param>
internal sealed class CallStore(string name, string connection, IAsyncDisposable? server) : IAsyncDisposable
{
    public const string None = "none";
    public const string File = "file";
    public const string PostgreSql = "postgresql";
    public const string Redis = "redis";

    private const string NameVariable = "REALTIME_BENCHMARK_JOURNAL";
    private const string ConnectionVariable = "REALTIME_BENCHMARK_STORE";

    public static IReadOnlyList<string> Names { get; } = [None, File, PostgreSql, Redis];

    public string Name => name;

    /// <summary>Whether a call goes on at another gateway.</summary>
    public bool Resumes => name != None;

    public IReadOnlyCollection<KeyValuePair<string, string>> Environment => [new(NameVariable, name), new(ConnectionVariable, connection)];

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? Missing(string name) => name switch
    {
        PostgreSql => PostgreSqlServer.Missing,
        Redis => RedisServer.Missing,
        _ => null,
    };

    public static async Task<CallStore> StartAsync(string name)
    {
        switch (name)
        {
            case File:
                DirectoryInfo folder = Directory.CreateTempSubdirectory("realtime-calls-");
                return new(name, folder.FullName, new Folder(folder));
            case PostgreSql:
                PostgreSqlServer database = await PostgreSqlServer.StartAsync();
                return new(name, database.ConnectionString, database);
            case Redis:
                RedisServer redis = await RedisServer.StartAsync("everysec");
                return new(name, redis.Configuration, redis);
            default:
                return new(name, "", null);
        }
    }

    /// <summary>The journal that this process was told of; null for none.</summary>
    public static async Task<ISessionJournal?> JournalOfThisProcessAsync()
    {
        string connection = System.Environment.GetEnvironmentVariable(ConnectionVariable) ?? "";
        switch (System.Environment.GetEnvironmentVariable(NameVariable))
        {
            case File:
                return new FileJournal(connection);
            case PostgreSql:
                var journal = new PostgreSqlJournal(connection);
                await journal.CreateSchemaAsync();
                return journal;
            case Redis:
                return new RedisJournal(connection);
            default:
                return null;
        }
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? default;

    private sealed class Folder(DirectoryInfo folder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            folder.Delete(recursive: true);
            return default;
        }
    }
}
