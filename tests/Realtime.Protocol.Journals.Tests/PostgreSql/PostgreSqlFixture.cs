using Npgsql;
using Realtime.Protocol.CommandLine.Chaos.Servers;

namespace Realtime.Protocol.Journals.Tests.PostgreSql;

/// <summary>Tests that share the one PostgreSQL of a run, one after the other: some of them stop it.</summary>
[CollectionDefinition(Name)]
public sealed class PostgreSqlCollection : ICollectionFixture<PostgreSqlFixture>
{
    public const string Name = "PostgreSQL";
}

/// <summary>The one PostgreSQL of a run, with the table of a journal.</summary>
public sealed class PostgreSqlFixture : IAsyncLifetime
{
    private PostgreSqlServer? _server;
    private NpgsqlDataSource? _source;

    public string ConnectionString => _server!.ConnectionString;

    public string Password => _server!.Password;

    public NpgsqlDataSource Source => _source!;

    public async ValueTask InitializeAsync()
    {
        if (PostgreSqlServer.Missing is null)
        {
            _server = await PostgreSqlServer.StartAsync();
            _source = NpgsqlDataSource.Create(_server.ConnectionString);
            await new PostgreSqlJournal(_source).CreateSchemaAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _source!.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    /// <summary>Another journal over the same table. Skips the test where there is no PostgreSQL.</summary>
    public PostgreSqlJournal Open()
    {
        Assert.SkipWhen(PostgreSqlServer.Missing is not null, PostgreSqlServer.Missing ?? "");
        return new(Source);
    }

    public Task KillAsync() => _server!.KillAsync();

    public Task StartAgainAsync() => _server!.StartAgainAsync();

    public Task StopAsync() => _server!.StopAsync();

    public Task ContinueAsync() => _server!.ContinueAsync();
}
