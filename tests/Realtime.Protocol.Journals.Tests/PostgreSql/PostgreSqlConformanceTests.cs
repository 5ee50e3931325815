using Npgsql;

namespace Realtime.Protocol.Journals.Tests.PostgreSql;

/// <summary>A journal in PostgreSQL keeps every promise of a journal.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlConformanceTests(PostgreSqlFixture server)
{
    public static TheoryData<string> Checks => [.. JournalConformance.Checks];

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task KeepsIt(string check)
    {
        server.Open();
        var store = new JournalUnderTest(server.Open) { Break = server.KillAsync, Mend = server.StartAgainAsync };
        await JournalConformance.RunAsync(check, store, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task AServerThatStandsStill_IsGone_AndComesBackWithEverything()
    {
        server.Open();
        await using NpgsqlDataSource hasty = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Timeout = 2, CommandTimeout = 2 });
        var store = new JournalUnderTest(() => new PostgreSqlJournal(hasty)) { Break = server.StopAsync, Mend = server.ContinueAsync };
        await JournalConformance.RunAsync(JournalConformance.StoreGoneAndBack, store, TestContext.Current.CancellationToken);
    }
}
