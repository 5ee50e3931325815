using Npgsql;

namespace Realtime.Protocol.Journals.Tests.PostgreSql;

/// <summary>What is PostgreSQL's alone: the table and its names, what ended calls leave behind, databases that are set otherwise, and what exceptions say.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlJournalTests(PostgreSqlFixture server)
{
    [Theory]
    [InlineData(null, "calls")]
    [InlineData("voice", "calls")]
    [InlineData("We\"ird; drop schema public; --", "The \"Table\" 'x'")]
    public async Task TheTable_IsMade_ByAnyNumberAtOnce_AndAgain(string? schema, string table)
    {
        server.Open();
        var options = new PostgreSqlJournalOptions { Schema = schema, Table = table };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new PostgreSqlJournal(server.Source, options).CreateSchemaAsync())));
        var journal = new PostgreSqlJournal(server.Source, options);
        await journal.CreateSchemaAsync();
        JournalClaim claim = await journal.ClaimAsync("call", "me", default);
        Assert.True(await journal.SaveAsync("call", claim.Fence, "kept"u8.ToArray(), default));
        Assert.Null((await server.Open().ClaimAsync("call", "me", default)).Checkpoint); // another table
    }

    [Fact]
    public async Task ARoleThatMayMakeNothing_MayAskForTheTable_WhenItIsThere()
    {
        server.Open();
        await DoAsync("create role clerk login password 'clerk'; grant select, insert, update on realtime_call to clerk");
        await using var journal = new PostgreSqlJournal(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = "clerk", Password = "clerk" }.ConnectionString);
        await journal.CreateSchemaAsync();
        JournalClaim claim = await journal.ClaimAsync("of a clerk", "clerk", default);
        Assert.True(await journal.SaveAsync("of a clerk", claim.Fence, "kept"u8.ToArray(), default));
        await journal.EndAsync("of a clerk", claim.Fence, default);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("sixty-four characters, one more than PostgreSQL takes for a name")]
    public void ANameThatIsNone_IsRefused(string name)
    {
        Assert.Contains("Table", Assert.Throws<ArgumentException>(() => new PostgreSqlJournal("Host=here", new() { Table = name })).Message, StringComparison.Ordinal);
        Assert.Contains("Schema", Assert.Throws<ArgumentException>(() => new PostgreSqlJournal("Host=here", new() { Schema = name })).Message, StringComparison.Ordinal);
    }

    // Npgsql refuses the second one when a source is made of it: the journal has said so before.
    [Theory]
    [InlineData("Host=here;Multiplexing=true")]
    [InlineData("Host=here;Multiplexing=true;Pooling=false")]
    public void Multiplexing_IsRefused_BeforeThereIsASource(string connectionString) =>
        Assert.Contains("Multiplexing", Assert.Throws<ArgumentException>(() => new PostgreSqlJournal(connectionString)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task CallsThatEndedLongAgo_AreTakenAway_AndTheirFencesRiseNevertheless()
    {
        server.Open();
        var options = new PostgreSqlJournalOptions { Table = "ended_calls" };
        var journal = new PostgreSqlJournal(server.Source, options);
        await journal.CreateSchemaAsync();
        JournalClaim ended = await journal.ClaimAsync("ended", "me", default);
        await journal.EndAsync("ended", ended.Fence, default);
        await journal.ClaimAsync("lives", "me", default);

        Assert.Equal(0, await journal.RemoveEndedAsync(TimeSpan.FromHours(1)));
        await DoAsync("update ended_calls set ended_at = ended_at - interval '2 hours'");
        Assert.Equal(1, await journal.RemoveEndedAsync(TimeSpan.FromHours(1)));
        Assert.Equal(0, await journal.RemoveEndedAsync(TimeSpan.Zero));
        Assert.True((await journal.ClaimAsync("ended", "me", default)).Fence > ended.Fence + 1);
    }

    [Theory]
    [InlineData("serializable")]
    [InlineData("repeatable read")]
    public async Task ADatabaseThatIsStricter_WillDo(string isolation)
    {
        server.Open();
        string strict = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Options = $"-c default_transaction_isolation={isolation.Replace(" ", "\\ ", StringComparison.Ordinal)}" }.ConnectionString;
        await using var journal = new PostgreSqlJournal(strict);
        await JournalConformance.RunAsync(JournalConformance.ClaimsAtOnceHaveFencesOfTheirOwn, new JournalUnderTest(() => journal), TestContext.Current.CancellationToken);
        await JournalConformance.RunAsync(JournalConformance.SaveThatMeetsAClaimIsInItOrRefused, new JournalUnderTest(() => journal), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task NoSecret_IsInAnyTextOfOurs()
    {
        const string Canary = "canary-7f3a";
        server.Open();
        var texts = new List<string>();
        foreach (string unreadable in (string[])[$"Host=here;Password=a;{Canary}=5", $"Host=here;Port={Canary}", $"{Canary}"])
        {
            texts.Add(Assert.ThrowsAny<ArgumentException>(() => new PostgreSqlJournal(unreadable)).ToString());
        }

        await using var wrong = new PostgreSqlJournal(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = Canary }.ConnectionString);
        texts.Add((await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await wrong.ClaimAsync("call", "me", default))).ToString());
        texts.Add(wrong.ToString()!);

        await using var withoutTable = new PostgreSqlJournal(server.ConnectionString, new() { Table = "nowhere" });
        texts.Add((await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await withoutTable.SaveAsync("call", 1, "canary-7f3a"u8.ToArray(), default))).ToString());
        texts.Add(withoutTable.ToString()!);
        Assert.All(texts, text => Assert.DoesNotContain(Canary, text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain(server.Password, text, StringComparison.Ordinal));
    }

    [Fact]
    public void TheReadme_ShowsWhatRunsHere() => Readmes.Shows("src/Realtime.Protocol.Journal.PostgreSql/README.md", "PostgreSql", new Protocol.PostgreSql.JournalStatements(new()).CreateTable);

    private async Task DoAsync(string statement)
    {
        await using NpgsqlCommand command = server.Source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
