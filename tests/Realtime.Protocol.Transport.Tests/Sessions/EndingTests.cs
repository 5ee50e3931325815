namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>The end of a session: one reason, known before anything else tells of the end, whatever the transport does.</summary>
public sealed class EndingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task WhoeverSeesATurnDisconnected_HasTheReason_AndIsToldThatTheSessionIsClosed()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("Hello?");
        await server.CloseAsync(1011, "internal error");

        RealtimeCloseReason reason = Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome).Reason;

        Assert.Equal(1011, reason.StatusCode);
        Assert.Same(reason, session.CloseReason);
        Assert.Same(reason, Assert.Throws<RealtimeClosedException>(() => session.SendMessage("Still there?")).Reason);
        Assert.Same(reason, await session.Ended.WaitAsync(Patience));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AServerThatSaysThatTheSessionExpired_AndClosesAtOnce_IsNotTheOneWhoClosed()
    {
        // The goodbye and the break-off race; one of fifty is enough to see who wins.
        for (int i = 0; i < 50; i++)
        {
            (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
            Turn turn = session.SendMessage("Hello?");
            Task<RealtimeCloseReason?> seen = turn.Completion.ContinueWith(_ => session.CloseReason, TaskContinuationOptions.ExecuteSynchronously);
            await server.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"session_expired","message":"Over.","param":null,"event_id":null}}""");
            await server.CloseAsync(1001, "expired");

            Assert.Equal(RealtimeCloseKind.Expired, Assert.IsType<TurnOutcome.Disconnected>((await turn.Completion.WaitAsync(Patience)).Outcome).Reason.Kind);
            Assert.Equal(RealtimeCloseKind.Expired, (await seen)?.Kind);
            Assert.Equal(RealtimeCloseKind.Expired, (await session.Ended.WaitAsync(Patience)).Kind);
            await server.EndAsync(session);
        }
    }

    [Fact]
    public async Task ASessionThatExpired_SaysTheErrorByWhichItEnded()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("Hello?");
        await server.SendAsync(Error("session_expired"));

        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);
        Assert.Equal(("session_expired", "The words of the server."), (reason.Error?.Code, reason.Error?.Message));
        Assert.DoesNotContain("words", reason.ToString(), StringComparison.Ordinal);
        Assert.Same(reason, session.CloseReason);
        Assert.Equal(reason, Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome).Reason);
        await server.EndAsync(session);
        Assert.Same(reason, await session.Ended);
    }

    [Theory]
    [InlineData("insufficient_quota", 1008)]
    [InlineData("model_not_found", 1000)]
    [InlineData("invalid_api_key", null)]
    public async Task AnErrorThatNoConnectionOutlives_JustBeforeTheEnd_IsWhyItEnded(string code, int? closesWith)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("Hello?");
        await server.SendAsync(Error(code));
        await EndAsync(server, closesWith);

        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);
        Assert.Equal(code, reason.Error?.Code);
        Assert.Equal(closesWith, reason.StatusCode);
        Assert.DoesNotContain("words", reason.ToString(), StringComparison.Ordinal);
        Assert.Equal(reason, Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome).Reason);
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData("""{"type":"rate_limits.updated","rate_limits":[]}""")]
    [InlineData("""{"type":"of.tomorrow"}""")]
    [InlineData("""{"type":""")]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"no"}}""")]
    public async Task AnErrorThatTheSessionOutlived_IsNotWhyItEnded(string after)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await server.SendAsync(Error("insufficient_quota"));
        await server.SendRawAsync(after);
        await server.CloseAsync(1011, "internal error");

        Assert.Null((await session.Ended.WaitAsync(Patience)).Error);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhoEndsTheSessionHimself_DoesNotEndItByAnErrorOfTheServer()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await server.SendAsync(Error("insufficient_quota"));
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync())
        {
            if (update is VoiceSessionUpdate.Problem(SessionProblem.Reported { Severity: ErrorSeverity.Fatal }))
            {
                break;
            }
        }

        Task<RealtimeCloseReason> answering = server.ReadToEndAsync();
        await session.CloseAsync().WaitAsync(Patience);
        await answering.WaitAsync(Patience);

        Assert.Equal(RealtimeCloseKind.ByUs, (await session.Ended).Kind);
        Assert.Null((await session.Ended).Error);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ACancelledClose_BreaksTheConnectionOff_AndDoesNotThrow()
    {
        using var giveUp = new CancellationTokenSource();
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(ScriptedServer.Manual(new ManualTime()));

        // The server stays silent and the clock stands: only the token can end the wait.
        Task closing = session.CloseAsync(giveUp.Token);
        Task closingToo = session.CloseAsync(giveUp.Token);
        await giveUp.CancelAsync();

        await closing.WaitAsync(Patience);
        await closingToo.WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason?.Kind);
        Assert.True(session.Ended.IsCompleted);
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ATransportThatThrowsWhenClosed_DoesNotMakeDisposalFail_AndNoTimerStays(bool endsReceive)
    {
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(time).Over(new ThrowingTransport(client, endsReceive)));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        Turn turn = session.SendMessage("Hello?");
        Assert.NotEqual(0, time.ArmedTimers);

        // Closing throws at once, so nothing waits for the clock.
        await session.DisposeAsync().AsTask().WaitAsync(Patience);

        Assert.Equal(0, time.ArmedTimers);
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason?.Kind);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task ATransportThatIgnoresTheTokenOfItsClose_IsBrokenOff()
    {
        var time = new ManualTime();
        using var giveUp = new CancellationTokenSource();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(time).Over(new SlowTransport(client, time) { IgnoresClose = true }));
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
        VoiceSessionOptions options = ScriptedServer.Manual();
        var log = new HookedLogger(static _ => throw new InvalidOperationException("The log is full."));
        options.LoggerFactory = log;
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        await server.SendRawAsync("not JSON");
        await server.SendRawAsync("not JSON either");
        Turn turn = session.SendMessage("Hello?");
        await server.ExpectAsync("conversation.item.create");
        await server.EndAsync(session);

        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        Assert.NotNull(await session.Ended.WaitAsync(Patience));
        Assert.Equal(2, (await session.ProblemsAsync()).Count);
        Assert.Throws<InvalidOperationException>(log.ThrowIfFailed);
    }

    [Fact]
    public async Task ALoggerThatHangs_DelaysNothingButItsLines_AndDisposalForTwoSecondsAtMost()
    {
        using var resume = new ManualResetEventSlim();
        var time = new ManualTime();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.LoggerFactory = new HookedLogger(_ => resume.Wait(Patience));
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("Hello?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.DoneAsync("resp_1");

        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.DisposeAsync();
        Task disposing = session.DisposeAsync().AsTask();
        await session.Ended.WaitAsync(Patience);

        // Disposal takes its timer after the end, and nothing tells when.
        await time.AdvanceUntilAsync(disposing);
        resume.Set();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATransportThatIsNeverDisposed_IsWaitedForTwoSeconds(bool disposes)
    {
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(time).Over(new HeldTransport(client, holdsDisposal: true)));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        Turn turn = session.SendMessage("Hello?");

        Task ending = disposes ? session.DisposeAsync().AsTask() : session.CloseAsync();
        await time.AdvanceUntilAsync(ending);

        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason?.Kind);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task ATransportWhoseDisposalEndsNoReceive_IsWaitedForTwoSeconds()
    {
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(time).Over(new HeldTransport(client, holdsDisposal: false)));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);

        await time.AdvanceUntilAsync(session.DisposeAsync().AsTask());

        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason?.Kind);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task ALoggerThatDisposesItsSession_WaitsForNoLineOfItsOwn()
    {
        VoiceSession? session = null;
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual(new ManualTime());
        options.LoggerFactory = new HookedLogger(line =>
        {
            if (line.Contains("malformed"))
            {
                // The clock stands.
                Assert.True(session!.DisposeAsync().AsTask().Wait(Patience));
                disposed.SetResult();
            }
        });
        (session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        await server.SendRawAsync("not JSON");
        await server.ReadToEndAsync();

        await disposed.Task.WaitAsync(Patience);
        await server.EndAsync(session);
    }

    private static string Error(string code) => $$$"""{"type":"error","error":{"type":"invalid_request_error","code":"{{{code}}}","message":"The words of the server.","param":null,"event_id":null}}""";

    private static ValueTask EndAsync(ScriptedServer server, int? statusCode) => statusCode is int code ? server.CloseAsync(code, "over") : server.DisposeAsync();

    [Fact]
    public async Task ATransportThatTakesNothingAndSaysNoEnd_EndsTheSession_AndWhoeverWaitsIsTold()
    {
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var deaf = new DeafTransport(client);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(time).Over(deaf));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        deaf.IsDeaf = true;
        Task sending = session.SendAsync(new OutputAudioBufferClear()).AsTask();
        await time.AdvanceUntilAsync(session.Ended);
        Assert.Equal(RealtimeCloseKind.ConnectionLost, (await Assert.ThrowsAsync<RealtimeClosedException>(() => sending)).Reason.Kind);
        await server.EndAsync(session);
    }

    private sealed class DeafTransport(IRealtimeTransport inner) : IRealtimeTransport
    {
        public bool IsDeaf { get; set; }

        public RealtimeCloseReason? CloseReason => inner.CloseReason;

        public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) => IsDeaf ? new(false) : inner.SendAsync(message, cancellationToken);

        public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => inner.ReceiveAsync(cancellationToken);

        public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => inner.CloseAsync(statusCode, description, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
