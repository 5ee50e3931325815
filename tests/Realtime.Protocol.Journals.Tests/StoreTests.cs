using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Realtime.Protocol.Journals.Tests;

/// <summary>What a store on a server has to do beyond the promises of a journal: many connections, odd ids, and a server that dies or stands still. Each store runs it with its own server.</summary>
public abstract class StoreTests
{
    private const int Claimers = 8;
    private const int Rounds = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string> OddIds =>
    [
        "'; drop table realtime_call; --", "\"quoted\" 'twice'", "{", "}", "{}", "}{", "{a}{b}", "a{b}c", "$1", "%s", "\\", "a\nb\tc", " ", "0", new string('x', 1_000), new string('語', 1_000), "🎧 ünï çødé", "e\u0301", "é",
    ];

    /// <summary>A journal over the server's shared connections. Skips the test where there is no server.</summary>
    protected abstract ISessionJournal Open();

    /// <summary>A journal over connections of its own, as another process has.</summary>
    protected abstract ISessionJournal OpenAlone();

    /// <summary>The same, and it waits for an answer far longer than a test does.</summary>
    protected abstract ISessionJournal OpenPatient();

    /// <summary>A save by one owner, with its number, as it arrives at the server.</summary>
    protected abstract Task SaveAsNumberAsync(string call, long fence, string checkpoint, long number);

    protected abstract Task KillAsync();

    protected abstract Task StartAgainAsync();

    protected abstract Task StopAsync();

    protected abstract Task ContinueAsync();

    [Fact]
    public async Task OfClaimsAtOnceOverConnectionsOfTheirOwn_OneOwnsTheCall_AndFencesRise()
    {
        string call = NewCall();
        Open();
        ISessionJournal[] journals = [.. Enumerable.Range(0, Claimers).Select(_ => OpenAlone())];
        long before = 0;
        for (int round = 0; round < Rounds; round++)
        {
            JournalClaim[] claims = await Task.WhenAll(journals.Select(journal => Task.Run(() => journal.ClaimAsync(call, "race", default).AsTask())));
            long[] fences = [.. claims.Select(static claim => claim.Fence).Order()];
            Assert.Equal(Claimers, fences.Distinct().Count());
            Assert.True(fences[0] > before, $"{fences[0]} was given behind {before}");
            before = fences[^1];
            bool[] saved = await Task.WhenAll(claims.Select((claim, i) => journals[i].SaveAsync(call, claim.Fence, Bytes($"{round} {claim.Fence}"), default).AsTask()));
            Assert.Equal(claims.Select(claim => claim.Fence == before), saved);
        }

        Assert.Equal($"{Rounds - 1} {before}", Stored(await journals[0].ClaimAsync(call, "looks", default)));
        await DisposeAsync(journals);
    }

    [Theory]
    [MemberData(nameof(OddIds))]
    public async Task AnyText_IsAnIdOfItsOwn(string id)
    {
        ISessionJournal journal = Open();
        JournalClaim claim = await journal.ClaimAsync(id, id, default);
        Assert.True(await journal.SaveAsync(id, claim.Fence, Bytes(id), default));
        claim = await journal.ClaimAsync(id, "again", default);
        Assert.Equal(id, Stored(claim));
        await journal.EndAsync(id, claim.Fence, default);
        Assert.Null((await journal.ClaimAsync(id, "and again", default)).Checkpoint);
    }

    [Fact]
    public async Task WhatIsNoText_IsRefused()
    {
        ISessionJournal journal = Open();
        foreach (string id in (string[])["", "a\0b", "half \uD83C", "\uDFA7 half"])
        {
            Assert.Equal("callId", (await Assert.ThrowsAsync<ArgumentException>(async () => await journal.ClaimAsync(id, "me", default))).ParamName);
            Assert.Equal("callId", (await Assert.ThrowsAsync<ArgumentException>(async () => await journal.SaveAsync(id, 1, default, default))).ParamName);
            Assert.Equal("callId", (await Assert.ThrowsAsync<ArgumentException>(async () => await journal.EndAsync(id, 1, default))).ParamName);
        }
    }

    [Fact]
    public async Task AnEmptyCheckpoint_IsNone()
    {
        string call = NewCall();
        ISessionJournal journal = Open();
        JournalClaim claim = await journal.ClaimAsync(call, "me", default);
        Assert.True(await journal.SaveAsync(call, claim.Fence, Bytes("full"), default));
        Assert.True(await journal.SaveAsync(call, claim.Fence, default, default));
        Assert.Null((await journal.ClaimAsync(call, "me", default)).Checkpoint);
    }

