using System.Diagnostics;
using Realtime.Protocol.Transport.Tests.Sessions;

namespace Realtime.Protocol.Transport.Tests.Telemetry;

/// <summary>What is told of a call of each kind of tool, however it ends: one that runs here, one that is declared only, and one that the service runs.</summary>
[Collection(nameof(WholeProcess))]
public sealed class ToolSignalsTests
{
    private const string Declared = "gen_ai.conversation.id=call-8 gen_ai.operation.name=execute_tool gen_ai.tool.call.id=call_1 gen_ai.tool.name=order";
    private const string Remote = "gen_ai.conversation.id=call-8 gen_ai.operation.name=execute_tool gen_ai.tool.call.id=item_m";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongTime = TimeSpan.FromSeconds(300);

    [Fact]
    public async Task ADeclaredTool_IsToldFromItsCallToItsOutput()
    {
        using var observer = new Observer();
        (ManualTime time, VoiceSession session, ScriptedServer server, Turn turn) = await DeclaredAsync();
        time.Advance(Step);
        session.SubmitToolOutput("call_1", "Shipped.");
        time.Advance(Step);
        await server.TakeItemsAsync(1);
        await server.AnswerAsync("r2", "It was shipped.");
        await turn.EndAsync();
        await EndAsync(session, server);

        Activity span = Assert.Single(observer.Named("execute_tool"));
        Assert.Equal($"execute_tool order Internal Unset{{{Declared}}}", Observer.Describe(span));
        Assert.Equal((Step, Assert.Single(observer.Named("realtime turn")).SpanId), (span.Duration, span.ParentSpanId));
        Assert.Equal("gen_ai.execute_tool.duration{gen_ai.tool.name=order} 1×0.25", Metric(observer));
    }

    [Fact]
    public async Task ADeclaredTool_ThatIsNotAnsweredInTime_IsToldAsATimeout_AndItsLateOutputIsNot()
    {
        using var observer = new Observer();
        (ManualTime time, VoiceSession session, ScriptedServer server, Turn turn) = await DeclaredAsync();
        time.Advance(TimeSpan.FromSeconds(60));
        await server.TakeItemsAsync(1);
        session.SubmitToolOutput("call_1", "Too late.");
        await server.AnswerAsync("r2", "I do not know.");
        await turn.EndAsync();
        await EndAsync(session, server);

        AssertFailed(observer, "timeout", "order", Declared, "gen_ai.tool.name=order", 60);
    }

    [Fact]
    public async Task ADeclaredTool_WhoseTurnIsInterrupted_IsToldAsCancelled()
    {
        using var observer = new Observer();
        (ManualTime time, VoiceSession session, ScriptedServer server, Turn turn) = await DeclaredAsync();
        time.Advance(Step);
        session.Interrupt();
        await turn.EndAsync();
        time.Advance(Step);
        await EndAsync(session, server);

        AssertFailed(observer, "cancelled", "order", Declared, "gen_ai.tool.name=order", 0.25);
    }

    [Fact]
    public async Task ADeclaredTool_ThatTheEndOfTheSessionMeets_IsToldAsCancelled()
    {
        using var observer = new Observer();
        (ManualTime time, VoiceSession session, ScriptedServer server, Turn turn) = await DeclaredAsync();
        time.Advance(Step);
        await EndAsync(session, server);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);

