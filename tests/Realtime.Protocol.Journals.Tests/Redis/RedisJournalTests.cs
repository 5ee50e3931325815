using StackExchange.Redis;

namespace Realtime.Protocol.Journals.Tests.Redis;

/// <summary>What is Redis's alone: keys that expire, prefixes, scripts that the server has forgotten, and what exceptions say.</summary>
[Collection(RedisInUseCollection.Name)]
public sealed class RedisJournalTests(RedisFixture server)
{
    [Fact]
    public async Task ACall_ExpiresAfterItsTime_AndSoonerWhenItHasEnded()
    {
        RedisJournal journal = server.Open();
        IDatabase database = server.Connection.GetDatabase();
        JournalClaim claim = await journal.ClaimAsync("expiring", "me", default);
        Assert.InRange(await LeftAsync("expiring"), TimeSpan.FromMinutes(119), TimeSpan.FromHours(2));
        await database.KeyExpireAsync("realtime:call:{expiring}", TimeSpan.FromMinutes(1));
        Assert.True(await journal.SaveAsync("expiring", claim.Fence, "kept"u8.ToArray(), default));
        Assert.InRange(await LeftAsync("expiring"), TimeSpan.FromMinutes(119), TimeSpan.FromHours(2));
        await journal.EndAsync("expiring", claim.Fence, default);
        Assert.InRange(await LeftAsync("expiring"), TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.Equal(["fence"], (await database.HashKeysAsync("realtime:call:{expiring}")).Select(static field => (string)field!));

        async Task<TimeSpan> LeftAsync(string call) => (await database.KeyTimeToLiveAsync($"realtime:call:{{{call}}}"))!.Value;
    }

    [Fact]
    public async Task ACallForEver_DoesNotExpire_AlsoWhenItHadEnded()
    {
        RedisJournal journal = server.Open(new() { ClaimableFor = null, KeyPrefix = "ever:" });
        JournalClaim claim = await journal.ClaimAsync("call", "me", default);
        await journal.EndAsync("call", claim.Fence, default);
        claim = await journal.ClaimAsync("call", "me", default);
        Assert.True(await journal.SaveAsync("call", claim.Fence, "kept"u8.ToArray(), default));
        Assert.True(await server.Connection.GetDatabase().KeyExistsAsync("ever:{call}"));
        Assert.Null(await server.Connection.GetDatabase().KeyTimeToLiveAsync("ever:{call}"));
        Assert.Null((await server.Open().ClaimAsync("call", "me", default)).Checkpoint); // another prefix
    }

    [Fact]
    public async Task ACallThatHasExpired_IsNobodys_AndItsNextFenceIsHigher()
    {
        RedisJournal journal = server.Open();
        JournalClaim former = await journal.ClaimAsync("expired", "me", default);
        await server.Connection.GetDatabase().KeyDeleteAsync("realtime:call:{expired}");
        Assert.False(await journal.SaveAsync("expired", former.Fence, "late"u8.ToArray(), default));
        JournalClaim next = await journal.ClaimAsync("expired", "me", default);
        Assert.True(next.Fence > former.Fence);
        Assert.False(await journal.SaveAsync("expired", former.Fence, "late"u8.ToArray(), default));
    }

    [Fact]
    public async Task AFence_RisesAlsoWhereTheClockWasPutBack()
    {
        RedisJournal journal = server.Open();
        long ahead = (await journal.ClaimAsync("clock", "me", default)).Fence + 3_600_000_000;
        await server.Connection.GetDatabase().HashSetAsync("realtime:call:{clock}", "fence", ahead);
        Assert.Equal(ahead + 1, (await journal.ClaimAsync("clock", "me", default)).Fence);
        await journal.EndAsync("clock", ahead + 1, default);
        Assert.Equal(ahead + 3, (await journal.ClaimAsync("clock", "me", default)).Fence);
    }

    [Fact]
    public async Task AServerThatForgotItsScripts_IsToldThemAgain()
    {
        RedisJournal journal = server.Open();
        JournalClaim claim = await journal.ClaimAsync("scripts", "me", default);
        await server.Connection.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        Assert.True(await journal.SaveAsync("scripts", claim.Fence, "kept"u8.ToArray(), default));
        await server.Connection.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        Assert.NotNull((await journal.ClaimAsync("scripts", "me", default)).Checkpoint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a{b")]
    [InlineData("a}b")]
    [InlineData("a\0b")]
    public void APrefixThatIsNone_IsRefused(string prefix) =>
        Assert.Contains("KeyPrefix", Assert.Throws<ArgumentException>(() => new RedisJournal("here", new() { KeyPrefix = prefix })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(1e10)]
    public void ATimeThatIsNone_IsRefused(double seconds)
    {
        Assert.Throws<ArgumentException>(() => new RedisJournal("here", new() { ClaimableFor = TimeSpan.FromSeconds(seconds) }));
        Assert.Throws<ArgumentException>(() => new RedisJournal("here", new() { EndedFor = TimeSpan.FromSeconds(seconds) }));
    }

    [Fact]
    public async Task NoSecret_IsInAnyTextOfOurs()
    {
        const string Canary = "canary-7f3a";
        server.Open();
        var texts = new List<string>();
        foreach (string unreadable in (string[])[$"here,password=a,{Canary}=5", $"here,connectTimeout={Canary}"])
        {
            texts.Add(Assert.ThrowsAny<ArgumentException>(() => new RedisJournal(unreadable)).ToString());
        }

        await using var wrong = new RedisJournal(server.Configuration.Replace(server.Password, Canary, StringComparison.Ordinal) + ",asyncTimeout=500,connectTimeout=500");
        texts.Add((await Assert.ThrowsAnyAsync<Exception>(async () => await wrong.ClaimAsync("call", "me", default))).ToString());
        texts.Add(wrong.ToString()!);

        await server.Connection.GetDatabase().StringSetAsync("realtime:call:{a string}", "x");
        await using var right = new RedisJournal(server.Configuration);
        texts.Add((await Assert.ThrowsAnyAsync<RedisException>(async () => await right.SaveAsync("a string", 1, "canary-7f3a"u8.ToArray(), default))).ToString());
        texts.Add(right.ToString()!);
        Assert.All(texts, text => Assert.DoesNotContain(Canary, text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain(server.Password, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AJournalThatWasDisposed_IsNoJournal()
    {
        server.Open();
        var journal = new RedisJournal(server.Configuration);
        await journal.ClaimAsync("disposed", "me", default);
        await journal.DisposeAsync();
        await journal.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.ClaimAsync("disposed", "me", default));
    }

    [Fact]
    public void TheReadme_ShowsWhatRunsHere() => Readmes.Shows("src/Realtime.Protocol.Journal.Redis/README.md", "Redis");
}
