using System.Globalization;
using Realtime.Protocol.CommandLine.Tests.Support;
using Realtime.Protocol.OutlivingTalk;

namespace Realtime.Protocol.CommandLine.Tests.Outliving;

#pragma warning disable xUnit1051 // every wait has a limit of its own

/// <summary>A process that writes to a journal of files all the time and is killed with -9, over and over: what it was told is stored is there, or what it was storing; and no fence is given twice.</summary>
public sealed class KilledJournalTests(ITestOutputHelper output)
{
    private const int Kills = 24;
    private const int HangsAfterMs = 300_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhereverTheWriterIsKilled_TheStoreHoldsTheLastOrTheNext_AndTheFenceGrows()
    {
        using var folder = new TemporaryFolder();
        var journal = new FileJournal(folder.File("journal"));
        var random = new Random(20_261_127);
        long fence = 0;
        int stored = 0;
        int midway = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            int saves = random.Next(12);
            int spins = random.Next(60_000);
            using TalkProcess writer = TalkProcess.Start("write", folder.File("journal"));
            (string, long)? claimed = Split(await writer.ReadLineAsync());
            Assert.Equal("fence", claimed?.Item1);
            Assert.True(claimed!.Value.Item2 > fence, $"The writer got fence {claimed.Value.Item2} after {fence}.");
            fence = claimed.Value.Item2;
            long last = stored;
            for (int i = 0; i < saves; i++)
            {
                last = Split(await writer.ReadLineAsync())!.Value.Item2;
            }

            Thread.SpinWait(spins);
            await writer.KillAsync();

            // What it had said before the signal came, though nobody had read it.
            while (Split(await writer.ReadLineAsync()) is (_, var more))
            {
                last = more;
            }

            midway += Directory.GetFiles(folder.File("journal"), "*.new").Length;
            JournalClaim claim = await journal.ClaimAsync(ConstantWriter.CallId, "the test", CancellationToken.None).AsTask().WaitAsync(Patience);
            Assert.True(claim.Fence > fence, $"The test got fence {claim.Fence} after {fence}.");
            fence = claim.Fence;
            if (last > 0)
            {
                stored = ConstantWriter.NumberOf(claim.Checkpoint!.Value.Span);
                Assert.InRange(stored, last, last + 1);
            }
        }

        Assert.Empty(Directory.GetFiles(folder.File("journal"), "*.new"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Kills} kills, {midway} of them before a rename; fence {fence}, save {stored}"));
    }

    // "saved 12"; null at the end, and of a line that was cut off.
    private static (string Word, long Number)? Split(string? line) =>
        line?.Split(' ') is [var word, var number] && number.EndsWith('.') ? (word, long.Parse(number.AsSpan()[..^1], CultureInfo.InvariantCulture)) : null;
}
