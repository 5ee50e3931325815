using Realtime.Protocol.CommandLine.Bridging;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Bridging;

public sealed class JournalStoreTests
{
    private const int HangsAfterMs = 60_000;

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhatEndedADayAgo_IsTakenAway_AtTheFirstCallAndEveryHour()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var time = new ManualTime();
        await using JournalStore store = JournalStore.Open(new JournalPlace.Folder(folder.File("calls")), Assert.Fail, time)!;
        string first = await EndedAsync("first");
        await GoneAsync(first);
        string second = await EndedAsync("second");
        time.Advance(TimeSpan.FromHours(1));
        await GoneAsync(second);

        // One that ended two days ago, by its file's time.
        async Task<string> EndedAsync(string id)
        {
            var journal = new FileJournal(folder.File("calls"));
            string[] before = Directory.GetFiles(folder.File("calls"));
            JournalClaim claim = await journal.ClaimAsync(id, "test", stop);
            await journal.EndAsync(id, claim.Fence, stop);
            string file = Assert.Single(Directory.GetFiles(folder.File("calls")).Except(before), static path => !path.EndsWith(".lock", StringComparison.Ordinal));
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-2));
            return file;
        }

        // It is taken away beside a call, which tells nobody.
        async Task GoneAsync(string file)
        {
            while (File.Exists(file))
            {
                await store.ClaimAsync("open", "test", stop);
                await Task.Delay(10, stop);
            }
        }
    }
}
