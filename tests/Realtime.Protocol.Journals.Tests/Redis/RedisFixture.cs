using System.Diagnostics;
using Realtime.Protocol.CommandLine.Chaos.Servers;
using StackExchange.Redis;

namespace Realtime.Protocol.Journals.Tests.Redis;

/// <summary>Tests of what a journal keeps. They share a Redis, one after the other: some of them stop it.</summary>
[CollectionDefinition(Name)]
public sealed class RedisCollection : ICollectionFixture<RedisFixture>
{
    public const string Name = "Redis";
}

/// <summary>Tests of those who use a journal, on a Redis of their own: both kinds mostly wait for one that is gone.</summary>
[CollectionDefinition(Name)]
public sealed class RedisInUseCollection : ICollectionFixture<RedisFixture>
{
    public const string Name = "Redis in use";
}

/// <summary>The Redis of a collection. It answers when what it was told is on the disk, so that it can be killed at any moment.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisServer? _server;
    private ConnectionMultiplexer? _connection;

    public string Configuration => _server!.Configuration;

    public string Password => _server!.Password;

    public ConnectionMultiplexer Connection => _connection!;

    public async ValueTask InitializeAsync()
    {
        if (RedisServer.Missing is null)
        {
            _server = await RedisServer.StartAsync("always");
            _connection = await ConnectionMultiplexer.ConnectAsync(_server.Configuration + ",abortConnect=false,connectTimeout=500,asyncTimeout=3000");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _connection!.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    /// <summary>Another journal over the same server. Skips the test where there is no Redis.</summary>
    public RedisJournal Open() => Open(new RedisJournalOptions());

    public RedisJournal Open(RedisJournalOptions options)
    {
        Assert.SkipWhen(RedisServer.Missing is not null, RedisServer.Missing ?? "");
        return new(Connection, options);
    }

    public Task KillAsync() => _server!.KillAsync();

    /// <summary>Starts it, and waits until the connection, which looks for it once a second, has found it.</summary>
    public async Task StartAgainAsync()
    {
        await _server!.StartAgainAsync();
        for (long begun = Stopwatch.GetTimestamp(); !Connection.IsConnected && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(60);)
        {
            await Task.Delay(20); // nothing tells of it
        }
    }

    public Task StopAsync() => _server!.StopAsync();

    public Task ContinueAsync() => _server!.ContinueAsync();
}
