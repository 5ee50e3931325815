using System.Security.Cryptography;
using Npgsql;
using Realtime.Protocol.PostgreSql;

namespace Realtime.Protocol.Journals.Tests.PostgreSql;

/// <inheritdoc/>
[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlStoreTests(PostgreSqlFixture server) : StoreTests
{
    protected override ISessionJournal Open() => server.Open();

    protected override ISessionJournal OpenAlone() => new PostgreSqlJournal(server.ConnectionString);

    protected override ISessionJournal OpenPatient()
    {
        server.Open();
        return new PostgreSqlJournal(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Timeout = 300, CommandTimeout = 300 }.ConnectionString);
    }

    protected override async Task SaveAsNumberAsync(string call, long fence, string checkpoint, long number)
    {
        await using NpgsqlCommand command = server.Source.CreateCommand(new JournalStatements(new()).Save);
        foreach (object value in (object[])[SHA256.HashData(Bytes(call)), fence, Bytes(checkpoint), new Guid("6e6f6e65-0000-0000-0000-000000000001"), number])
        {
            command.Parameters.Add(new() { Value = value });
        }

        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    protected override Task KillAsync() => server.KillAsync();

    protected override Task StartAgainAsync() => server.StartAgainAsync();

    protected override Task StopAsync() => server.StopAsync();

    protected override Task ContinueAsync() => server.ContinueAsync();
}

/// <inheritdoc/>
[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlSessionTests(PostgreSqlFixture server) : SessionTests
{
    protected override ISessionJournal Open() => server.Open();

    protected override Task KillAsync() => server.KillAsync();

    protected override Task StartAgainAsync() => server.StartAgainAsync();

    protected override Task RunProgramAsync(Uri endpoint) => Programs.TalkOverPostgreSqlAsync(server.ConnectionString, endpoint);
}
