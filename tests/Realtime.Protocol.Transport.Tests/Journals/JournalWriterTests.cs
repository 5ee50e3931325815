using System.Text;

namespace Realtime.Protocol.Transport.Tests.Journals;

/// <summary>The saves of a session, in time that a test turns: one on its way, the latest wins, and a store that fails, hangs or answers late stops nothing but itself.</summary>
public sealed class JournalWriterTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly Watcher _watcher = new();
    private readonly ScriptedJournal _journal = new();

    [Fact]
    public async Task OneSaveIsOnItsWay_AndWhatGathersMeanwhile_IsInTheNextOne()
    {
        JournalWriter writer = Writer();
        _watcher.State = "one";
        writer.Save();
        Save first = await _journal.NextAsync();
        for (int i = 0; i < 100; i++)
        {
            _watcher.State = $"state {i}";
            writer.Save();
        }

        Assert.Equal(1, _journal.Saves);
        first.Answer(true);
        Save second = await _journal.NextAsync();
        Assert.Equal(("one", "state 99"), (first.Text, second.Text));
        second.Answer(true);
        Assert.True(await Flush(writer));
        Assert.Equal(3, _journal.Saves);
        await writer.DisposeAsync();
        Assert.Equal(0, _watcher.Failures);
    }

    [Fact]
    public async Task AStoreThatThrows_IsTriedAgain_WithTheNewestState_AndItIsTold()
    {
        JournalWriter writer = Writer();
        _watcher.State = "old";
        writer.Save();
        (await _journal.NextAsync()).Fail(new IOException("full of content"));
        await _watcher.FailedAsync(1);
        _watcher.State = "new";
        writer.Save();
        Assert.Equal(1, _journal.Saves); // it pauses
        await AdvanceAsync(TimeSpan.FromSeconds(0.5));
        Save again = await _journal.NextAsync();
        Assert.Equal("new", again.Text);
        again.Answer(true);
        await _watcher.RecoveredAsync();
        await writer.DisposeAsync();
        Assert.False(writer.IsHandedOver);
    }

    [Fact]
    public async Task AStoreThatThrowsAtOnce_IsOneThatThrows()
    {
        _journal.ThrowsAtOnce = true;
        JournalWriter writer = Writer();
        writer.Save();
        await _watcher.FailedAsync(1);
        _journal.ThrowsAtOnce = false;
        Task<bool> flushed = writer.FlushAsync(TestContext.Current.CancellationToken); // it cuts the pause short
        (await _journal.NextAsync()).Answer(true);
        Assert.True(await flushed.WaitAsync(Long, TestContext.Current.CancellationToken));
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task AStoreThatHangs_IsToldToGiveUp_AndLeftAloneWhenItDoesNot()
    {
        JournalWriter writer = Writer();
        writer.Save();
        Save hung = await _journal.NextAsync();
        await AdvanceAsync(JournalWriter.Patience);
        Assert.True(hung.Token.IsCancellationRequested);
        Assert.Equal(0, _watcher.Failures);
        await AdvanceAsync(JournalWriter.Grace);
        await _watcher.FailedAsync(1);
        Assert.IsType<TimeoutException>(_watcher.Last);
        await AdvanceAsync(TimeSpan.FromSeconds(0.5));
        (await _journal.NextAsync()).Answer(true);
        await _watcher.RecoveredAsync();
        Assert.False(writer.IsHandedOver);
        hung.Answer(false); // late, but an answer: another owner has the call
        await _watcher.HandedOverAsync();
        writer.Save();
        Assert.False(await Flush(writer));
        Assert.Equal(2, _journal.Saves);
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task ARefusedSave_HandsTheCallOver_Once_AndNothingIsSavedOrEndedAfterIt()
    {
        JournalWriter writer = Writer();
        writer.Save();
        Save refused = await _journal.NextAsync();
        writer.Save();
        refused.Answer(false);
        await _watcher.HandedOverAsync();
        writer.Save();
        Assert.False(await Flush(writer));
        await writer.EndAsync(TestContext.Current.CancellationToken);
        await writer.DisposeAsync();
        Assert.Equal((1, 0, 1), (_journal.Saves, _journal.Ends, _watcher.HandOvers));
    }

    [Fact]
    public async Task ClosingEndsTheCall_AfterWhatIsOnItsWay_AndDisposalDoesNot()
    {
        JournalWriter writer = Writer();
        writer.Save();
        Save save = await _journal.NextAsync();
        Task ended = writer.EndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, _journal.Ends);
        save.Answer(true);
        await ended.WaitAsync(Long, TestContext.Current.CancellationToken);
        Assert.Equal(1, _journal.Ends);
        await writer.DisposeAsync();
        writer.Save();
        Assert.Equal(1, _journal.Saves);

        JournalWriter other = Writer();
        await other.DisposeAsync();
        Assert.Equal(1, _journal.Ends);
    }

    [Fact]
    public async Task DisposalGivesWhatIsOnItsWayTwoSeconds_AndIsNeverHeldUpLonger()
    {
        JournalWriter writer = Writer();
        writer.Save();
        await _journal.NextAsync();
        Task disposed = writer.DisposeAsync().AsTask();
        Assert.False(disposed.IsCompleted);
        await AdvanceAsync(JournalWriter.Farewell);
        await disposed.WaitAsync(Long, TestContext.Current.CancellationToken);
        Assert.Equal(0, _watcher.Failures);
    }

    [Fact]
    public async Task AStoreThatIsDown_IsAskedLessAndLessOften_AndDisposalDoesNotWaitForIt()
    {
        JournalWriter writer = Writer();
        writer.Save();
        for (int i = 1; i <= 8; i++)
        {
            (await _journal.NextAsync()).Fail(new IOException());
            await _watcher.FailedAsync(i);
            await AdvanceAsync(TimeSpan.FromSeconds(10));
        }

        (await _journal.NextAsync()).Fail(new IOException());
        await _watcher.FailedAsync(9);
        await writer.DisposeAsync().AsTask().WaitAsync(Long, TestContext.Current.CancellationToken);
        Assert.Equal(9, _journal.Saves);
    }

    [Fact]
    public async Task AnEndThatFails_IsTold_AndDoesNotThrow()
    {
        _journal.FailsToEnd = true;
        JournalWriter writer = Writer();
        await writer.EndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, _watcher.Failures);
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task ASaveThatArrivesLate_IsFollowedByTheNewestState()
    {
        JournalWriter writer = Writer();
        _watcher.State = "old";
        writer.Save();
        Save hung = await _journal.NextAsync();
        await AdvanceAsync(JournalWriter.Patience);
        await AdvanceAsync(JournalWriter.Grace);
        await _watcher.FailedAsync(1);
        _watcher.State = "new";
        await AdvanceAsync(TimeSpan.FromSeconds(0.5));
        Save second = await _journal.NextAsync();
        second.Answer(true);
        await _watcher.RecoveredAsync();
        hung.Answer(true); // it lands over the newer one
        Save third = await _journal.NextAsync();
        Assert.Equal(("old", "new", "new"), (hung.Text, second.Text, third.Text));
        third.Answer(true);
        Assert.True(await Flush(writer));
        await writer.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ASaveThatArrivesBehindTheDisposal_IsFollowedByTheNewestState_Once(bool isLeftAloneBefore)
    {
        JournalWriter writer = Writer();
        _watcher.State = "old";
        writer.Save();
        Save hung = await _journal.NextAsync();
        if (isLeftAloneBefore)
        {
            await AdvanceAsync(JournalWriter.Patience);
            await AdvanceAsync(JournalWriter.Grace);
            await _watcher.FailedAsync(1);
        }

        _watcher.State = "new";
        writer.Save();
        Task disposing = writer.DisposeAsync().AsTask();
        await _time.AdvanceUntilAsync(disposing);
        hung.Answer(true);
        Save last = await _journal.NextAsync();
        Assert.Equal("new", last.Text);
        last.Answer(true);
    }

    // The store answers in the moment in which it is given up: its answer is there before anybody hears that nobody waited for it. Which of the two is first is the pool's business, so it is tried often.
    [Fact]
    public async Task ASaveThatArrivesAsItIsGivenUp_IsFollowedByTheNewestState()
    {
        for (int i = 0; i < 50; i++)
        {
            var journal = new ScriptedJournal();
            JournalWriter writer = Writer(journal);
            _watcher.State = "old";
            writer.Save();
            Save hung = await journal.NextAsync();
            _watcher.State = "new";
            writer.Save();
            await using CancellationTokenRegistration givenUp = hung.Token.Register(() => hung.Answer(true));
            await _time.AdvanceUntilAsync(writer.DisposeAsync().AsTask());
            Save last = await journal.NextAsync();
            Assert.Equal("new", last.Text);
            last.Answer(true);
        }
    }

    [Fact]
    public async Task ASaveThatIsRefusedBehindTheEnd_IsNoHandOver_AndNothingFollows()
    {
        JournalWriter writer = Writer();
        writer.Save();
        Save hung = await _journal.NextAsync();
        await AdvanceAsync(JournalWriter.Patience);
        await AdvanceAsync(JournalWriter.Grace);
        await _watcher.FailedAsync(1);
        await _time.AdvanceUntilAsync(writer.EndAsync(TestContext.Current.CancellationToken));
        hung.Answer(false);
        await _time.AdvanceUntilAsync(writer.DisposeAsync().AsTask());
        Assert.False(writer.IsHandedOver);
    }

    [Fact]
    public async Task ASaveWhoseLateEndIsUnknown_IsFollowedByTheNewestState()
    {
        JournalWriter writer = Writer();
        writer.Save();
        Save hung = await _journal.NextAsync();
        await AdvanceAsync(JournalWriter.Patience);
        await AdvanceAsync(JournalWriter.Grace);
        await _watcher.FailedAsync(1);
        await AdvanceAsync(TimeSpan.FromSeconds(0.5));
        (await _journal.NextAsync()).Answer(true);
        await _watcher.RecoveredAsync();
        hung.Fail(new IOException());
        (await _journal.NextAsync()).Answer(true);
        await writer.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ASaveThatHangs_HoldsNoEndUpLongerThanTwoSeconds(bool isBlocking)
    {
        using var release = new ManualResetEventSlim();
        _journal.Blocks = isBlocking ? release : null;
        try
        {
            JournalWriter writer = Writer();
            writer.Save();
            await _journal.NextAsync();
            Task ended = writer.EndAsync(TestContext.Current.CancellationToken);
            await TurnAsync(JournalWriter.Farewell, ended);
            Task disposed = writer.DisposeAsync().AsTask();
            await TurnAsync(JournalWriter.Farewell, disposed);
            Assert.Equal(0, _watcher.Failures);
        }
        finally
        {
            release.Set();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnEndThatHangs_HoldsNobodyUpLongerThanTwoSeconds(bool isBlocking)
    {
        using var release = new ManualResetEventSlim();
        (_journal.Blocks, _journal.HangsToEnd) = (isBlocking ? release : null, true);
        try
        {
            JournalWriter writer = Writer();
            Task ended = writer.EndAsync(TestContext.Current.CancellationToken);
            await TurnAsync(JournalWriter.Farewell, ended);
            Task disposed = writer.DisposeAsync().AsTask();
            await TurnAsync(JournalWriter.Farewell, disposed);
            Assert.Equal(0, _watcher.Failures);
        }
        finally
        {
            release.Set();
        }
    }

    [Fact]
    public async Task AnEndThatHangsForGood_IsTold()
    {
        _journal.HangsToEnd = true;
        JournalWriter writer = Writer();
        Task ended = writer.EndAsync(TestContext.Current.CancellationToken);
        await TurnAsync(JournalWriter.Farewell, ended);
        _time.Advance(JournalWriter.Patience + JournalWriter.Grace);
        await _watcher.FailedAsync(1);
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task AStoreThatBlocks_IsLeftAlone_AndWhoeverFlushesIsAnswered()
    {
        using var release = new ManualResetEventSlim();
        _journal.Blocks = release;
        try
        {
            JournalWriter writer = Writer();
            Task<bool> flushed = writer.FlushAsync(TestContext.Current.CancellationToken);
            await _journal.NextAsync();
            _time.Advance(JournalWriter.Patience + JournalWriter.Grace);
            Assert.False(await flushed.WaitAsync(Long, TestContext.Current.CancellationToken));
            await writer.DisposeAsync();
        }
        finally
        {
            release.Set();
        }
    }

    private JournalWriter Writer(ScriptedJournal? journal = null) => new(journal ?? _journal, "call", 7, _watcher, _time, static () => 0.5);

    /// <summary>Flushes, and lets the store take it.</summary>
    private async Task<bool> Flush(JournalWriter writer)
    {
        Task<bool> flushed = writer.FlushAsync(TestContext.Current.CancellationToken);
        if (!flushed.IsCompleted)
        {
            (await _journal.NextAsync()).Answer(true);
        }

        return await flushed.WaitAsync(Long, TestContext.Current.CancellationToken);
    }

    /// <summary>Lets time pass as soon as somebody waits for it.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        for (int i = 0; _time.ArmedTimers == 0 && i < 3_000; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        _time.Advance(by);
    }

    /// <summary>The task is done within this time.</summary>
    private async Task TurnAsync(TimeSpan most, Task done)
    {
        _time.Advance(most);
        await done.WaitAsync(Long, TestContext.Current.CancellationToken);
    }

    private sealed class Watcher : IJournalWatcher
    {
        private readonly SemaphoreSlim _failed = new(0);
        private readonly SemaphoreSlim _recovered = new(0);
        private readonly SemaphoreSlim _handedOver = new(0);

        public string State { get; set; } = "state";

        public int Failures { get; private set; }

        public int HandOvers { get; private set; }

        public Exception? Last { get; private set; }

        public ReadOnlyMemory<byte> Snapshot() => Encoding.UTF8.GetBytes(State);

        public void SaveFailed(Exception failure, int attempts)
        {
            (Last, Failures) = (failure, attempts);
            _failed.Release();
        }

        public void SaveRecovered() => _recovered.Release();

        public void HandedOver()
        {
            HandOvers++;
            _handedOver.Release();
        }

        public async Task FailedAsync(int attempts)
        {
            Assert.True(await _failed.WaitAsync(Long, TestContext.Current.CancellationToken));
            Assert.Equal(attempts, Failures);
        }

        public async Task RecoveredAsync() => Assert.True(await _recovered.WaitAsync(Long, TestContext.Current.CancellationToken));

        public async Task HandedOverAsync() => Assert.True(await _handedOver.WaitAsync(Long, TestContext.Current.CancellationToken));
    }

    private sealed record Save(string Text, CancellationToken Token)
    {
        private readonly TaskCompletionSource<bool> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<bool> Answered => _answer.Task;

        public void Answer(bool isOwner) => _answer.SetResult(isOwner);

        public void Fail(Exception failure) => _answer.SetException(failure);
    }

    /// <summary>A store that answers when the test does.</summary>
    private sealed class ScriptedJournal : ISessionJournal
    {
        private readonly System.Threading.Channels.Channel<Save> _asked = System.Threading.Channels.Channel.CreateUnbounded<Save>();
        private int _saves;

        public int Saves => Volatile.Read(ref _saves);

        public int Ends { get; private set; }

        public bool ThrowsAtOnce { get; set; }

        public bool FailsToEnd { get; set; }

        public bool HangsToEnd { get; set; }

        /// <summary>Held on to by whoever asks, before there is anything to wait for.</summary>
        public ManualResetEventSlim? Blocks { get; set; }

        public async Task<Save> NextAsync() => await _asked.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Long, TestContext.Current.CancellationToken);

        public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            Assert.Equal(("call", 7L), (callId, fence));
            if (ThrowsAtOnce)
            {
                throw new InvalidOperationException();
            }

            Interlocked.Increment(ref _saves);
            var save = new Save(Encoding.UTF8.GetString(checkpoint.Span), cancellationToken);
            _asked.Writer.TryWrite(save);
            Blocks?.Wait(CancellationToken.None);
            return new ValueTask<bool>(save.Answered);
        }

        public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken)
        {
            Ends++;
            if (HangsToEnd)
            {
                Blocks?.Wait(CancellationToken.None);
                return new(new TaskCompletionSource().Task);
            }

            return FailsToEnd ? ValueTask.FromException(new IOException()) : ValueTask.CompletedTask;
        }
    }
}