    [Fact]
    public async Task ASaveThatArrivesBehindANewerOne_ChangesNothing()
    {
        string call = NewCall();
        ISessionJournal journal = Open();
        JournalClaim claim = await journal.ClaimAsync(call, "me", default);
        await SaveAsNumberAsync(call, claim.Fence, "newer", number: 8);
        await SaveAsNumberAsync(call, claim.Fence, "older", number: 7);
        claim = await journal.ClaimAsync(call, "me", default);
        Assert.Equal("newer", Stored(claim));

        await SaveAsNumberAsync(call, claim.Fence, "of the next owner", number: 1);
        Assert.Equal("of the next owner", Stored(await journal.ClaimAsync(call, "me", default)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatWasAcknowledged_IsThere_WhenTheServerIsBack(bool isKilled)
    {
        ISessionJournal journal = Open();
        var acknowledged = new ConcurrentDictionary<string, int>();
        var attempted = new ConcurrentDictionary<string, int>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isBack = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var gone = new CancellationTokenSource();
        (string Call, long Fence)[] calls = await Task.WhenAll(Enumerable.Range(0, Claimers).Select(async _ =>
        {
            string call = NewCall();
            return (call, (await journal.ClaimAsync(call, "me", default)).Fence);
        }));
        Task[] saving = [.. calls.Select(call => Task.Run(() => SaveUntilItFailsAsync(call.Call, call.Fence)))];
        await Task.WhenAny(enough.Task, Task.WhenAll(saving)).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(enough.Task.IsCompleted, "The savers ended before the server was gone.");
        await (isKilled ? KillAsync() : StopAsync());
        gone.CancelAfter(TimeSpan.FromMilliseconds(300)); // whoever still waits gives up
        await Task.WhenAll(saving);
        await (isKilled ? StartAgainAsync() : ContinueAsync());

        foreach ((string call, long fence) in calls)
        {
            Assert.True(await TryAgainAsync(() => journal.SaveAsync(call + "/other", fence, Bytes("nobody's"), default).AsTask()) is false);
            JournalClaim claim = await journal.ClaimAsync(call, "next", default);
            Assert.True(claim.Fence > fence);
            Assert.InRange(int.Parse(Stored(claim)!, CultureInfo.InvariantCulture), acknowledged[call], attempted[call]);
        }

        async Task SaveUntilItFailsAsync(string call, long fence)
        {
            try
            {
                for (int i = 1; ; i++)
                {
                    attempted[call] = i;
                    Assert.True(await journal.SaveAsync(call, fence, Bytes($"{i}"), gone.Token));
                    acknowledged[call] = i;
                    if (acknowledged.Count == Claimers && i >= 20)
                    {
                        enough.TrySetResult();
                    }
                }
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                // The server is gone.
            }
        }
    }

    /// <summary>Where a driver waits for the server while it gives up, it takes a thread of the pool for each session, and 100 sessions have no sound for a minute.</summary>
    [Fact]
    public async Task WhoeverGivesUp_IsNotHeld_ByAServerThatStandsStill()
    {
        const int Many = 12;
        ISessionJournal journal = OpenPatient();
        string call = NewCall();
        JournalClaim claim = await journal.ClaimAsync(call, "me", default);
        await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => journal.SaveAsync(call, claim.Fence, Bytes("before"), default).AsTask())); // as many connections
        CancellationTokenSource[] given = [.. Enumerable.Range(0, Many).Select(static _ => new CancellationTokenSource())];
        await StopAsync();
        try
        {
            Task[] saving = [.. given.Select(source => journal.SaveAsync(call, claim.Fence, Bytes("after"), source.Token).AsTask())];
            await Task.WhenAll(given.Select(static source => source.CancelAsync())).WaitAsync(Patience);
            foreach (Task save in saving)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => save.WaitAsync(Patience));
            }
        }
        finally
        {
            await ContinueAsync();
        }

        Assert.NotNull((await journal.ClaimAsync(call, "me", default)).Checkpoint);
        await DisposeAsync([journal]);
    }

    protected static string NewCall() => $"call {Guid.NewGuid():N}";

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string? Stored(JournalClaim claim) => claim.Checkpoint is { } stored ? Encoding.UTF8.GetString(stored.Span) : null;

    /// <summary>What a session does: a server that is back may need a moment to be connected to.</summary>
    protected static async Task<T> TryAgainAsync<T>(Func<Task<T>> ask)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (Exception failure) when (attempt < 20 && failure is not Xunit.Sdk.XunitException)
            {
            }
        }
    }

    protected static async Task DisposeAsync(IEnumerable<ISessionJournal> journals)
    {
        foreach (IAsyncDisposable journal in journals.Cast<IAsyncDisposable>())
        {
            await journal.DisposeAsync();
        }
    }
}