        AssertFailed(observer, "cancelled", "order", Declared, "gen_ai.tool.name=order", 0.25);
    }

    [Fact]
    public async Task AToolOfOurs_ThatDoesNotAnswerInTime_IsToldAsATimeout_ThoughItNeverReturns()
    {
        using var observer = new Observer();
        var never = new TaskCompletionSource<ToolCallOutput>(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceTool.Function slow = VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", (_, _) =>
        {
            runs.SetResult();
            return new ValueTask<ToolCallOutput>(never.Task);
        });
        (ManualTime time, VoiceSession session, ScriptedServer server, Turn turn) = await CalledAsync(slow with { Timeout = TimeSpan.FromSeconds(5) });
        await runs.Task.WaitAsync(Patience);
        time.Advance(TimeSpan.FromSeconds(5));
        await server.TakeItemsAsync(1);
        await server.AnswerAsync("r2", "I do not know.");
        await turn.EndAsync();
        await EndAsync(session, server);

        AssertFailed(observer, "timeout", "order", Declared, "gen_ai.tool.name=order", 5);
        never.SetResult("Too late.");
    }

    [Fact]
    public async Task ACallThatHasEnded_IsToldOnce_AndAsItEndedFirst()
    {
        using var observer = new Observer();
        SessionTelemetry session = SessionTelemetry.OfNothing();
        ToolSignals signals = ToolSignals.AwaitOutput(null, session, new("order", "call_1", "{}"))!;
        Parallel.Invoke([.. Enumerable.Repeat(() => signals.End(SignalWords.Timeout), 4)]);
        signals.End(null);
        await session.WaitAsync();

        Assert.Contains("{error.type=timeout gen_ai.tool.name=order} 1×", Metric(observer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AToolOfARemoteServer_IsToldFromItsBeginningToItsEnd_ByTheNamesThatTheApplicationGave()
    {
        using var observer = new Observer();
        (ManualTime time, VoiceSession session, ScriptedServer server, Turn turn) = await RemoteAsync(Shop() with { AllowedTools = ["stock"] });
        time.Advance(Step);
        await server.McpEndedAsync("item_m", "shop", "stock");
        await server.AnswerAsync("r2", "Plenty.");
        await turn.EndAsync();
        await EndAsync(session, server);

        Activity span = Assert.Single(observer.Named("execute_tool"));
        Assert.Equal($"execute_tool stock Internal Unset{{{Remote} gen_ai.tool.name=stock realtime.mcp.server=shop}}", Observer.Describe(span));
        Assert.Equal((Step, Assert.Single(observer.Named("realtime turn")).SpanId), (span.Duration, span.ParentSpanId));
        Assert.Equal("gen_ai.execute_tool.duration{gen_ai.tool.name=stock realtime.mcp.server=shop} 1×0.25", Metric(observer));
    }

    [Theory]
    [InlineData("shop", "realtime.mcp.server=shop")]
    [InlineData("nobody_configured_it", "realtime.mcp.server=_OTHER")]
    public async Task AToolOfARemoteServer_ThatFails_SaysSo_AndANameThatOnlyThePeerKnowsIsNotRepeated(string label, string server)
    {
        using var observer = new Observer();
        (ManualTime time, VoiceSession session, ScriptedServer peer, Turn turn) = await RemoteAsync(Shop(), label);
        time.Advance(Step);
        await peer.McpEndedAsync("item_m", label, "stock", error: """{"type":"http_error","code":503,"message":"closed"}""");
        await peer.AnswerAsync("r2", "I do not know.");
        await turn.EndAsync();
        await EndAsync(session, peer);

        AssertFailed(observer, "_OTHER", "", $"{Remote} gen_ai.tool.name=_OTHER {server}", $"gen_ai.tool.name=_OTHER {server}", 0.25);
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("interrupted")]
    [InlineData("session")]
    public async Task AToolOfARemoteServer_OfWhichNothingIsHeard_EndsWithItsTime_ItsTurnOrItsSession(string how)
    {
        using var observer = new Observer();
        (ManualTime time, VoiceSession session, ScriptedServer server, Turn turn) = await RemoteAsync(Shop() with { AllowedTools = ["stock"] });
        time.Advance(how == "timeout" ? LongTime : Step);
        switch (how)
        {
            case "timeout":
                await server.AnswerAsync("r2", "I do not know.");
                break;
            case "interrupted":
                session.Interrupt();
                break;
        }

        if (how != "session")
        {
            await turn.EndAsync();
            time.Advance(Step);
        }

        await EndAsync(session, server);
        await turn.EndAsync();

        const string Names = "gen_ai.tool.name=stock realtime.mcp.server=shop";
        AssertFailed(observer, how == "timeout" ? "timeout" : "cancelled", "stock", $"{Remote} {Names}", Names, how == "timeout" ? 300 : 0.25);
    }

    [Fact]
    public void WhileNobodyListens_NothingIsMade()
    {
        ToolCall call = new("order", "call_1", "{}");

        Assert.Null(ToolSignals.AwaitOutput(null, SessionTelemetry.OfNothing(), call));
        Assert.Null(ToolSignals.AwaitService(null, SessionTelemetry.OfNothing(), call, Shop()));
        Assert.Null(ToolSignals.Begin(null, SessionTelemetry.OfNothing(), call));
    }

    private static void AssertFailed(Observer observer, string error, string tool, string spanTags, string metricTags, double seconds)
    {
        Activity span = Assert.Single(observer.Named("execute_tool"));
        Assert.Equal($"execute_tool{(tool.Length > 0 ? " " : "")}{tool} Internal Error{{error.type={error} {spanTags}}}", Observer.Describe(span));
        Assert.Equal(TimeSpan.FromSeconds(seconds), span.Duration);
        Assert.Equal(FormattableString.Invariant($"gen_ai.execute_tool.duration{{error.type={error} {metricTags}}} 1×{seconds}"), Metric(observer));
    }

    private static string Metric(Observer observer) => Assert.Single(observer.Points(), static point => point.StartsWith("gen_ai.execute_tool.duration", StringComparison.Ordinal));

    private static VoiceTool.McpServer Shop() => new() { Label = "shop", Url = new("https://shop.example/mcp"), Approval = McpApprovalPolicy.Never };

    private static Task<(ManualTime Time, VoiceSession Session, ScriptedServer Server, Turn Turn)> DeclaredAsync() =>
        CalledAsync(VoiceTool.Declare("order", "Looks an order up.", """{"type":"object"}"""));

    /// <summary>A session whose model has called its one tool, and the call is known.</summary>
    private static async Task<(ManualTime Time, VoiceSession Session, ScriptedServer Server, Turn Turn)> CalledAsync(VoiceTool tool)
    {
        (ManualTime time, VoiceSession session, ScriptedServer server, Turn turn) = await AskedAsync(tool);
        await server.CallAsync("r1", "item_c", "call_1", "order", "{}");
        await server.DoneAsync("r1");
        await KnownAsync(session, server, turn);
        return (time, session, server, turn);
    }

    /// <summary>A session whose service runs a tool of a remote server, and the call is known.</summary>
    private static async Task<(ManualTime Time, VoiceSession Session, ScriptedServer Server, Turn Turn)> RemoteAsync(VoiceTool.McpServer tool, string label = "shop")
    {
        (ManualTime time, VoiceSession session, ScriptedServer server, Turn turn) = await AskedAsync(tool);
        await server.McpCallAsync("r1", "item_m", label, "stock");
        await server.DoneAsync("r1");
        await KnownAsync(session, server, turn);
        return (time, session, server, turn);
    }

    private static async Task<(ManualTime Time, VoiceSession Session, ScriptedServer Server, Turn Turn)> AskedAsync(VoiceTool tool)
    {
        var time = new ManualTime();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        options.CallId = "call-8";
        options.Session = options.Session with { Tools = [tool] };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        if (tool is VoiceTool.McpServer)
        {
            await server.ListingAsync("item_l", "shop");
            await server.ListedAsync("item_l", "shop", "stock");
        }

        Turn turn = session.Respond();
        await server.CreatedAsync("r1", await server.ExpectAsync("response.create"));
        return (time, session, server, turn);
    }

    private static async Task KnownAsync(VoiceSession session, ScriptedServer server, Turn turn)
    {
        await turn.ReadUpdatesAsync().OfType<TurnUpdate.ToolStarted>().FirstAsync().AsTask().WaitAsync(Patience);
        await server.TakenInAsync(session); // the end of the response as well
    }

    private static async Task EndAsync(VoiceSession session, ScriptedServer server)
    {
        await server.CloseAsync(1000, "");
        await session.Ended.WaitAsync(Patience);
        await session.DisposeAsync();
        await server.DisposeAsync();
    }
}
