using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Handlers;

/// <summary>
/// The handler that runs on the receiving loop: what it may cost, and that it harms no session but its own. The handlers here wait for the
/// test, so that the clock alone decides.
/// </summary>
public sealed class StuckHandlerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task B3_AHandlerThatNeverReturns_EndsItsSessionAsHandlerStuck_AfterTheKeepAliveTime_AndEveryTurnWithIt()
    {
        await using var talk = await StuckTalk.StartAsync(keepAlive: TimeSpan.FromSeconds(7));
        Turn turn = await talk.BeginTurnAsync();
        Turn waiting = talk.Session.SendMessage("And then?");
        await talk.EnterHandlerAsync();

        talk.Time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Null(talk.Session.CloseReason);
        talk.Time.Advance(TimeSpan.FromSeconds(0.1));

        RealtimeCloseReason reason = await talk.Session.Ended.WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.HandlerStuck, reason.Kind);
        Assert.False(reason.IsOrderly);
        Assert.Contains("OnServerEvent", reason.Description);
        Assert.Same(reason, Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome).Reason);
        Assert.Same(reason, Assert.IsType<TurnOutcome.Disconnected>((await waiting.EndAsync()).Outcome).Reason);
        Assert.True((await turn.Audio.ReadAsync().AsTask().WaitAsync(Patience)).IsCompleted);
        Assert.Same(reason, Assert.Throws<RealtimeClosedException>(() => talk.Session.SendMessage("Still there?")).Reason);

        // The peer learns of it, and disposal waits for no loop.
        Assert.True((await talk.Server.ReadToEndAsync()).Kind is RealtimeCloseKind.ConnectionLost or RealtimeCloseKind.ByPeer);
        await talk.Session.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    [Fact]
    public async Task B3_AToolOfAStuckSession_IsCancelled()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var talk = await StuckTalk.StartAsync(configure: options => options.AddTool("wait", "Waits.", """{"type":"object"}""", async (_, token) =>
        {
            token.Register(cancelled.SetResult);
            await Task.Delay(Timeout.Infinite, token);
            return "";
        }));
        Turn turn = await talk.BeginTurnAsync();
        await talk.Server.CallAsync("resp_1", "item_c", "call_1", "wait", "{}");
        await turn.ReadUpdatesAsync().OfType<TurnUpdate.ToolStarted>().FirstAsync().AsTask().WaitAsync(Patience);
        await talk.EnterHandlerAsync();

        talk.Time.Advance(TimeSpan.FromSeconds(15));

        await cancelled.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task AHandlerMayTakeAsLongAsItLikes_WhereTheKeepAliveIsOff()
    {
        await using var talk = await StuckTalk.StartAsync(keepAlive: Timeout.InfiniteTimeSpan);
        await talk.EnterHandlerAsync();

        talk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Null(talk.Session.CloseReason);
    }

    [Fact]
    public async Task ManySlowCalls_AreNotAStuckOne_AndEachIsTold()
    {
        var time = new ManualTime();
        int calls = 0;
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.OnServerEvent = (in ServerEvent e) =>
        {
            if (e.Kind is ServerEventKind.Unknown)
            {
                time.Advance(TimeSpan.FromSeconds(10));
                calls++;
            }
        };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        await using IAsyncEnumerator<VoiceSessionUpdate> updates = session.ReadUpdatesAsync().GetAsyncEnumerator();

        for (int i = 0; i < 20; i++)
        {
            await server.SendAsync("""{"type":"marker"}""");
            Assert.True(await updates.MoveNextAsync().AsTask().WaitAsync(Patience));
            Assert.Equal(new VoiceSessionUpdate.Problem(new SessionProblem.SlowHandler("OnServerEvent", TimeSpan.FromSeconds(10))), updates.Current);
        }

        Assert.Null(session.CloseReason);
        Assert.Equal(20, calls);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ACallOf100Ms_IsNotSlow()
    {
        var time = new ManualTime();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.OnServerEvent = (in ServerEvent e) => time.Advance(TimeSpan.FromMilliseconds(e.Kind is ServerEventKind.Unknown ? 100 : 0));
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);

        await server.SendAsync("""{"type":"marker"}""");
        await server.CloseAsync(1000, "");

        Assert.Empty(await session.ReadUpdatesAsync().OfType<VoiceSessionUpdate.Problem>().ToListAsync().AsTask().WaitAsync(Patience));
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task B3_ClosingFromInsideAHandler_ReturnsAtOnce_AndTheSessionEndsInOrder(bool disposes, bool onAnotherThread)
    {
        var time = new ManualTime();
        var returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSession? session = null;
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.OnServerEvent = (in ServerEvent e) =>
        {
            if (e.Kind is ServerEventKind.Unknown)
            {
                Task CloseAsync() => disposes ? session!.DisposeAsync().AsTask() : session!.CloseAsync();
                (onAnotherThread ? Task.Run(CloseAsync) : CloseAsync()).Wait();
                returned.SetResult();
            }
        };
        (session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("Hello?");
        await server.SendAsync("""{"type":"marker"}""");

        // The clock stands, so nothing here can have waited for a timeout.
        await returned.Task.WaitAsync(Patience);
        await server.ReadToEndAsync();

        Assert.Equal(RealtimeCloseKind.ByUs, (await session.Ended.WaitAsync(Patience)).Kind);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task B3_ClosingFromOutside_DoesNotWaitForAHandlerThatDoesNotReturn(bool disposes)
    {
        await using var talk = await StuckTalk.StartAsync();
        Turn turn = await talk.BeginTurnAsync();
        await talk.EnterHandlerAsync();

        // The clock stands.
        await (disposes ? talk.Session.DisposeAsync().AsTask() : talk.Session.CloseAsync()).WaitAsync(Patience);

        Assert.Equal(RealtimeCloseKind.ByUs, talk.Session.CloseReason?.Kind);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        Assert.True(talk.Session.Ended.IsCompleted);
    }

    [Fact]
    public async Task B3_AConnectionGivenUpWhileAHandlerIsStuck_EndsAtOnce_AndIsLaidToTheHandler()
    {
        await using var talk = await StuckTalk.StartAsync(keepAlive: Timeout.InfiniteTimeSpan);
        Turn turn = await talk.BeginTurnAsync();
        await talk.EnterHandlerAsync();

        // RC-11: 30 s without a word the response is cancelled, 5 s later the connection counts as dead. The server's words wait behind the handler.
        for (int i = 0; i < 100 && talk.Session.CloseReason is null; i++)
        {
            talk.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(RealtimeCloseKind.HandlerStuck, (await talk.Session.Ended.WaitAsync(Patience)).Kind);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
    }

    [Fact]
    public async Task AKeepAliveThatGaveUpBehindAHandler_IsLaidToTheHandler()
    {
        // The socket's keep-alive runs by the machine's clock and the session's by ours, which stands: so the keep-alive comes first.
        ClientWebSocket? socket = null;
        var isOpen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual(new ManualTime());
        options.OnServerEvent = (in ServerEvent e) =>
        {
            if (e.Kind is ServerEventKind.Unknown)
            {
                Assert.True(SpinWait.SpinUntil(() => socket!.State is WebSocketState.Aborted, Patience));
            }
        };
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (_, peer) =>
        {
            await using var transport = new WebSocketTransport(peer);
            var scripted = new ScriptedServer(transport);
            await scripted.AcceptAsync();
            await isOpen.Task; // a connection that ends before is none of a session
            await scripted.SendAsync("""{"type":"marker"}""");
            await scripted.ReadToEndAsync();
        });
        using (socket = new ClientWebSocket())
        {
            // Long enough for a peer on a busy machine to answer, while nobody holds the loop.
            socket.Options.KeepAliveInterval = socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(1);
            await socket.ConnectAsync(server.Address, default);
            await using VoiceSession session = await VoiceSession.ConnectAsync(options.Over(new WebSocketTransport(socket))).WaitAsync(Patience);
            isOpen.SetResult();

            RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);

            Assert.Equal(RealtimeCloseKind.HandlerStuck, reason.Kind);
        }
    }

    [Fact]
    public async Task ACallbackOnSilencedThatThrows_IsLogged_AndTheSessionGoesOn()
    {
        var logged = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.LoggerFactory = new HookedLogger(line =>
        {
            if (line.Contains("Silenced"))
            {
                logged.TrySetResult(line);
            }
        });
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("Hello?");
        turn.Silenced.Register(static () => throw new InvalidOperationException("The speaker is gone."));
        JsonObject item = await server.ExpectAsync("conversation.item.create");
        await server.ItemAsync(item["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_1");
        await server.AudioAsync("resp_1", "item_1", new byte[960]);
        await turn.Audio.ReadAsync().AsTask().WaitAsync(Patience);

        session.Interrupt();

        Assert.Contains("Turn.Silenced", await logged.Task.WaitAsync(Patience));
        Assert.Null(session.CloseReason);
        await server.EndAsync(session);
    }

    /// <summary>A session whose handler waits for the test to let it go, beginning with a marker event.</summary>
    private sealed class StuckTalk : IAsyncDisposable
    {
        private readonly ManualResetEventSlim _leave = new();
        private readonly SemaphoreSlim _entered = new(0);

        public VoiceSession Session { get; private set; } = null!;

        public ScriptedServer Server { get; private set; } = null!;

        public ManualTime Time { get; } = new();

        public static async Task<StuckTalk> StartAsync(TimeSpan? keepAlive = null, Action<VoiceSessionOptions>? configure = null)
        {
            var talk = new StuckTalk();
            VoiceSessionOptions options = ScriptedServer.Manual(talk.Time);
            options.KeepAliveTimeout = keepAlive ?? options.KeepAliveTimeout;
            options.OnServerEvent = (in ServerEvent e) =>
            {
                if (e.Kind is ServerEventKind.Unknown)
                {
                    talk._entered.Release();
                    talk._leave.Wait();
                }
            };
            configure?.Invoke(options);
            (talk.Session, talk.Server) = await ScriptedServer.ConnectAsync(options);
            return talk;
        }

        /// <summary>A turn whose response has begun.</summary>
        public async Task<Turn> BeginTurnAsync()
        {
            Turn turn = Session.SendMessage("Hello?");
            JsonObject item = await Server.ExpectAsync("conversation.item.create");
            await Server.ItemAsync(item["item"]!);
            await Server.CreatedAsync("resp_1", await Server.ExpectAsync("response.create"));
            await turn.ReadUpdatesAsync().OfType<TurnUpdate.ResponseStarted>().FirstAsync().AsTask().WaitAsync(Patience);
            return turn;
        }

        public async Task EnterHandlerAsync()
        {
            await Server.SendAsync("""{"type":"marker"}""");
            Assert.True(await _entered.WaitAsync(Patience));
        }

        public async ValueTask DisposeAsync()
        {
            _leave.Set();
            await Server.EndAsync(Session);
        }
    }
}
