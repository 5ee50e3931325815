namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What waits for a reader: in order, bounded, told when something is missing, and over with its source.</summary>
public sealed class FeedTests
{
    [Fact]
    public async Task ATurnThatNobodyReads_HoldsItsWordsOnce_AndLosesNone()
    {
        var feed = new TurnFeed();
        feed.Add(new TurnUpdate.ResponseStarted(TimeSpan.Zero, "resp_1"));
        for (int i = 1; i < TurnFeed.MaxWaiting; i++)
        {
            feed.Add(new TurnUpdate.TranscriptDelta(TimeSpan.FromMilliseconds(i), "a", "item_1"));
        }

        for (int i = 0; i < 100_000; i++)
        {
            feed.Add(new TurnUpdate.TranscriptDelta(TimeSpan.FromSeconds(5) + TimeSpan.FromMilliseconds(i), "b", "item_1"));
        }

        feed.Add(new TurnUpdate.Silenced(TimeSpan.FromSeconds(6), InterruptionReason.UserSpeech));
        feed.Add(new TurnUpdate.TranscriptDelta(TimeSpan.FromSeconds(7), "c", "item_1"));
        feed.Complete();

        List<TurnUpdate> updates = await feed.ReadAllAsync().ToListAsync();

        Assert.Equal(TurnFeed.MaxWaiting + 3, updates.Count);
        Assert.Equal(new TurnUpdate.TranscriptDelta(TimeSpan.FromSeconds(5), new string('b', 100_000), "item_1"), updates[TurnFeed.MaxWaiting]);
        Assert.IsType<TurnUpdate.Silenced>(updates[TurnFeed.MaxWaiting + 1]);
        Assert.Equal(new TurnUpdate.TranscriptDelta(TimeSpan.FromSeconds(7), "c", "item_1"), updates[TurnFeed.MaxWaiting + 2]);
    }

    [Fact]
    public async Task AReaderThatCatchesUp_GetsPiecesAsTheyComeAgain()
    {
        var feed = new TurnFeed();
        for (int i = 0; i < TurnFeed.MaxWaiting + 2; i++)
        {
            feed.Add(new TurnUpdate.TranscriptDelta(TimeSpan.Zero, "a", "item_1"));
        }

        await using IAsyncEnumerator<TurnUpdate> reader = feed.ReadAllAsync().GetAsyncEnumerator();
        for (int i = 0; i <= TurnFeed.MaxWaiting; i++)
        {
            Assert.True(await reader.MoveNextAsync());
        }

        Assert.Equal(new TurnUpdate.TranscriptDelta(TimeSpan.Zero, "aa", "item_1"), reader.Current);
        feed.Add(new TurnUpdate.TranscriptDelta(TimeSpan.Zero, "b", "item_1"));
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(new TurnUpdate.TranscriptDelta(TimeSpan.Zero, "b", "item_1"), reader.Current);
    }

    [Fact]
    public async Task AReaderThatComesAgain_GetsAtOnceWhatTheFirstLeft()
    {
        var feed = new TurnFeed();
        feed.Add(new TurnUpdate.TranscriptDelta(TimeSpan.Zero, "a", "item_1"));
        feed.Add(new TurnUpdate.TranscriptDelta(TimeSpan.Zero, "b", "item_1"));

        var first = (TurnUpdate.TranscriptDelta)await feed.ReadAllAsync().FirstAsync();
        ValueTask<TurnUpdate> again = feed.ReadAllAsync().FirstAsync();

        Assert.Equal("a", first.Text);
        Assert.True(again.IsCompleted);
        Assert.Equal("b", ((TurnUpdate.TranscriptDelta)await again).Text);
    }

    [Fact]
    public async Task TheFirstReader_AlsoGetsWhatWasBefore_AndTheOthersWhatComes()
    {
        var updates = new SessionUpdates();
        updates.Tell(new VoiceSessionUpdate.ItemDeleted("a"));
        await using IAsyncEnumerator<VoiceSessionUpdate> first = updates.ReadAllAsync().GetAsyncEnumerator();
        Assert.True(await first.MoveNextAsync());
        Assert.Equal(new VoiceSessionUpdate.ItemDeleted("a"), first.Current);

        await using IAsyncEnumerator<VoiceSessionUpdate> second = updates.ReadAllAsync().GetAsyncEnumerator();
        ValueTask<bool> moving = second.MoveNextAsync();
        Assert.False(moving.IsCompleted);
        updates.Tell(new VoiceSessionUpdate.ItemDeleted("a"));

        Assert.True(await moving);
        Assert.Equal(new VoiceSessionUpdate.ItemDeleted("a"), second.Current);
        Assert.True(await first.MoveNextAsync());
        Assert.Equal(new VoiceSessionUpdate.ItemDeleted("a"), first.Current);

        updates.Complete();
        Assert.False(await first.MoveNextAsync());
        Assert.False(await second.MoveNextAsync());
        Assert.Empty(await updates.ReadAllAsync().ToListAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AReaderThatIsTooSlow_IsToldHowManyItMissed_AndGetsTheNewest(bool readsFromTheBeginning)
    {
        var updates = new SessionUpdates();
        if (readsFromTheBeginning)
        {
            await using IAsyncEnumerator<VoiceSessionUpdate> other = updates.ReadAllAsync(new CancellationToken(canceled: true)).GetAsyncEnumerator();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other.MoveNextAsync().AsTask());
        }

        IAsyncEnumerator<VoiceSessionUpdate> reader = updates.ReadAllAsync().GetAsyncEnumerator();
        ValueTask<bool> moving = readsFromTheBeginning ? reader.MoveNextAsync() : default;
        for (int i = 0; i < SessionFeed.MaxWaiting + 10; i++)
        {
            updates.Tell(new VoiceSessionUpdate.ItemDeleted($"item_{i}"));
        }

        updates.Complete();
        var read = new List<VoiceSessionUpdate>();
        for (bool more = readsFromTheBeginning ? await moving : await reader.MoveNextAsync(); more; more = await reader.MoveNextAsync())
        {
            read.Add(reader.Current);
        }

        // A reader that waits may have taken some before the rest came.
        int missed = read.OfType<VoiceSessionUpdate.Missed>().Sum(update => update.Count);
        Assert.Equal(SessionFeed.MaxWaiting + 10, missed + read.OfType<VoiceSessionUpdate.ItemDeleted>().Count());
        Assert.Equal(new VoiceSessionUpdate.ItemDeleted($"item_{SessionFeed.MaxWaiting + 9}"), read[^1]);
        if (!readsFromTheBeginning)
        {
            Assert.Equal(new VoiceSessionUpdate.Missed(10), read[0]);
        }
    }
}
