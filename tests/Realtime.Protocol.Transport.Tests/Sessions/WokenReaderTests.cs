using System.Diagnostics;
using System.IO.Pipelines;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Who runs the reader that a message wakes, and that none of them holds a session up.</summary>
public sealed class WokenReaderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task TheFirstReader_GoesOnOnTheThreadThatWokeIt_OnceItIsRun_AndEveryOtherInThePool()
    {
        var other = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        (bool before, int? ranOn, bool isTheLoops) = await Task.Run(() =>
        {
            var woken = new WokenReader(() => Assert.Fail("Nobody blocks."));
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
            var woken = new WokenReader(static () => { });
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
    public async Task ASlowReader_IsNotWaitedForTheNextTimes() => await Task.Run(static () =>
    {
        var woken = new WokenReader(static () => { });
        Assert.True(RunsHere(woken, TimeSpan.FromMilliseconds(3)));
        for (int i = 0; i < 16; i++)
        {
            Assert.False(RunsHere(woken, TimeSpan.Zero));
        }

        Assert.True(RunsHere(woken, TimeSpan.Zero));
        woken.End();
    });

    [Fact]
    public async Task FromAReaderThatBlocks_TheLoopIsTaken_OnceAndForGood()
    {
        var takenOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new ManualResetEventSlim();
        var woken = new WokenReader(takenOver.SetResult);
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
        Assert.False(await Task.Run(() => RunsHere(woken, TimeSpan.Zero)));
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
            var woken = new WokenReader(static () => { });
            woken.Keep();
            WokenReader.Scheduler.Schedule(_ => ran.SetResult(), null);
            WokenReader.KeepNoMore();
            woken.End();
        });
        await ran.Task.WaitAsync(Patience);
    }

    /// <summary>A reader of the audio that waits with its thread for the turn's end, which only the receiving loop can bring: the clock of the session stands.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AReaderThatBlocks_HoldsNoSessionUp(bool isTranslated)
    {
        (PipeReader audio, Func<Task> speak, Func<Task> goOn, IAsyncDisposable session) = isTranslated ? await TranslationAsync() : await VoiceAsync();
        var goneOn = new ManualResetEventSlim();
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task reader = Task.Run(async () =>
        {
            ValueTask<ReadResult> first = audio.ReadAsync();
            Assert.False(first.IsCompleted);
            reading.SetResult();
            ReadResult read = await first.ConfigureAwait(false);
            audio.AdvanceTo(read.Buffer.End);
            Assert.True(goneOn.Wait(Patience), "The session has stood still while its reader blocked.");
        });
        await reading.Task.WaitAsync(Patience);
        await speak();
        await goOn().WaitAsync(Patience);
        goneOn.Set();
        await reader.WaitAsync(Patience);
        await session.DisposeAsync();
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
        var goOn = new ManualResetEventSlim();
        var blocks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task reader = BlockAsync();
        await server.AudioAsync("resp_1", "item_1", new byte[480]);
        await blocks.Task.WaitAsync(Patience);
        await server.EndItemAsync("resp_1", "item_1");
        await server.CallAsync("resp_1", "item_call", "call_1", "order", "{}");
        await server.DoneAsync("resp_1");
        string? value = await seen.Task.WaitAsync(Patience);
        goOn.Set();
        await reader.WaitAsync(Patience);
        await new Both(session, server).DisposeAsync();
        Assert.Equal("the caller's", value);

        // What it awaits is awaited when the call returns: it is the sound that wakes it.
        async Task BlockAsync()
        {
            ReadResult read = await turn.Audio.ReadAsync().ConfigureAwait(false);
            turn.Audio.AdvanceTo(read.Buffer.End);
            blocks.SetResult();
            Assert.True(goOn.Wait(Patience), "The session has stood still while its reader blocked.");
        }
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

    private static bool RunsHere(WokenReader woken, TimeSpan reading)
    {
        bool runsHere = false;
        int thread = Environment.CurrentManagedThreadId;
        woken.Keep();
        WokenReader.Scheduler.Schedule(
            _ =>
            {
                runsHere = Environment.CurrentManagedThreadId == thread;
                long began = Stopwatch.GetTimestamp();
                SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(began) >= reading);
            },
            null);
        WokenReader.KeepNoMore();
        woken.Run();
        return runsHere;
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
