using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>The end of a session: one reason, known before anything else tells of the end, whatever the transport does.</summary>
public sealed class EndingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task WhoeverSeesATurnDisconnected_FindsTheReason_AndIsToldThatTheSessionIsClosed()
    {
        using var resume = new ManualResetEventSlim();
        VoiceSessionOptions options = ScriptedServer.Manual();
        var log = new HookedLogger(line =>
        {
            // Here the turns have ended and the receiving loop has not finished.
            if (line.StartsWith("Turn 1 ended"))
            {
                Assert.True(resume.Wait(Patience));
            }
        });
        options.LoggerFactory = log;
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = await session.SendTextAsync("Hello?");
        await server.CloseAsync(1011, "internal error");

        Assert.IsType<TurnOutcome.Disconnected>((await turn.Completion.WaitAsync(Patience)).Outcome);
        Assert.False(session.Ended.IsCompleted);
        Assert.Equal(1011, session.CloseReason?.StatusCode);
        Assert.Equal(1011, (await Assert.ThrowsAsync<RealtimeClosedException>(() => session.SendTextAsync("Still there?").AsTask())).Reason.StatusCode);

        resume.Set();
        Assert.Same(session.CloseReason, await session.Ended.WaitAsync(Patience));
        await server.EndAsync(session);
        log.ThrowIfFailed();
    }

    [Fact]
    public async Task ACancelledClose_BreaksTheConnectionOff_AndDoesNotThrow()
    {
        using var resume = new ManualResetEventSlim();
        using var giveUp = new CancellationTokenSource();
        VoiceSessionOptions options = ScriptedServer.Manual(new ManualTime());
        var log = new HookedLogger(line => Assert.True(!line.StartsWith("Session ended") || resume.Wait(Patience)));
        options.LoggerFactory = log;
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        // The server stays silent and the clock stands: only the token can end the wait.
        Task closing = session.CloseAsync(giveUp.Token);
        Task closingToo = session.CloseAsync(giveUp.Token);
        await giveUp.CancelAsync();
        resume.Set();

        await closing.WaitAsync(Patience);
        await closingToo.WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason?.Kind);
        Assert.True(session.Ended.IsCompleted);
        await server.EndAsync(session);
        log.ThrowIfFailed();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ATransportThatThrowsWhenClosed_DoesNotMakeDisposalFail_AndNoTimerStays(bool endsReceive)
    {
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(time), new ThrowingTransport(client, endsReceive));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        Turn turn = await session.SendTextAsync("Hello?");
        Assert.NotEqual(0, time.ArmedTimers);

        // Closing throws at once, so nothing waits for the clock.
        await session.DisposeAsync().AsTask().WaitAsync(Patience);

        Assert.Equal(0, time.ArmedTimers);
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason?.Kind);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.Completion.WaitAsync(Patience)).Outcome);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task ATransportThatIgnoresTheTokenOfItsClose_IsBrokenOff()
    {
        var time = new ManualTime();
        using var giveUp = new CancellationTokenSource();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(time), new SlowTransport(client, time) { IgnoresClose = true });
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);

        Task closing = session.CloseAsync(giveUp.Token);
        Assert.False(closing.IsCompleted);
        await giveUp.CancelAsync();

        await closing.WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason?.Kind);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ALoggerThatThrows_CostsNothingButItsLines()
    {
        var problems = new System.Collections.Concurrent.ConcurrentQueue<SessionProblem>();
        VoiceSessionOptions options = ScriptedServer.Manual();
        var log = new HookedLogger(static _ => throw new InvalidOperationException("The log is full."));
        options.LoggerFactory = log;
        options.OnProblem = problems.Enqueue;
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        await server.SendRawAsync("not JSON");
        await server.SendRawAsync("not JSON either");
        Turn turn = await session.SendTextAsync("Hello?");
        await server.ExpectAsync("conversation.item.create");
        await server.EndAsync(session);

        Assert.IsType<TurnOutcome.Disconnected>((await turn.Completion.WaitAsync(Patience)).Outcome);
        Assert.NotNull(await session.Ended.WaitAsync(Patience));
        Assert.Equal(2, problems.Count);
        Assert.Throws<InvalidOperationException>(log.ThrowIfFailed);
    }
}
