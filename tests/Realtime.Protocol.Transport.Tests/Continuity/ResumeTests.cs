using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>A session that goes on from a checkpoint of another: what it is told, what it counts on, what is asked again, and what is refused before anything is connected.</summary>
public sealed class ResumeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task WhatWasSaid_IsTold_AndTurnsAndUsageAreCountedOn()
    {
        SessionCheckpoint checkpoint = await TalkAsync(isAnswered: true);
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer server, JsonObject[] items) = await ResumeAsync(row, checkpoint, 2);
        Assert.Equal(["My order is 4711.", "Thank you."], items.Select(static item => (string?)item["content"]![0]!["text"]));
        Assert.Equal(checkpoint.Usage, session.Usage);
        VoiceSessionUpdate.Resumed resumed = await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal(("sess_1", "sess_9", 2), (resumed.OldId, resumed.NewId, resumed.ItemIds.Count));
        Turn next = session.SendMessage("And now?");
        Assert.Equal(2, next.Number);
        await server.AnswerTextAsync("r9", "Here.");
        Assert.IsType<TurnOutcome.Completed>((await next.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhatTheOptionsLeaveOpen_IsAsItWas_AndWhatTheyState_Holds()
    {
        SessionCheckpoint checkpoint = await TalkAsync(isAnswered: true, new() { TurnTaking = TurnTaking.Manual, Instructions = "Be brief.", Voice = "marin" });
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.Session = new() { Voice = "cedar" };
        options.ResumeFrom = checkpoint;
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer server = await row.NextAsync();
        JsonObject update = await server.AcceptAsync();
        Assert.Equal(("Be brief.", "cedar"), ((string?)update["session"]!["instructions"], (string?)update["session"]!["audio"]!["output"]!["voice"]));
        Assert.Null(update["session"]!["audio"]!["input"]!["turn_detection"]);
        Assert.True(update["session"]!["audio"]!["input"]!.AsObject().ContainsKey("turn_detection"));
        await server.TakeItemsAsync(2);
        await server.EndAsync(await connecting.WaitAsync(Patience));
    }

    [Fact]
    public async Task AQuestionWhoseAnswerWasNotHeardOut_IsAskedAgain_Once()
    {
        SessionCheckpoint checkpoint = await TalkAsync(isAnswered: false);
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer server, JsonObject[] items) = await ResumeAsync(row, checkpoint, 1);
        Assert.Equal("My order is 4711.", (string?)items[0]["content"]![0]!["text"]);
        Turn again = await session.ReadServerTurnsAsync().FirstAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(1, again.Number);
        await server.AnswerAsync("r9", "Thank you.");
        Assert.IsType<TurnOutcome.Completed>((await again.EndAsync()).Outcome);
        Assert.Equal(2, session.Respond().Number);
        await server.ExpectAsync("response.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnAnswerThatWasHeardOut_IsNotAskedForAgain()
    {
        SessionCheckpoint checkpoint = await TalkAsync(isAnswered: true);
        Assert.Empty(checkpoint.Questions);
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer server, _) = await ResumeAsync(row, checkpoint, 2);
        Assert.Equal(2, session.SendMessage("And now?").Number);
        await server.ExpectAsync("conversation.item.create");
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACallThatHadBegun_RunsAgain_OnlyIfItsToolSaysThatItMay(bool isIdempotent)
    {
        int ran = 0;
        var never = new TaskCompletionSource<ToolCallOutput>();
        VoiceTool.Function first = VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (_, _) => await never.Task);
        VoiceTool.Function second = VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", _ => $"Shipped, {Interlocked.Increment(ref ran)}.") with { IsIdempotent = isIdempotent };
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = options.Session with { Tools = [first] };
        (VoiceSession before, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = before.SendMessage("Where is it?");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.CallAsync("r1", "item_call", "call_1", "order", "{}");
        await server.DoneAsync("r1");
        await turn.ReadUpdatesAsync().OfType<TurnUpdate.ToolStarted>().FirstAsync().AsTask().WaitAsync(Patience);
        SessionCheckpoint checkpoint = SessionCheckpoint.FromUtf8Json(before.Checkpoint().ToUtf8Json().Span);
        await server.EndAsync(before);

        var row = new ServerRow();
        VoiceSessionOptions next = row.Options();
        next.Session = next.Session with { Tools = [second] };
        next.ResumeFrom = checkpoint;
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(next);
        ScriptedServer other = await row.NextAsync();
        await other.AcceptAsync();
        JsonObject[] items = await other.TakeItemsAsync(3);
        Assert.Equal(["message", "function_call", "function_call_output"], items.Select(static item => (string?)item["type"]));
        Assert.Equal(isIdempotent, (string?)items[2]["output"] == "Shipped, 1.");
        Assert.Equal(isIdempotent ? 1 : 0, ran);
        await other.ExpectAsync("response.create");
        await other.EndAsync(await connecting.WaitAsync(Patience));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACallThatRunsAgain_IsToldAtItsPlace_AndHasItsOwnTime(bool itAnswers)
    {
        SessionCheckpoint checkpoint = await CallAsync("Hurry, please.");
        var time = new ManualTime();
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(time);
        options.ConnectTimeout = TimeSpan.FromSeconds(15);
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource<ToolCallOutput>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceTool.Function tool = VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (_, _) =>
        {
            began.SetResult();
            return await answer.Task; // it does not obey
        });
        options.Session = options.Session with { Tools = [tool with { IsIdempotent = true, Timeout = TimeSpan.FromSeconds(60) }] };
        options.ResumeFrom = checkpoint;
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer server = await row.NextAsync();
        await server.AcceptAsync();
        await began.Task.WaitAsync(Patience);
        if (itAnswers)
        {
            time.Advance(TimeSpan.FromSeconds(59)); // longer than connecting may take
            answer.SetResult("Shipped.");
        }
        else
        {
            Task<JsonObject[]> taken = server.TakeItemsAsync(1);
            time.Advance(TimeSpan.FromSeconds(60));
            Assert.Equal("message", (string?)(await taken)[0]["type"]);
        }

        JsonObject[] items = await server.TakeItemsAsync(itAnswers ? 4 : 3);
        Assert.Equal(["function_call", "function_call_output", "message"], items[^3..].Select(static item => (string?)item["type"]));
        Assert.Equal(itAnswers ? "Shipped." : ReplayPlanner.FailedOutput, (string?)items[^2]["output"]);
        Assert.Equal("Hurry, please.", (string?)items[^1]["content"]![0]!["text"]);
        VoiceSession session = await connecting.WaitAsync(Patience);
        row.Listen(session);
        Assert.Equal(itAnswers ? [] : [new ReplayOmission("item_call", OmissionReason.CallFailed)], (await row.UpdateAsync<VoiceSessionUpdate.Resumed>()).LeftOut);
        await server.ExpectAsync("response.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ACallThatRunsAgain_IsGivenUp_WhenTheConnectionEndsMeanwhile()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int ran = 0;
        VoiceTool.Function tool = VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (_, token) =>
        {
            Interlocked.Increment(ref ran);
            began.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
            return "Never.";
        });
        options.Session = options.Session with { Tools = [tool with { IsIdempotent = true, Timeout = TimeSpan.FromHours(1) }] };
        options.ResumeFrom = await CallAsync("Hurry, please.", calls: 2);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer server = await row.NextAsync();
        await server.AcceptAsync();
        await began.Task.WaitAsync(Patience);
        await server.DisposeAsync();
        Assert.Equal(RealtimeConnectFailure.ClosedEarly, (await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience))).Failure);
        Assert.Equal(1, Volatile.Read(ref ran)); // the second is not begun for nobody
    }

    [Theory]
    [InlineData(false, """{"error":"The tool failed."}""")]
    [InlineData(true, """{"error":"No \uFFFDuch order."}""")]
    public async Task ACallThatFailsWhenItRunsAgain_IsLogged_ToldToTheModel_AndToldAsFailed(bool tellsMessages, string told)
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        var logged = new ConcurrentQueue<string>();
        options.LoggerFactory = new HookedLogger(logged.Enqueue);
        VoiceTool.Function tool = VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", static ToolCallOutput (_) => throw new InvalidOperationException("No \ud800uch order."));
        options.Session = options.Session with { Tools = [tool with { IsIdempotent = true, TellsExceptionMessages = tellsMessages }] };
        options.ResumeFrom = await CallAsync("Hurry, please.");
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer server = await row.NextAsync();
        await server.AcceptAsync();
        Assert.Equal(told, (string?)(await server.TakeItemsAsync(4))[2]["output"]);
        VoiceSession session = await connecting.WaitAsync(Patience);
        row.Listen(session);
        Assert.Equal([new ReplayOmission("item_call", OmissionReason.CallFailed)], (await row.UpdateAsync<VoiceSessionUpdate.Resumed>()).LeftOut);
        await ServerRow.UntilAsync(() => logged.Any(static line => line.StartsWith("The tool order failed", StringComparison.Ordinal)));
        await server.ExpectAsync("response.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task HalfACharacterOfACallThatRunsAgain_IsMended()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        VoiceTool.Function tool = VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", static _ => "Shipped \ud83d");
        options.Session = options.Session with { Tools = [tool with { IsIdempotent = true }] };
        options.ResumeFrom = await CallAsync("Hurry, please.");
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer server = await row.NextAsync();
        await server.AcceptAsync();
        Assert.Equal("Shipped \uFFFD", (string?)(await server.TakeItemsAsync(4))[2]["output"]);
        VoiceSession session = await connecting.WaitAsync(Patience);
        await server.ExpectAsync("response.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnItemThatIsRefused_IsToldAsLeftOut_AndConnectingGoesOn()
    {
        SessionCheckpoint checkpoint = await TalkAsync(isAnswered: true);
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.ResumeFrom = checkpoint;
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer server = await row.NextAsync();
        await server.AcceptAsync();
        JsonObject refused = await server.ExpectAsync("conversation.item.create");
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"invalid_value","message":"no","event_id":"{{{refused["event_id"]}}}"}}""");
        await server.TakeItemsAsync(1);
        VoiceSession session = await connecting.WaitAsync(Patience);
        row.Listen(session);
        Assert.Equal(OmissionReason.Refused, Assert.Single((await row.UpdateAsync<VoiceSessionUpdate.Resumed>()).LeftOut).Reason);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AServerThatTakesNothing_IsAnErrorOfConnecting_InItsTime()
    {
        SessionCheckpoint checkpoint = await TalkAsync(isAnswered: true);
        var time = new ManualTime();
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(time);
        options.ConnectTimeout = TimeSpan.FromSeconds(5);
        options.ResumeFrom = checkpoint;
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer server = await row.NextAsync();
        await server.AcceptAsync();
        await server.ExpectAsync("conversation.item.create");
        await time.AdvanceUntilAsync(Task.WhenAny(connecting));
        Assert.Equal(RealtimeConnectFailure.Timeout, (await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting)).Failure);
    }

    [Fact]
    public async Task AConnectionThatEndsMeanwhile_IsAnErrorOfConnecting()
    {
        SessionCheckpoint checkpoint = await TalkAsync(isAnswered: true);
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.ResumeFrom = checkpoint;
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer server = await row.NextAsync();
        await server.AcceptAsync();
        await server.ExpectAsync("conversation.item.create");
        await server.DisposeAsync();
        Assert.Equal(RealtimeConnectFailure.ClosedEarly, (await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience))).Failure);
        Assert.Equal(1, row.Asked);
    }

    [Fact]
    public async Task AHistoryBesideACheckpoint_IsRefused_BeforeAnythingIsConnected()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.ResumeFrom = await TalkAsync(isAnswered: true);
        options.History = [ConversationItem.User("Hello.")];
        await Assert.ThrowsAsync<ArgumentException>(() => VoiceSession.ConnectAsync(options));
        Assert.Equal(0, row.Asked);
    }

    [Fact]
    public async Task ACheckpointOfAnotherKindOfSession_IsRefused_BeforeAnythingIsConnected()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.ResumeFrom = new SessionMachine(new() { IdPrefix = "test", Purpose = SessionPurpose.Transcription }).Checkpoint(0);
        Assert.Equal(CheckpointFault.AnotherKind, (await Assert.ThrowsAsync<SessionCheckpointException>(() => VoiceSession.ConnectAsync(options))).Fault);
        Assert.Equal(0, row.Asked);
    }

    // A talk whose calls of "order" have begun, with something said behind them.
    private static async Task<SessionCheckpoint> CallAsync(string saidBehind, int calls = 1)
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = options.Session with { Tools = [VoiceTool.Declare("order", "Looks an order up.", """{"type":"object"}""")] };
        (VoiceSession before, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = before.SendMessage("Where is it?");
        await server.TakeItemsAsync(1);
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        await server.CallAsync("r1", "item_call", "call_1", "order", "{}");
        for (int i = 2; i <= calls; i++)
        {
            await server.CallAsync("r1", $"item_call_{i}", $"call_{i}", "order", "{}");
        }

        await server.DoneAsync("r1");
        await turn.ReadUpdatesAsync().OfType<TurnUpdate.ToolStarted>().Take(calls).LastAsync().AsTask().WaitAsync(Patience);
        Task added = before.Conversation.AddAsync(ConversationItem.User(saidBehind));
        await server.TakeItemsAsync(1);
        await added.WaitAsync(Patience);
        SessionCheckpoint checkpoint = SessionCheckpoint.FromUtf8Json(before.Checkpoint().ToUtf8Json().Span);
        await server.EndAsync(before);
        return checkpoint;
    }

    // A talk of one turn, and its checkpoint as another process reads it.
    private static async Task<SessionCheckpoint> TalkAsync(bool isAnswered, SessionConfiguration? configuration = null)
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = configuration ?? options.Session;
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("My order is 4711.");
        if (isAnswered)
        {
            await server.AnswerTextAsync("r1", "Thank you.");
            await turn.EndAsync();
        }
        else
        {
            await server.TakeItemsAsync(1);
            await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
            await turn.ReadUpdatesAsync().OfType<TurnUpdate.ResponseStarted>().FirstAsync().AsTask().WaitAsync(Patience);
        }

        SessionCheckpoint checkpoint = SessionCheckpoint.FromUtf8Json(session.Checkpoint().ToUtf8Json().Span);
        await server.EndAsync(session);
        return checkpoint;
    }

    private static async Task<(VoiceSession Session, ScriptedServer Server, JsonObject[] Items)> ResumeAsync(ServerRow row, SessionCheckpoint checkpoint, int items)
    {
        VoiceSessionOptions options = row.Options();
        options.ResumeFrom = checkpoint;
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options);
        ScriptedServer server = await row.NextAsync();
        await server.AcceptAsync("sess_9");
        JsonObject[] told = await server.TakeItemsAsync(items);
        VoiceSession session = await connecting.WaitAsync(Patience);
        row.Listen(session);
        return (session, server, told);
    }
}
