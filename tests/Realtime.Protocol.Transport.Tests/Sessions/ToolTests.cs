using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Tool rounds: calls run beside the session, every call gets an output, and the turn stays one turn.</summary>
public sealed class ToolTests
{
    [Fact]
    public async Task ATurnTakesAsManyRounds_AsTheOptionsSay()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.MaxToolRounds = 1;
        options.Session = options.Session with { Tools = [VoiceTool.Create("clock", "", "{}", static _ => "noon")] };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.Respond();
        for (int round = 1; round <= 2; round++)
        {
            await server.CreatedAsync($"resp_{round}", await server.ExpectAsync("response.create"));
            await server.CallAsync($"resp_{round}", $"item_{round}", $"call_{round}", "clock", "{}");
            await server.DoneAsync($"resp_{round}");
            await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        }

        TurnResult result = await turn.EndAsync();
        Assert.IsType<TurnOutcome.ToolRoundLimit>(result.Outcome);
        Assert.Equal(2, result.Responses);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.MaxToolRounds = -1);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AToolRound_StaysInsideOneTurn()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.AddTool("clock", "Tells the time.", """{"type":"object"}""", static (call, _) => new($"12:00 in {call.Arguments}"));
        (VoiceSession session, ScriptedServer server, Turn turn) = await CallingAsync(options, ("call_1", "clock", """{"zone":"CET"}"""));

        JsonObject output = await server.ExpectAsync("conversation.item.create");
        Assert.Equal("call_1", (string?)output["item"]!["call_id"]);
        Assert.Equal("""12:00 in {"zone":"CET"}""", (string?)output["item"]!["output"]);
        await server.ItemAsync(output["item"]!);
        byte[] answer = Pcm(9_600, seed: 1);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", answer);

        Assert.Equal(answer, await ReadAllAsync(turn.Audio));
        TurnResult result = await turn.EndAsync();
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal(2, result.Responses);
        Assert.Equal(new ToolCall("clock", "call_1", """{"zone":"CET"}""") { Turn = 1 }, Assert.Single(result.ToolCalls));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task SeveralCalls_RunAtTheSameTime_AndAreFollowedByOneCreate()
    {
        var gate = new TaskCompletionSource<ToolCallOutput>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.AddTool("slow", "", "{}", (_, _) => new(gate.Task));
        options.AddTool("fast", "", "{}", (_, _) => new("fast output"));
        (VoiceSession session, ScriptedServer server, Turn turn) = await CallingAsync(options, ("call_1", "slow", "{}"), ("call_2", "fast", "{}"));

        Assert.Equal("call_2", (string?)(await server.ExpectAsync("conversation.item.create"))["item"]!["call_id"]);
        gate.SetResult("slow output");
        Assert.Equal("call_1", (string?)(await server.ExpectAsync("conversation.item.create"))["item"]!["call_id"]);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", []);

        Assert.Equal(2, (await turn.EndAsync()).ToolCalls.Count);
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData(false, """{"error":"The tool failed."}""")]
    [InlineData(true, """{"error":"The \u0022vault\u0022 is closed."}""")]
    public async Task AToolThatThrows_TellsTheModelOnlyWhatItMay(bool tellsMessages, string expected)
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.AddTool("vault", "", "{}", (_, _) => throw new InvalidOperationException("The \"vault\" is closed."), tellsMessages: tellsMessages);
        (VoiceSession session, ScriptedServer server, Turn turn) = await CallingAsync(options, ("call_1", "vault", "{}"));

        Assert.Equal(expected, (string?)(await server.ExpectAsync("conversation.item.create"))["item"]!["output"]);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", []);

        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AToolThatDoesNotExist_IsAnsweredToo()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        (VoiceSession session, ScriptedServer server, Turn _) = await CallingAsync(options, ("call_1", "imagined", "{}"));

        Assert.Equal("""{"error":"There is no such tool."}""", (string?)(await server.ExpectAsync("conversation.item.create"))["item"]!["output"]);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnInterruption_CancelsTheRunningTool_AndItsOutputAsksForNothing()
    {
        var started = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.OnServerEvent = (in ServerEvent e) =>
        {
            if (e.Kind is ServerEventKind.ResponseDone)
            {
                done.TrySetResult();
            }
        };
        options.AddTool("wait", "", "{}", async (_, cancellation) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return "";
        });
        (VoiceSession session, ScriptedServer server, Turn turn) = await CallingAsync(options, ("call_1", "wait", "{}"));
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await done.Task.WaitAsync(TimeSpan.FromSeconds(10));

        session.Interrupt();

        Assert.Equal("""{"error":"The call was cancelled."}""", (string?)(await server.ExpectAsync("conversation.item.create"))["item"]!["output"]);
        Assert.IsType<TurnOutcome.Interrupted>((await turn.EndAsync()).Outcome);
        Task<RealtimeCloseReason> end = server.ReadToEndAsync();
        await session.DisposeAsync();
        await end;
        Assert.DoesNotContain(server.Received.Skip(4), e => (string?)e["type"] == "response.create");
    }

    [Fact]
    public async Task TheEndOfTheSession_CancelsTheRunningTool()
    {
        var cancelled = new TaskCompletionSource();
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.AddTool("wait", "", "{}", (_, cancellation) =>
        {
            cancellation.Register(cancelled.SetResult);
            return new(new TaskCompletionSource<ToolCallOutput>().Task);
        });
        (VoiceSession session, ScriptedServer server, Turn turn) = await CallingAsync(options, ("call_1", "wait", "{}"));
        await ToolStartedAsync(turn);

        await server.EndAsync(session);

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
    }

    [Fact]
    public async Task TheUpdates_TellWhatHappenedInOrder()
    {
        VoiceSessionOptions options = ScriptedServer.Manual(new ManualTime());
        options.AddTool("clock", "", "{}", (_, _) => new("12:00"));
        (VoiceSession session, ScriptedServer server, Turn turn) = await CallingAsync(options, ("call_1", "clock", "{}"));
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", Pcm(960, seed: 1));

        var updates = new List<TurnUpdate>();
        await foreach (TurnUpdate update in turn.ReadUpdatesAsync())
        {
            updates.Add(update);
        }

        Assert.Equal(
            ["ResponseStarted", "ToolStarted", "ToolFinished", "ResponseStarted", "TranscriptDelta", "AudioStarted", "TranscriptDelta"],
            updates.Select(update => update.GetType().Name));
        Assert.Equal("Hello there.", string.Concat(updates.OfType<TurnUpdate.TranscriptDelta>().Select(delta => delta.Text)));
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData("two words", "{}", "unusable")]
    [InlineData("", "{}", "unusable")]
    [InlineData("fine", "{", "schema")]
    [InlineData("fine", "[]", "not a JSON object")]
    public void AToolThatTheServiceWouldRefuse_IsRefusedHere(string name, string schema, string reason)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => VoiceTool.Create(name, "", schema, static _ => ""));

        Assert.Contains(reason, refusal.Message);
    }

    [Fact]
    public async Task TwoToolsOfOneName_AreRefused_BeforeTheServerIsAsked()
    {
        VoiceTool one = VoiceTool.Create("clock", "", "{}", static _ => "12:00");
        VoiceTool other = VoiceTool.Create("clock", "", "{}", static _ => "13:00");
        var options = new VoiceSessionOptions { Endpoint = new("ws://127.0.0.1:1"), Session = new() { Tools = [one, other] } };

        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(() => VoiceSession.ConnectAsync(options));

        Assert.Equal("options.Session.Tools", refusal.ParamName);
        Assert.Contains("\"clock\"", refusal.Message);
    }

    [Fact]
    public async Task B21_AToolThatNeverReturns_IsAnsweredFor_AndItsTurnGoesOn()
    {
        var time = new ManualTime();
        var cancelled = new TaskCompletionSource();
        var late = new TaskCompletionSource<ToolCallOutput>();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.AddTool("slow", "", "{}", (_, cancellation) =>
        {
            cancellation.Register(cancelled.SetResult);
            return new(late.Task);
        }, TimeSpan.FromSeconds(5));
        (VoiceSession session, ScriptedServer server, Turn turn) = await CallingAsync(options, ("call_1", "slow", "{}"));
        IAsyncEnumerator<TurnUpdate> updates = turn.ReadUpdatesAsync().GetAsyncEnumerator();
        await SkipToAsync<TurnUpdate.ToolStarted>(updates);

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("""{"error":"The tool did not answer in time."}""", (string?)(await server.ExpectAsync("conversation.item.create"))["item"]!["output"]);
        JsonObject create = await server.ExpectAsync("response.create");
        Assert.IsType<TimeoutException>((await SkipToAsync<TurnUpdate.ToolFinished>(updates)).Failure);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        late.SetResult("too late");
        List<SessionProblem> problems = await session.ReadUpdatesAsync().OfType<VoiceSessionUpdate.Problem>().Select(problem => problem.Details).Take(2).ToListAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(
            [new SessionProblem.ToolOverdue(turn.Number, "slow", "call_1"), new SessionProblem.ToolOutputDropped(turn.Number, "slow", "call_1", "FC-08")],
            problems);

        await AnswerAsync(server, create, "resp_2", "item_2", []);
        Assert.IsType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await server.EndAsync(session);
        Assert.Equal(1, server.Received.Count(e => (string?)e["item"]?["type"] == "function_call_output"));
    }

    [Fact]
    public async Task B21_AnOverdueToolThatObeysItsCancellation_HasNothingToReport()
    {
        var time = new ManualTime();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.AddTool("slow", "", "{}", static async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return "";
        }, TimeSpan.FromSeconds(5));
        (VoiceSession session, ScriptedServer server, Turn turn) = await CallingAsync(options, ("call_1", "slow", "{}"));
        await ToolStartedAsync(turn);
        time.Advance(TimeSpan.FromSeconds(5));
        await server.ExpectAsync("conversation.item.create");
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", []);
        await turn.EndAsync();
        await server.EndAsync(session);
        Assert.IsType<SessionProblem.ToolOverdue>(Assert.Single(await session.ProblemsAsync()));
    }

    [Fact]
    public async Task AToolsResultAfterTheConnectionEnded_IsTold()
    {
        var late = new TaskCompletionSource<ToolCallOutput>();
        var logged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.LoggerFactory = new HookedLogger(line =>
        {
            if (line.Contains("came too late", StringComparison.Ordinal))
            {
                logged.TrySetResult();
            }
        });
        options.AddTool("slow", "", "{}", (_, _) => new(late.Task));
        (VoiceSession session, ScriptedServer server, Turn turn) = await CallingAsync(options, ("call_1", "slow", "{}"));
        await ToolStartedAsync(turn);
        await server.EndAsync(session);

        late.SetResult("12:00");
        await logged.Task.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(new SessionProblem.ToolOutputDropped(turn.Number, "slow", "call_1", "FC-07"), Assert.Single(await session.ProblemsAsync()));
    }

    [Fact]
    public async Task F05_ACallIdThatComesAgain_RunsAgain_ThoughTheFirstCallStillRuns()
    {
        var first = new TaskCompletionSource<ToolCallOutput>();
        int calls = 0;
        var time = new ManualTime();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.AddTool("clock", "", "{}", (_, _) => Interlocked.Increment(ref calls) == 1 ? new(first.Task) : new("second"), TimeSpan.FromSeconds(5));
        (VoiceSession session, ScriptedServer server, Turn turn) = await CallingAsync(options, ("call_0", "clock", "{}"));
        await ToolStartedAsync(turn);
        time.Advance(TimeSpan.FromSeconds(5));
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_2", await server.ExpectAsync("response.create"));
        await server.CallAsync("resp_2", "item_again", "call_0", "clock", "{}");
        await server.DoneAsync("resp_2");
        JsonNode output = (await server.ExpectAsync("conversation.item.create"))["item"]!;
        Assert.Equal(("call_0", "second"), ((string?)output["call_id"], (string?)output["output"]));
        first.SetResult("first");
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_3", "item_3", []);
        Assert.Equal(2, (await turn.EndAsync()).ToolCalls.Count);
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(25 * 86_400_000L)]
    public void ATimeoutThatNoToolCanHave_IsRefused(long milliseconds)
    {
        VoiceTool.Function tool = VoiceTool.Create("x", "", "{}", static _ => "");
        Assert.Equal(VoiceTool.Function.DefaultTimeout, tool.Timeout);
        Assert.Equal("Timeout", Assert.Throws<ArgumentOutOfRangeException>(() => tool with { Timeout = TimeSpan.FromMilliseconds(milliseconds) }).ParamName);
    }

    // A turn whose first response makes these calls and is done.
    private static async Task<(VoiceSession Session, ScriptedServer Server, Turn Turn)> CallingAsync(
        VoiceSessionOptions options, params (string Call, string Name, string Arguments)[] calls)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("What time is it?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        foreach ((string call, string name, string arguments) in calls)
        {
            await server.CallAsync("resp_1", "item_" + call, call, name, arguments);
        }

        await server.DoneAsync("resp_1");
        return (session, server, turn);
    }

    private static async Task<T> SkipToAsync<T>(IAsyncEnumerator<TurnUpdate> updates)
        where T : TurnUpdate
    {
        while (await updates.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10)))
        {
            if (updates.Current is T found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"The updates ended without a {typeof(T).Name}.");
    }

    private static async Task ToolStartedAsync(Turn turn)
    {
        await foreach (TurnUpdate update in turn.ReadUpdatesAsync())
        {
            if (update is TurnUpdate.ToolStarted)
            {
                turn.ReportPlayed(0); // it waits until the call's deadline is set, which is told first
                return;
            }
        }
    }
}
