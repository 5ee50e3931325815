using Realtime.Protocol.Redis;

namespace Realtime.Protocol.Journals.Tests.Redis;

/// <inheritdoc/>
[Collection(RedisCollection.Name)]
public sealed class RedisStoreTests(RedisFixture server) : StoreTests
{
    protected override ISessionJournal Open() => server.Open();

    protected override ISessionJournal OpenAlone() => new RedisJournal(server.Configuration);

    protected override ISessionJournal OpenPatient()
    {
        server.Open();
        return new RedisJournal(server.Configuration + ",asyncTimeout=300000");
    }

    protected override async Task SaveAsNumberAsync(string call, long fence, string checkpoint, long number) => Assert.True(
        (bool)await server.Connection.GetDatabase().ScriptEvaluateAsync(JournalScripts.Save, [$"realtime:call:{{{call}}}"], [fence, 0, checkpoint, "one of this test", number]));

    protected override Task KillAsync() => server.KillAsync();

    protected override Task StartAgainAsync() => server.StartAgainAsync();

    protected override Task StopAsync() => server.StopAsync();

    protected override Task ContinueAsync() => server.ContinueAsync();
}

/// <inheritdoc/>
[Collection(RedisInUseCollection.Name)]
public sealed class RedisSessionTests(RedisFixture server) : SessionTests
{
    protected override ISessionJournal Open() => server.Open();

    protected override Task KillAsync() => server.KillAsync();

    protected override Task StartAgainAsync() => server.StartAgainAsync();

    protected override Task RunProgramAsync(Uri endpoint) => Programs.TalkOverRedisAsync(server.Configuration, endpoint);
}
