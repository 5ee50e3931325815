namespace Realtime.Protocol.Transport.Tests.Journals;

/// <summary>A journal in a folder: what the end of its process leaves behind at any moment, files that were damaged, and owners that stopped. What every journal has to keep is in the conformance suite.</summary>
public sealed class FileJournalTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"realtime-journal-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task WhateverAWriterLeavesUnfinished_IsPassedOver_AndTakenAway()
    {
        var journal = new FileJournal(_folder);
        JournalClaim claim = await ClaimAsync(journal);
        Assert.True(await SaveAsync(journal, claim.Fence, "one"));
        string file = Assert.Single(Directory.GetFiles(_folder, "*.call"));
        byte[] next = new JournalRecord(claim.Fence, "two"u8.ToArray()).Write();
        for (int written = 0; written <= next.Length; written++)
        {
            await File.WriteAllBytesAsync($"{file}.{Guid.NewGuid():N}.new", next[..written], TestContext.Current.CancellationToken); // it was killed before the rename
            Assert.Equal("one", Text(await ClaimAsync(new FileJournal(_folder))));
            Assert.Empty(Directory.GetFiles(_folder, "*.new"));
        }
    }

    [Fact]
    public async Task AFileThatIsCutShortOrChanged_IsRefused_AndNeverTakenForAnother()
    {
        var journal = new FileJournal(_folder);
        JournalClaim claim = await ClaimAsync(journal);
        await SaveAsync(journal, claim.Fence, "a checkpoint");
        string file = Assert.Single(Directory.GetFiles(_folder, "*.call"));
        byte[] whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        for (int i = 0; i < whole.Length; i++)
        {
            Assert.False(JournalRecord.TryRead(whole[..i], out _));
            byte[] changed = [.. whole];
            changed[i] ^= 0x10;
            Assert.False(JournalRecord.TryRead(changed, out _));
        }

        await File.WriteAllBytesAsync(file, whole[..^1], TestContext.Current.CancellationToken);
        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => ClaimAsync(journal));
        Assert.DoesNotContain("checkpoint", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidDataException>(() => SaveAsync(journal, claim.Fence, "x"));
        Assert.Equal(whole[..^1], await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AnOwnerThatStopped_HindersNobody_AndIsRefusedWhenItGoesOn()
    {
        var stopped = new FileJournal(_folder);
        JournalClaim former = await ClaimAsync(stopped);
        Assert.True(await SaveAsync(stopped, former.Fence, "one"));
        Assert.Equal("one", Text(await ClaimAsync(new FileJournal(_folder))));
        Assert.False(await SaveAsync(stopped, former.Fence, "two"));
    }

    [Fact]
    public async Task ALockedCall_IsWaitedFor_AndTheWaitingCanBeGivenUp()
    {
        var journal = new FileJournal(_folder);
        JournalClaim claim = await ClaimAsync(journal);
        string file = Assert.Single(Directory.GetFiles(_folder, "*.lock"));
        using var giveUp = new CancellationTokenSource();
        Task<bool> saving;
        await using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            saving = SaveAsync(journal, claim.Fence, "one");
            Task<JournalClaim> given = journal.ClaimAsync("call", "me", giveUp.Token).AsTask();
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
            Assert.False(saving.IsCompleted);
        }

        Assert.True(await saving.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(claim.Fence + 1, (await ClaimAsync(journal)).Fence);
    }

    [Fact]
    public async Task WithoutItsFolder_ItFails_AndMakesNoNewOne()
    {
        var journal = new FileJournal(_folder);
        JournalClaim claim = await ClaimAsync(journal);
        Directory.Delete(_folder, recursive: true);
        await Assert.ThrowsAnyAsync<IOException>(() => SaveAsync(journal, claim.Fence, "one"));
        await Assert.ThrowsAnyAsync<IOException>(() => ClaimAsync(journal));
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task EndedCalls_AreTakenAwayWhenAsked_AndOthersStay()
    {
        var journal = new FileJournal(_folder);
        JournalClaim ended = await ClaimAsync(journal);
        await journal.EndAsync("call", ended.Fence, TestContext.Current.CancellationToken);
        JournalClaim alive = await journal.ClaimAsync("alive", "me", TestContext.Current.CancellationToken);
        Assert.Equal(0, await journal.RemoveEnded(TimeSpan.FromDays(1), TestContext.Current.CancellationToken));
        Assert.Equal(1, await journal.RemoveEnded(TimeSpan.FromDays(-1), TestContext.Current.CancellationToken));
        Assert.True(await journal.SaveAsync("alive", alive.Fence, "x"u8.ToArray(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ACallNeedsAnId()
    {
        var journal = new FileJournal(_folder);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => journal.ClaimAsync("", "me", default).AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => new MemoryJournal().ClaimAsync("", "me", default).AsTask());
        Assert.Equal("Fence 3, nothing stored", new JournalClaim(3, null).ToString());
    }

    private static string? Text(JournalClaim claim) => claim.Checkpoint is { } stored ? System.Text.Encoding.UTF8.GetString(stored.Span) : null;

    private static Task<JournalClaim> ClaimAsync(FileJournal journal) => journal.ClaimAsync("call", "me", TestContext.Current.CancellationToken).AsTask();

    private static Task<bool> SaveAsync(FileJournal journal, long fence, string checkpoint) =>
        journal.SaveAsync("call", fence, System.Text.Encoding.UTF8.GetBytes(checkpoint), TestContext.Current.CancellationToken).AsTask();
}
