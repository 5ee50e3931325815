using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Remote MCP servers as an application has them: configured, listed, called by the service, and asked about.</summary>
public sealed class McpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Uri Address = new("https://shop.example/mcp");

    [Fact]
    public async Task AServer_IsToldToTheService_AsItIsConfigured()
    {
        VoiceSessionOptions options = With(new VoiceTool.McpServer
        {
            Label = "shop",
            Url = Address,
            Description = "What we sell.",
            Authorization = "token-of-the-shop",
            Headers = new Dictionary<string, string> { ["x-region"] = "north" },
            AllowedTools = ["stock", "or\"der"],
            Approval = McpApprovalPolicy.Ask(static (_, _) => new(true)).ExceptReadOnly().Except("stock"),
        });
        JsonNode tool = await ToolAsync(options);
        const string Expected = """
            {"type":"mcp","server_label":"shop","server_url":"https://shop.example/mcp","authorization":"token-of-the-shop","server_description":"What we sell.","headers":{"x-region":"north"},
            "allowed_tools":["stock","or\"der"],"require_approval":{"never":{"tool_names":["stock"],"read_only":true}}}
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Expected), tool), tool.ToJsonString());
    }

    [Theory]
    [InlineData("never")]
    [InlineData("always")]
    public async Task APolicy_IsOneWordWhereItHasNoExceptions(string word)
    {
        McpApprovalPolicy policy = word == "never" ? McpApprovalPolicy.Never : McpApprovalPolicy.Ask(static (_, _) => new(true));
        JsonNode tool = await ToolAsync(With(new VoiceTool.McpServer { Label = "drive", ConnectorId = "connector_googledrive", Approval = policy }));
        Assert.Equal(("connector_googledrive", word, null), ((string?)tool["connector_id"], (string?)tool["require_approval"], tool["authorization"]));
    }

    [Fact]
    public async Task ATokenThatHasToBeFetched_IsWaitedFor_WhenConnecting_AndWhenChanging()
    {
        int asked = 0;
        var server = new VoiceTool.McpServer
        {
            Label = "shop",
            Url = Address,
            Approval = McpApprovalPolicy.Never,
            Authorization = new RealtimeCredential(async _ =>
            {
                await Task.Yield();
                return $"token-{Interlocked.Increment(ref asked)}";
            }),
        };
        (VoiceSession session, ScriptedServer remote) = await ScriptedServer.ConnectAsync(With(server));
        Assert.Equal("token-1", (string?)remote.Received[0]["session"]!["tools"]![0]!["authorization"]);
        Task<SessionConfiguration> updating = session.UpdateAsync(new() { Tools = [server] });
        JsonObject update = await remote.ExpectAsync("session.update");
        Assert.Equal("token-2", (string?)update["session"]!["tools"]![0]!["authorization"]);
        await remote.SendAsync($$"""{"type":"session.updated","session":{{update["session"]!.ToJsonString()}}}""");
        Assert.Equal([server], (await updating.WaitAsync(Patience)).Tools!);
        await remote.EndAsync(session);
    }

    [Fact]
    public async Task ATokenThatCannotBeFetched_FailsTheConnection_AndTheUpdate()
    {
        var server = new VoiceTool.McpServer { Label = "shop", Url = Address, Approval = McpApprovalPolicy.Never, Authorization = new(static _ => throw new InvalidOperationException("no token")) };
        (IRealtimeTransport client, ScriptedServer _) = ScriptedServer.Create();
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => VoiceSession.ConnectAsync(With(server).Over(client)));
        Assert.Equal(RealtimeConnectFailure.CredentialFailed, failed.Failure);

        (VoiceSession session, ScriptedServer remote) = await ScriptedServer.ConnectAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.UpdateAsync(new() { Tools = [server] }));
        await remote.EndAsync(session);
    }

    [Fact]
    public async Task WhoeverWaitsForAToken_IsTold_WhenTheSessionEnds()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<string>();
        var server = new VoiceTool.McpServer
        {
            Label = "shop",
            Url = Address,
            Approval = McpApprovalPolicy.Never,
            Authorization = new(token =>
            {
                token.Register(() => cancelled.TrySetResult());
                return new(never.Task);
            }),
        };
        (VoiceSession session, ScriptedServer remote) = await ScriptedServer.ConnectAsync();
        Task<SessionConfiguration> update = session.UpdateAsync(new() { Tools = [server] });
        await remote.EndAsync(session);
        RealtimeClosedException closed = await Assert.ThrowsAsync<RealtimeClosedException>(() => update.WaitAsync(Patience));
        Assert.Equal(session.CloseReason, closed.Reason);
        await cancelled.Task.WaitAsync(Patience);
    }

    public static TheoryData<VoiceTool[], string> Unusable => new()
    {
        { [new VoiceTool.McpServer { Label = "", Url = Address, Approval = McpApprovalPolicy.Never }], "label" },
        { [new VoiceTool.McpServer { Label = "shop", Url = Address, Approval = null! }], "leave" },
        { [new VoiceTool.McpServer { Label = "shop", Approval = McpApprovalPolicy.Never }], "exactly one" },
        { [new VoiceTool.McpServer { Label = "shop", Url = Address, TunnelId = "tunnel_1", Approval = McpApprovalPolicy.Never }], "exactly one" },
        { [new VoiceTool.McpServer { Label = "shop", Url = new("mcp", UriKind.Relative), Approval = McpApprovalPolicy.Never }], "absolute" },
        { [new VoiceTool.McpServer { Label = "\ud800", Url = Address, Approval = McpApprovalPolicy.Never }], "half a character" },
        { [new VoiceTool.McpServer { Label = "shop", Url = Address, Approval = McpApprovalPolicy.Never, AllowedTools = ["\udc00"] }], "half a character" },
        { [new VoiceTool.McpServer { Label = "shop", Url = Address, Approval = McpApprovalPolicy.Never, Headers = new Dictionary<string, string> { ["x"] = "a\nb" } }], "line break" },
        { [new VoiceTool.McpServer { Label = "shop", Url = Address, Approval = McpApprovalPolicy.Never }, new VoiceTool.McpServer { Label = "shop", TunnelId = "t", Approval = McpApprovalPolicy.Never }], "Two MCP servers" },
    };

    [Theory]
    [MemberData(nameof(Unusable), DisableDiscoveryEnumeration = true)]
    public async Task AServerThatNobodyCouldReach_IsRefusedBeforeTheServiceIsAsked(VoiceTool[] tools, string reason)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        ArgumentException refused = await Assert.ThrowsAnyAsync<ArgumentException>(() => session.UpdateAsync(new() { Tools = tools }));
        Assert.Contains(reason, refused.Message);
        Assert.StartsWith("changes.Tools", refused.ParamName);
        await server.EndAsync(session);
        Assert.DoesNotContain(server.Received.Skip(1), static sent => (string?)sent["type"] == "session.update");
    }

    [Fact]
    public void APolicyThatNeverAsks_HasNoExceptions()
    {
        Assert.Throws<InvalidOperationException>(() => McpApprovalPolicy.Never.ExceptReadOnly());
        Assert.Throws<InvalidOperationException>(() => McpApprovalPolicy.Never.Except("stock"));
        Assert.Throws<ArgumentException>("tools", () => McpApprovalPolicy.Ask(static (_, _) => new(true)).Except(""));
        Assert.Throws<ArgumentNullException>("approve", () => McpApprovalPolicy.Ask(null!));
        Assert.Throws<ArgumentOutOfRangeException>("ApprovalTimeout", () => Shop(McpApprovalPolicy.Never) with { ApprovalTimeout = TimeSpan.Zero });
    }

    [Fact]
    public async Task TheList_IsToldToTheReadersOfUpdates_AndAnAutomaticRequestWaitsForIt()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(With(Shop(McpApprovalPolicy.Never), Shop(McpApprovalPolicy.Never) with { Label = "almanac" }));
        Turn turn = session.Respond();
        await server.ListingAsync("item_l", "shop");
        await server.ListingAsync("item_k", "almanac");
        await server.ListedAsync("item_l", "shop", "stock", "order");
        await server.UnlistedAsync("item_k");
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_1", "item_1", Pcm(480, seed: 1));
        await turn.EndAsync();
        await server.EndAsync(session);

        List<VoiceSessionUpdate> updates = await session.ReadUpdatesAsync().ToListAsync().AsTask().WaitAsync(Patience);
        VoiceSessionUpdate.McpToolsListed listed = Assert.Single(updates.OfType<VoiceSessionUpdate.McpToolsListed>());
        Assert.Equal("shop", listed.Server);
        Assert.Equal(["stock", "order"], listed.Tools);
        Assert.Equal(new VoiceSessionUpdate.McpToolsFailed("almanac", null), Assert.Single(updates.OfType<VoiceSessionUpdate.McpToolsFailed>()));
    }

    [Fact]
    public async Task ACallOfTheService_OutlivesItsResponse_AndItsTurnSaysWhatHappened()
    {
        (VoiceSession session, ScriptedServer server, Turn turn) = await AnsweringAsync(McpApprovalPolicy.Never);
        await server.McpCallAsync("resp_1", "item_m", "shop", "stock", """{"part":7}""");
        await server.DoneAsync("resp_1");
        Assert.False(turn.Completion.IsCompleted);
        await server.McpEndedAsync("item_m", "shop", "stock");
        JsonObject create = await server.ExpectAsync("response.create");
        Assert.False(turn.Completion.IsCompleted);
        await AnswerAsync(server, create, "resp_2", "item_2", Pcm(480, seed: 1));

        TurnResult result = await turn.EndAsync();
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal(2, result.Responses);
        var call = new ToolCall("stock", "item_m", """{"part":7}""") { Turn = turn.Number, Server = "shop" };
        Assert.Equal(call, Assert.Single(result.ToolCalls));
        List<TurnUpdate> updates = await turn.ReadUpdatesAsync().ToListAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(call, Assert.Single(updates.OfType<TurnUpdate.ToolStarted>()).Call);
        Assert.Null(Assert.Single(updates.OfType<TurnUpdate.ToolFinished>()).Failure);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ACallThatFails_SaysWhy()
    {
        (VoiceSession session, ScriptedServer server, Turn turn) = await AnsweringAsync(McpApprovalPolicy.Never);
        await server.McpCallAsync("resp_1", "item_m", "shop", "stock");
        await server.DoneAsync("resp_1");
        await server.McpEndedAsync("item_m", "shop", "stock", error: """{"type":"http_error","code":503,"message":"closed"}""");
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", Pcm(480, seed: 1));
        await turn.EndAsync();
        TurnUpdate.ToolFinished finished = await turn.ReadUpdatesAsync().OfType<TurnUpdate.ToolFinished>().SingleAsync();
        ServerError error = Assert.IsType<RealtimeRejectedException>(finished.Failure).Error;
        Assert.Equal(("503", "http_error", "closed"), (error.Code, error.Type, error.Message));
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoeverIsAsked_DecidesTheCall_AndOneRequestFollows(bool isApproved)
    {
        McpApprovalRequest? asked = null;
        (VoiceSession session, ScriptedServer server, Turn turn) = await AnsweringAsync(McpApprovalPolicy.Ask(async (request, _) =>
        {
            await Task.Yield();
            asked = request;
            return isApproved;
        }));
        await server.AskLeaveAsync("resp_1", "item_q", "shop", "order", """{"part":7}""");
        JsonNode answer = (await server.ExpectAsync("conversation.item.create"))["item"]!;
        Assert.Equal(("mcp_approval_response", "item_q", isApproved), ((string?)answer["type"], (string?)answer["approval_request_id"], (bool)answer["approve"]!));
        Assert.Equal(new McpApprovalRequest("shop", "order", """{"part":7}""", "item_q"), asked);
        await server.DoneAsync("resp_1");
        await server.ItemAsync(answer);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", Pcm(480, seed: 1));
        await turn.EndAsync();
        Assert.Equal(asked, (await turn.ReadUpdatesAsync().OfType<TurnUpdate.ApprovalAsked>().SingleAsync()).Request);
        await server.EndAsync(session);
        Assert.Empty(await session.ProblemsAsync());
    }

    [Fact]
    public async Task SeveralQuestions_AreAskedAtTheSameTime_AndFollowedByOneRequest()
    {
        var both = new CountdownEvent(2);
        (VoiceSession session, ScriptedServer server, Turn turn) = await AnsweringAsync(McpApprovalPolicy.Ask((request, _) =>
        {
            both.Signal();
            Assert.True(both.Wait(Patience));
            return new(request.Tool == "order");
        }));
        await server.AskLeaveAsync("resp_1", "item_q", "shop", "order");
        await server.AskLeaveAsync("resp_1", "item_r", "shop", "cancel");
        await server.DoneAsync("resp_1");
        JsonNode[] answers = [(await server.ExpectAsync("conversation.item.create"))["item"]!, (await server.ExpectAsync("conversation.item.create"))["item"]!];
        Assert.Equal([("item_q", true), ("item_r", false)], answers.Select(static answer => ((string)answer["approval_request_id"]!, (bool)answer["approve"]!)).Order());
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", Pcm(480, seed: 1));
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData("stock", false)]
    [InlineData("order", true)]
    public async Task AToolThatIsExcepted_IsCalledWithoutAsking_ThoughTheServiceAsks(string tool, bool isAsked)
    {
        var asked = new ConcurrentQueue<string>();
        (VoiceSession session, ScriptedServer server, Turn turn) = await AnsweringAsync(McpApprovalPolicy.Ask((request, _) =>
        {
            asked.Enqueue(request.Tool);
            return new(true);
        }).ExceptReadOnly().Except("stock"));
        await server.AskLeaveAsync("resp_1", "item_q", "shop", tool);
        Assert.True((bool)(await server.ExpectAsync("conversation.item.create"))["item"]!["approve"]!);
        Assert.Equal(isAsked, !asked.IsEmpty);
        turn.Cancel();
        await server.EndAsync(session);
    }

    [Fact]
    public async Task APolicyThatNeverAsks_SaysYes_AndAServerThatNobodyConfigured_GetsNo()
    {
        (VoiceSession session, ScriptedServer server, Turn turn) = await AnsweringAsync(McpApprovalPolicy.Never);
        await server.AskLeaveAsync("resp_1", "item_q", "shop", "order");
        Assert.True((bool)(await server.ExpectAsync("conversation.item.create"))["item"]!["approve"]!);
        await server.AskLeaveAsync("resp_1", "item_r", "strangers", "order");
        Assert.False((bool)(await server.ExpectAsync("conversation.item.create"))["item"]!["approve"]!);
        turn.Cancel();
        await server.EndAsync(session);
        Assert.Equal(new SessionProblem.ApprovalUnanswered(turn.Number, "strangers", "order", null), Assert.Single((await session.ProblemsAsync()).OfType<SessionProblem.ApprovalUnanswered>()));
    }

    [Fact]
    public async Task WhoeverThrows_HasSaidNo_AndItIsTold()
    {
        var thrown = new FormatException("who?");
        (VoiceSession session, ScriptedServer server, Turn turn) = await AnsweringAsync(McpApprovalPolicy.Ask((_, _) => throw thrown));
        await server.AskLeaveAsync("resp_1", "item_q", "shop", "order");
        Assert.False((bool)(await server.ExpectAsync("conversation.item.create"))["item"]!["approve"]!);
        turn.Cancel();
        await server.EndAsync(session);
        Assert.Same(thrown, Assert.Single((await session.ProblemsAsync()).OfType<SessionProblem.ApprovalUnanswered>()).Failure);
    }

    [Fact]
    public async Task WhoeverDoesNotAnswerInTime_HasSaidNo_AndALateAnswerIsDropped()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        (VoiceSession session, ScriptedServer server, Turn turn) = await AnsweringAsync(
            McpApprovalPolicy.Ask(async (_, cancellation) =>
            {
                asked.TrySetResult(cancellation);
                return await answer.Task;
            }),
            TimeSpan.FromSeconds(5),
            time);
        await server.AskLeaveAsync("resp_1", "item_q", "shop", "order");
        await server.DoneAsync("resp_1");
        CancellationToken cancellation = await asked.Task.WaitAsync(Patience);
        await turn.ReadUpdatesAsync().OfType<TurnUpdate.ApprovalAsked>().FirstAsync().AsTask().WaitAsync(Patience);
        turn.ReportPlayed(0); // it waits until the question's deadline is set, which is told first
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.False((bool)(await server.ExpectAsync("conversation.item.create"))["item"]!["approve"]!);
        await server.ExpectAsync("response.create");
        Assert.True(cancellation.WaitHandle.WaitOne(Patience));
        answer.SetResult(true);
        IAsyncEnumerable<SessionProblem> problems = session.ReadUpdatesAsync().OfType<VoiceSessionUpdate.Problem>().Select(static problem => problem.Details);
        List<SessionProblem> told = await problems.Take(2).ToListAsync().AsTask().WaitAsync(Patience);
        Assert.IsType<TimeoutException>(Assert.IsType<SessionProblem.ApprovalUnanswered>(told[0]).Failure);
        Assert.Equal(new SessionProblem.ApprovalDropped(turn.Number, "shop", "order"), told[1]);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnInterruption_CancelsTheQuestion_AndTheCallIsForbidden()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        (VoiceSession session, ScriptedServer server, Turn turn) = await AnsweringAsync(McpApprovalPolicy.Ask(async (_, cancellation) =>
        {
            using CancellationTokenRegistration registration = cancellation.Register(() => cancelled.TrySetResult());
            await Task.Delay(Timeout.Infinite, cancellation);
            return true;
        }));
        await server.AskLeaveAsync("resp_1", "item_q", "shop", "order");
        await server.DoneAsync("resp_1");
        await turn.ReadUpdatesAsync().OfType<TurnUpdate.ApprovalAsked>().FirstAsync().AsTask().WaitAsync(Patience);
        await server.TakenInAsync(session); // a response that runs still would be cancelled first
        session.Interrupt();
        JsonNode answer = (await server.ExpectAsync("conversation.item.create"))["item"]!;
        Assert.Equal(("item_q", false), ((string?)answer["approval_request_id"], (bool)answer["approve"]!));
        Assert.IsType<TurnOutcome.Interrupted>((await turn.EndAsync()).Outcome);
        await cancelled.Task.WaitAsync(Patience);
        await server.EndAsync(session);
        Assert.Empty(await session.ProblemsAsync());
    }

    [Fact]
    public async Task TheEndOfTheSession_CancelsTheQuestion()
    {
        var asked = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        (VoiceSession session, ScriptedServer server, Turn turn) = await AnsweringAsync(McpApprovalPolicy.Ask(async (_, cancellation) =>
        {
            asked.TrySetResult(cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
            return true;
        }));
        await server.AskLeaveAsync("resp_1", "item_q", "shop", "order");
        CancellationToken cancellation = await asked.Task.WaitAsync(Patience);
        await server.EndAsync(session);
        Assert.True(cancellation.WaitHandle.WaitOne(Patience));
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
    }

    [Fact]
    public async Task NoSecretOfAServer_ComesOutOfATextOrALog()
    {
        var server = Shop(McpApprovalPolicy.Ask(static (_, _) => new(true)).Except("canary-tool")) with
        {
            Authorization = "canary-token",
            Description = "canary-description",
            Headers = new Dictionary<string, string> { ["authorization"] = "canary-header" },
        };
        string[] texts =
        [
            server.ToString(), server.Approval.ToString(), new SessionConfiguration { Tools = [server] }.ToString(), new McpApprovalRequest("shop", "order", "canary-arguments", "item_q").ToString(),
            new ToolCall("order", "item_m", "canary-arguments") { Server = "shop" }.ToString(),
            new VoiceSessionUpdate.McpToolsFailed("shop", new("c", "t", "canary-message", null, null)).ToString(),
            new TurnUpdate.ApprovalAsked(default, new("shop", "order", "canary-arguments", "item_q")).ToString(),
            new SessionProblem.ApprovalUnanswered(1, "shop", "order", new FormatException("canary-exception")).ToString(),
            (await Assert.ThrowsAnyAsync<ArgumentException>(() => VoiceSession.ConnectAsync(With(server with { TunnelId = "canary-tunnel" }).Over(ScriptedServer.Create().Client)))).ToString(),
        ];
        Assert.DoesNotContain(texts, static text => text.Contains("canary"));
    }

    private static VoiceTool.McpServer Shop(McpApprovalPolicy approval) => new() { Label = "shop", Url = Address, Approval = approval };

    private static VoiceSessionOptions With(params VoiceTool[] tools)
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = options.Session with { Tools = tools };
        return options;
    }

    private static async Task<JsonNode> ToolAsync(VoiceSessionOptions options)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        await server.EndAsync(session);
        return server.Received[0]["session"]!["tools"]![0]!;
    }

    /// <summary>A session with one server, whose tools are listed, and a turn whose response runs.</summary>
    private static async Task<(VoiceSession Session, ScriptedServer Server, Turn Turn)> AnsweringAsync(McpApprovalPolicy approval, TimeSpan? timeout = null, ManualTime? time = null)
    {
        VoiceSessionOptions options = With(Shop(approval) with { ApprovalTimeout = timeout ?? VoiceTool.McpServer.DefaultApprovalTimeout });
        options.TimeProvider = time ?? TimeProvider.System;
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        await server.ListingAsync("item_l", "shop");
        await server.ListedAsync("item_l", "shop", "stock", "order");
        Turn turn = session.Respond();
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        return (session, server, turn);
    }
}
