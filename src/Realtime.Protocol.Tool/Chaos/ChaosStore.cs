using Realtime.Protocol.CommandLine.Bridging;
using Realtime.Protocol.CommandLine.Chaos.Servers;

namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>The store of a run: one of our own, which is thrown away afterwards and can be taken away for a moment, or one that is given and left alone.</summary>
internal sealed class ChaosStore : IAsyncDisposable
{
    private readonly Func<Task>? _takeAway;
    private readonly Func<Task>? _giveBack;
    private readonly Func<ValueTask>? _dispose;

    private ChaosStore(string name, JournalPlace place, Func<Task>? takeAway = null, Func<Task>? giveBack = null, Func<ValueTask>? dispose = null) =>
        (Name, Place, _takeAway, _giveBack, _dispose) = (name, place, takeAway, giveBack, dispose);

    /// <summary>What it is, in words.</summary>
    public string Name { get; }

    public JournalPlace Place { get; }

    /// <summary>Whether it is ours to take away.</summary>
    public bool CanGo => _takeAway is not null;

    /// <param name="text"><c>file</c>, <c>postgresql</c> or <c>redis</c> for one of our own; or a place as <c>gateway</c> takes it.</param>
    /// <param name="variable">True where it came from an environment variable.</param>
    /// <exception cref="ToolException">It can't be had here.</exception>
    public static async Task<ChaosStore> OpenAsync(string text, bool variable)
    {
        switch (variable ? "" : text)
        {
            case "file":
                string folder = Directory.CreateTempSubdirectory("realtime-chaos-").FullName;
                string calls = Path.Combine(folder, "calls");
                return new(
                    "files",
                    new JournalPlace.Folder(calls),
                    () => Do(() => Directory.Move(calls, calls + ".gone")),
                    () => Do(() => Directory.Move(calls + ".gone", calls)),
                    () => new(Do(() => Directory.Delete(folder, recursive: true))));
            case "postgresql":
                PostgreSqlServer postgreSql = PostgreSqlServer.Missing is { } why ? throw Missing(why) : await PostgreSqlServer.StartAsync();
                return new("PostgreSQL", JournalPlace.Read(postgreSql.ConnectionString, variable: true), postgreSql.KillAsync, postgreSql.StartAgainAsync, postgreSql.DisposeAsync);
            case "redis":
                RedisServer redis = RedisServer.Missing is { } absent ? throw Missing(absent) : await RedisServer.StartAsync("always");
                return new("Redis", JournalPlace.Read(redis.Configuration, variable: true), redis.KillAsync, redis.StartAgainAsync, redis.DisposeAsync);
            default:
                JournalPlace place = JournalPlace.Read(text, variable);
                return new(place.Shown, place);
        }
    }

    /// <summary>It is gone: whoever asks is refused.</summary>
    public Task TakeAwayAsync() => _takeAway!();

    /// <summary>It is back, with all that was stored.</summary>
    public Task GiveBackAsync() => _giveBack!();

    public ValueTask DisposeAsync() => _dispose?.Invoke() ?? default;

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static ToolException Missing(string why) => new(ExitCode.UnusableInput, $"{why} Name a server with --journal-variable, or another kind of journal.");
}
