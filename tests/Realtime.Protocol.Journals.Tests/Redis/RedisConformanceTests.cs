using StackExchange.Redis;

namespace Realtime.Protocol.Journals.Tests.Redis;

/// <summary>A journal in Redis keeps every promise of a journal.</summary>
[Collection(RedisCollection.Name)]
public sealed class RedisConformanceTests(RedisFixture server)
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
        await using ConnectionMultiplexer hasty = await ConnectionMultiplexer.ConnectAsync(server.Configuration + ",asyncTimeout=2000");
        var store = new JournalUnderTest(() => new RedisJournal(hasty)) { Break = server.StopAsync, Mend = server.ContinueAsync };
        await JournalConformance.RunAsync(JournalConformance.StoreGoneAndBack, store, TestContext.Current.CancellationToken);
    }
}
