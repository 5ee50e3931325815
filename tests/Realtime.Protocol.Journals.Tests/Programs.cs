namespace Realtime.Protocol.Journals.Tests;

/// <summary>The programs of the two READMEs. What stands in a region is shown there, word for word.</summary>
internal static class Programs
{
    public static async Task TalkOverPostgreSqlAsync(string connectionString, Uri endpoint)
    {
        #region PostgreSql
        await using var journal = new PostgreSqlJournal(connectionString);
        await journal.CreateSchemaAsync();
        await using var session = await VoiceSession.ConnectAsync(new() { Endpoint = endpoint, Journal = journal, CallId = "call-7" });
        Console.WriteLine((await session.SendMessage("My order is 4711.").Completion).Transcript);
        #endregion
    }

    public static async Task TalkOverRedisAsync(string configuration, Uri endpoint)
    {
        #region Redis
        await using var journal = new RedisJournal(configuration);
        await using var session = await VoiceSession.ConnectAsync(new() { Endpoint = endpoint, Journal = journal, CallId = "call-7" });
        Console.WriteLine((await session.SendMessage("My order is 4711.").Completion).Transcript);
        #endregion
    }
}
