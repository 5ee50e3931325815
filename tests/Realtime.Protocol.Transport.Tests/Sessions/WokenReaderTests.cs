using System.IO.Pipelines;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Who runs the reader that a message wakes, and that none of them holds a session up.</summary>
public sealed class WokenReaderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>By a clock that stands no reader is slow, however busy the machine.</summary>
    private static readonly ManualTime s_standing = new();

    // A millisecond is prompt still.
    private static readonly TimeSpan s_prompt = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(1.001);

    [Fact]
    public async Task TheFirstReader_GoesOnOnTheThreadThatWokeIt_OnceItIsRun_AndEveryOtherInThePool()
    {
        var other = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        (bool before, int? ranOn, bool isTheLoops) = await Task.Run(() =>
        {
            var woken = new WokenReader(static () => { }, s_standing);
            int? ran = null;
            woken.Keep();
            WokenReader.Scheduler.Schedule(_ => ran = Environment.CurrentManagedThreadId, null);
            WokenReader.Scheduler.Schedule(_ => other.SetResult(Environment.CurrentManagedThreadId), null);
            WokenReader.KeepNoMore();
            bool ranBefore = ran is not null;
            bool mine = woken.Run();
            woken.End();
            Assert.Equal(Environment.CurrentManagedThreadId, ran);
            return (ranBefore, ran, mine);
        });

        Assert.Equal((false, true, true), (before, ranOn is not null, isTheLoops));
        await other.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task OutsideOfAMessage_AReaderGoesOnInThePool()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        WokenReader.Scheduler.Schedule(static ran => ((TaskCompletionSource)ran!).SetResult(), ran);
        await ran.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task AThreadThatIsNotThePools_RunsNoReader()
    {
        var ranOn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            var woken = new WokenReader(static () => { }, s_standing);
            woken.Keep();
            WokenReader.Scheduler.Schedule(_ => ranOn.SetResult(Thread.CurrentThread.IsThreadPoolThread), null);
            WokenReader.KeepNoMore();
            woken.Run();
        });
        thread.Start();
        Assert.True(await ranOn.Task.WaitAsync(Patience));
        thread.Join();
    }

    [Fact]
    public async Task ASlowReader_IsNotWaitedForTheNextTimes_AndOneThatStaysSlow_TwiceAsOftenEachTime() => await Task.Run(static () =>
    {
        var time = new ManualTime();
        var woken = new WokenReader(static () => { }, time);
        foreach (int passedOver in (int[])[16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 4_096])
        {
            Assert.True(RunsHere(woken, () => time.Advance(s_slow)));
            Assert.Equal(passedOver, TimesPassedOver(woken));
        }

        woken.End();
    });

    [Theory]
    [InlineData(14, 64)]
    [InlineData(15, 16)]
    public async Task AReaderThatWasPromptSixteenTimesInARow_IsNoLongerOneThatStaysSlow(int promptMore, int passedOver) => await Task.Run(() =>
    {
        var time = new ManualTime();
        var woken = new WokenReader(static () => { }, time);
        for (int i = 0; i < 2; i++)
        {
            Assert.True(RunsHere(woken, () => time.Advance(s_slow)));
            TimesPassedOver(woken); // and the first prompt run behind them
        }

        for (int i = 0; i < promptMore; i++)
        {
            Assert.True(RunsHere(woken, () => time.Advance(s_prompt)));
        }

        Assert.True(RunsHere(woken, () => time.Advance(s_slow)));
        Assert.Equal(passedOver, TimesPassedOver(woken));
        woken.End();
    });

    /// <summary>A reader that has no context of its own runs in the loop's, and what it sets there ends with it, as it would in the pool.</summary>
    [Fact]
    public async Task WhatAReaderLeavesOnTheThread_IsNotTheLoops()
    {
        var whose = new AsyncLocal<string?> { Value = "the loop's" };
        (string? seen, string? after, SynchronizationContext? synchronization) = await Task.Run(() =>
        {
            string? seen = null;
            var woken = new WokenReader(static () => { }, s_standing);
            RunsHere(woken, () =>
            {
                seen = whose.Value;
                whose.Value = "the reader's";
                SynchronizationContext.SetSynchronizationContext(new());
            });
            woken.End();
            return (seen, whose.Value, SynchronizationContext.Current);
        });

        Assert.Equal(("the loop's", "the loop's", null), (seen, after, synchronization));
    }

    [Fact]
    public async Task FromAReaderThatBlocks_TheLoopIsTaken_OnceAndForGood()
    {
        var takenOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new ManualResetEventSlim();
        var woken = new WokenReader(takenOver.SetResult, s_standing);
        Task<bool> loop = Task.Run(() =>
        {
            woken.Keep();
            WokenReader.Scheduler.Schedule(_ => goOn.Wait(), null);
            WokenReader.KeepNoMore();
            return woken.Run();
        });
        await takenOver.Task.WaitAsync(Patience);
        Assert.False(loop.IsCompleted);

        // The loop, elsewhere by now, wakes a reader again.
        Assert.False(await Task.Run(() => RunsHere(woken, static () => { })));
        goOn.Set();
        Assert.False(await loop.WaitAsync(Patience));
        woken.End();
    }

    [Fact]
    public async Task AReaderThatIsKeptWhenTheLoopEnds_GoesOnInThePool()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.Run(() =>
        {
            var woken = new WokenReader(static () => { }, s_standing);
            woken.Keep();
            WokenReader.Scheduler.Schedule(_ => ran.SetResult(), null);
            WokenReader.KeepNoMore();
            woken.End();
        });
        await ran.Task.WaitAsync(Patience);
    }

    /// <summary>A reader of the audio that waits with its thread for the turn's end, which only the receiving loop can bring: it has the loop's thread, and the loop goes on without it. The clock of the session stands.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AReaderThatBlocks_HoldsNoSessionUp(bool isTranslated)
    {
        (PipeReader audio, Func<Task> speak, Func<Task> goOn, IAsyncDisposable session) = isTranslated ? await TranslationAsync() : await VoiceAsync();
        var reader = new BlockingReader(audio);
        await speak();
        string calledBy = await reader.Blocks.WaitAsync(Patience);
        await goOn().WaitAsync(Patience);
        await reader.GoOnAsync();
        await session.DisposeAsync();
        Assert.Contains($"{nameof(WokenReader)}.{nameof(WokenReader.Run)}", calledBy, StringComparison.Ordinal);
    }

    /// <summary>What the connector opens receives in the pool; a socket that was given may complete a read on the stack of whoever sends, so its readers are not run there.</summary>
    [Fact]
    public async Task ReadersAreKept_OnlyWhereTheSocketIsOurs()
    {
        var given = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (_, socket) =>
        {
            await using var transport = new WebSocketTransport(socket);
            given.SetResult(transport.ReceivesInPool);
            await transport.ReceiveAsync();
        });
        await using WebSocketTransport ours = await WebSocketTransport.ConnectAsync(new RealtimeConnectionOptions { Endpoint = server.Address });
        Assert.Equal((true, false), (ours.ReceivesInPool, await given.Task.WaitAsync(Patience)));
        await ours.CloseAsync();
    }

    /// <summary>The watch that takes the loop away has no context: what the loop starts afterwards has that of whoever connected all the same.</summary>
    [Fact(Timeout = 60_000)]
    public async Task AfterATakeover_AToolSeesTheContextOfWhoeverConnected()
    {
        var whose = new AsyncLocal<string?> { Value = "the caller's" };
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual(new ManualTime());
        options.Session = options.Session with
        {
            Tools = [VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (_, _) =>
            {
                seen.TrySetResult(whose.Value);
                return await Task.FromResult("Here.");
            })],
        };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.Respond();
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        await server.TakenInAsync(session);
        var reader = new BlockingReader(turn.Audio);
        await server.AudioAsync("resp_1", "item_1", new byte[480]);
        await reader.Blocks.WaitAsync(Patience);
        await server.EndItemAsync("resp_1", "item_1");
        await server.CallAsync("resp_1", "item_call", "call_1", "order", "{}");
        await server.DoneAsync("resp_1");
        string? value = await seen.Task.WaitAsync(Patience);
        await reader.GoOnAsync();
        await new Both(session, server).DisposeAsync();
        Assert.Equal("the caller's", value);
    }

    private static async Task<(PipeReader, Func<Task>, Func<Task>, IAsyncDisposable)> VoiceAsync()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(new ManualTime()));
        Turn turn = session.Respond();
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        await server.TakenInAsync(session);
        return (turn.Audio, () => server.AudioAsync("resp_1", "item_1", new byte[480]), async () =>
        {
            await server.EndItemAsync("resp_1", "item_1");
            await server.DoneAsync("resp_1");
            Assert.IsType<TurnOutcome.Completed>((await turn.Completion).Outcome);
        }, new Both(session, server));
    }

    private static async Task<(PipeReader, Func<Task>, Func<Task>, IAsyncDisposable)> TranslationAsync()
    {
        (TranslationSession session, ScriptedServer server) = await TranslationTalk.ConnectAsync();
        string pcm = Convert.ToBase64String(new byte[480]);
        return (session.Audio, () => server.SendAsync($$"""{"type":"session.output_audio.delta","delta":"{{pcm}}"}"""), async () =>
        {
            await server.CloseAsync(1000, "");
            Assert.Equal(RealtimeCloseKind.ByPeer, (await session.Ended).Kind);
        }, new Both(session, server));
    }

    // Until it is waited for again; that run is a prompt one.
    private static int TimesPassedOver(WokenReader woken)
    {
        int times = 0;
        while (!RunsHere(woken, static () => { }))
        {
            Assert.InRange(++times, 1, 5_000);
        }

        return times;
    }

    // Where it does not, the reader runs in the pool, some time.
    private static bool RunsHere(WokenReader woken, Action read)
    {
        using var ran = new ManualResetEventSlim();
        bool isKept = false;
        woken.Keep();
        WokenReader.Scheduler.Schedule(
            thread =>
            {
                isKept = Environment.CurrentManagedThreadId == (int)thread!;
                read();
                ran.Set();
            },
            Environment.CurrentManagedThreadId);
        WokenReader.KeepNoMore();
        woken.Run();
        Assert.True(ran.Wait(Patience));
        return isKept;
    }

    /// <summary>Reads once, and then holds the thread on which the sound woke it.</summary>
    private sealed class BlockingReader
    {
        private readonly ManualResetEventSlim _goOn = new();
        private readonly TaskCompletionSource<string> _blocks = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _reading;

        // What it awaits is awaited when the call returns: nothing but sound wakes it.
        public BlockingReader(PipeReader audio) => _reading = ReadAsync(audio);

        /// <summary>That it blocks, and what called it.</summary>
        public Task<string> Blocks => _blocks.Task;

        public async Task GoOnAsync()
        {
            _goOn.Set();
            await _reading.WaitAsync(Patience);
        }

        private async Task ReadAsync(PipeReader audio)
        {
            ReadResult read = await audio.ReadAsync().ConfigureAwait(false);
            audio.AdvanceTo(read.Buffer.End);
            _blocks.SetResult(Environment.StackTrace);
            Assert.True(_goOn.Wait(Patience), "The session has stood still while its reader blocked.");
        }
    }

    private sealed record Both(IAsyncDisposable Session, IAsyncDisposable Server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Session.DisposeAsync();
        }
    }
}
