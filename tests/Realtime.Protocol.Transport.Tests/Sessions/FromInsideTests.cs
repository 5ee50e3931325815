using Microsoft.Extensions.Logging.Abstractions;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A session that is ended by code which it called itself: whoever calls, and whether it waits with its thread, the call returns and everything ends. The clock stands, so no limit helps.</summary>
public sealed class FromInsideTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string, bool, bool> Places
    {
        get
        {
            var places = new TheoryData<string, bool, bool>();
            foreach (string place in new[] { "Silenced", "tool", "tool's token", "approval", "approval's token", "MCP token", "logger", "OnServerEvent", "OnClientEvent", "Customize", "updates", "events", "turn's updates", "audio", "turns", "Completion" })
            {
                foreach (bool disposes in new[] { false, true })
                {
                    places.Add(place, disposes, true);
                    places.Add(place, disposes, false);
                }
            }

            return places;
        }
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Places))]
    public async Task WhoeverEndsTheSessionFromInside_Returns(string place, bool disposes, bool waits)
    {
        var inside = new Inside(disposes, waits);
        VoiceSessionOptions options = ScriptedServer.Manual(new ManualTime());
        options.LoggerFactory = place == "logger" ? new HookedLogger(line => inside.CallWhen(line.Contains("malformed"))) : NullLoggerFactory.Instance;
        options.OnServerEvent = (in ServerEvent e) => inside.CallWhen(place == "OnServerEvent" && e.Kind is ServerEventKind.Unknown);
        options.OnClientEvent = (in ClientEvent e) => inside.CallWhen(place == "OnClientEvent" && e.Kind is ClientEventKind.ConversationItemCreate);
        options.Session = options.Session with
        {
            Tools =
            [
                VoiceTool.Create("end", "Ends.", """{"type":"object"}""", async (ToolCall _, CancellationToken token) =>
                {
                    await RunAsync("tool", inside, place, token);
                    return "done";
                }),
                new VoiceTool.McpServer
                {
                    Label = "shop",
                    Url = new("https://mcp.example.com"),
                    Approval = McpApprovalPolicy.Ask(async (_, token) =>
                    {
                        await RunAsync("approval", inside, place, token);
                        return true;
                    }),
                },
            ],
        };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        inside.Session = session;
        await server.ListingAsync("item_l", "shop");
        await server.ListedAsync("item_l", "shop", "order");
        Task reading = ReadAsync(session, inside, place);
        Turn turn = session.Respond();
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        turn.Silenced.Register(() => inside.CallWhen(place == "Silenced"));
        reading = Task.WhenAll(reading, ReadAsync(turn, inside, place));
        if (place != "turn's updates")
        {
            await turn.ReadUpdatesAsync().OfType<TurnUpdate.ResponseStarted>().FirstOrDefaultAsync().AsTask().WaitAsync(Patience);
        }

        Task goodbye = GoOnAsync(session, server, inside, turn, place);
        await inside.Returned.WaitAsync(Patience);
        await goodbye.WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.ByUs, (await session.Ended.WaitAsync(Patience)).Kind);
        Assert.NotNull(await turn.EndAsync());
        await reading.WaitAsync(Patience);
        await session.DisposeAsync().AsTask().WaitAsync(Patience);
        await server.DisposeAsync();
    }

    /// <summary>Makes the session call the code at this place.</summary>
    private static async Task GoOnAsync(VoiceSession session, ScriptedServer server, Inside inside, Turn turn, string place)
    {
        switch (place)
        {
            case "Silenced":
                session.Interrupt();
                break;
            case "tool" or "tool's token" or "turn's updates":
                await server.CallAsync("resp_1", "item_c", "call_1", "end", "{}");
                await server.DoneAsync("resp_1");
                break;
            case "approval" or "approval's token":
                await server.AskLeaveAsync("resp_1", "item_q", "shop", "order");
                await server.DoneAsync("resp_1");
                break;
            case "MCP token":
                var shop = new VoiceTool.McpServer
                {
                    Label = "more",
                    Url = new("https://mcp.example.com"),
                    Approval = McpApprovalPolicy.Never,
                    Authorization = new RealtimeCredential(async _ =>
                    {
                        await inside.CallAsync();
                        return "secret";
                    }),
                };
                Task<SessionConfiguration> update = Task.Run(() => session.UpdateAsync(new() { Tools = [shop] }));
                await server.ReadToEndAsync();
                await Assert.ThrowsAsync<RealtimeClosedException>(() => update.WaitAsync(Patience));
                return;
            case "Customize":
                Task<Turn> asking = Task.Run(() => session.Respond(new() { Customize = _ => inside.CallWhen(true) }));
                await server.ReadToEndAsync();
                await (inside.WaitsWithItsThread ? Assert.ThrowsAsync<RealtimeClosedException>(() => asking.WaitAsync(Patience)) : asking.ContinueWith(static _ => { }, TaskScheduler.Default));
                return;
            case "logger" or "updates":
                await server.SendRawAsync("not JSON");
                break;
            case "OnClientEvent":
                _ = session.Conversation.AddAsync(ConversationItem.User("hello"));
                break;
            case "audio":
                await server.BeginItemAsync("resp_1", "item_1");
                await server.AudioAsync("resp_1", "item_1", new byte[480]);
                break;
            case "turns":
                await server.DoneAsync("resp_1");
                await server.SendAsync("""{"type":"response.created","response":{"id":"resp_2","object":"realtime.response","status":"in_progress","output":[],"conversation_id":"conv_1"}}""");
                break;
            case "Completion":
                Task completion = turn.Completion.ContinueWith(_ => inside.CallWhen(true), TaskContinuationOptions.ExecuteSynchronously);
                await server.DoneAsync("resp_1");
                break;
            default:
                await server.SendAsync("""{"type":"marker"}""");
                break;
        }

        if (place.EndsWith("'s token", StringComparison.Ordinal))
        {
            await inside.Started.WaitAsync(Patience);
            session.Interrupt();
        }

        await server.ReadToEndAsync();
    }

    private static async Task RunAsync(string who, Inside inside, string place, CancellationToken token)
    {
        if (place == who)
        {
            await inside.CallAsync();
        }
        else if (place == $"{who}'s token")
        {
            token.Register(() => inside.CallWhen(true));
            inside.Start();
            await Task.Delay(Timeout.Infinite, token);
        }
    }

    private static async Task ReadAsync(VoiceSession session, Inside inside, string place)
    {
        switch (place)
        {
            case "updates":
                await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync())
                {
                    await inside.CallAsync(update is VoiceSessionUpdate.Problem);
                }

                break;
            case "events":
                await foreach (WireEvent e in session.ReadEventsAsync())
                {
                    await inside.CallAsync(e.Type == "marker");
                }

                break;
            case "turns":
                await foreach (Turn turn in session.ReadServerTurnsAsync())
                {
                    await inside.CallAsync();
                }

                break;
        }
    }

    private static async Task ReadAsync(Turn turn, Inside inside, string place)
    {
        switch (place)
        {
            case "turn's updates":
                await foreach (TurnUpdate update in turn.ReadUpdatesAsync())
                {
                    await inside.CallAsync(update is TurnUpdate.ToolStarted);
                }

                break;
            case "audio":
                await turn.Audio.ReadAsync();
                await inside.CallAsync();
                break;
        }
    }

    private sealed class Inside(bool disposes, bool waits)
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;

        public VoiceSession Session { get; set; } = null!;

        public bool WaitsWithItsThread => waits;

        public Task Started => _started.Task;

        /// <summary>Completes when the first call has returned, and what it gave has completed.</summary>
        public Task Returned => _returned.Task;

        public void Start() => _started.TrySetResult();

        public void CallWhen(bool isPlace) => _ = CallAsync(isPlace);

        public async Task CallAsync(bool isPlace = true)
        {
            if (!isPlace || Interlocked.Increment(ref _calls) > 1)
            {
                return;
            }

            try
            {
                Task ending = disposes ? Session.DisposeAsync().AsTask() : Session.CloseAsync();
                if (waits)
                {
                    Assert.True(ending.Wait(Patience));
                }
                else
                {
                    await ending;
                }

                _returned.SetResult();
            }
            catch (Exception failure)
            {
                _returned.SetException(failure);
            }
        }
    }
}
