using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests;

/// <summary>Remote MCP servers end to end: the session on one side, a service that lists them, calls them and asks about them on the other.</summary>
public sealed class McpSessionTests
{
    // Of the machine's own clock: long enough to come after what is said at once.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private static readonly Uri Address = new("https://shop.example/mcp");

    private static readonly SimulatedMcpServer Simulated =
        new("shop", new SimulatedMcpTool("stock", "21") { RunsFor = Short }, new SimulatedMcpTool("order", "ordered") { RunsFor = Short }, new SimulatedMcpTool("refund") { Error = "no", RunsFor = Short }) { ListAfter = Short };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ATurn_OutlivesItsResponse_WhileTheServiceCalls_AndThenSpeaksAboutIt()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync(McpApprovalPolicy.Never);
        Turn turn = session.SendMessage("tool: shop.stock {\"part\":7}");
        TurnResult result = await turn.Completion.WaitAsync(Patience, Stop);
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Contains("21", result.Transcript);
        Assert.Equal(2, result.Responses);
        Assert.Equal(("stock", "shop", """{"part":7}"""), (result.ToolCalls.Single().Name, result.ToolCalls.Single().Server, result.ToolCalls.Single().Arguments));
        await EndAsync(session, transport, creates: 2);
        Assert.True(After(transport, "mcp_list_tools.completed", "response.created"), "the first request waited for the list");
        Assert.True(After(transport, "response.done", "response.mcp_call.completed"), "the call ended after its response");
    }

    [Theory]
    [InlineData(true, "ordered", 3)]
    [InlineData(false, "not allowed", 2)]
    public async Task WhoeverIsAsked_DecidesWhetherTheServiceCalls(bool isApproved, string words, int creates)
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync(McpApprovalPolicy.Ask((request, _) => new(isApproved && request is { Server: "shop", Tool: "order" })));
        Turn turn = session.SendMessage("tool: shop.order");
        TurnResult result = await turn.Completion.WaitAsync(Patience, Stop);
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Contains(words, result.Transcript);
        Assert.Single(await turn.ReadUpdatesAsync(Stop).OfType<TurnUpdate.ApprovalAsked>().ToListAsync(Stop));
        await EndAsync(session, transport, creates);
    }

    [Fact]
    public async Task ACallThatFails_SaysWhy_AndTheModelSpeaksAboutIt()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync(McpApprovalPolicy.Never);
        Turn turn = session.SendMessage("tool: shop.refund");
        Assert.Contains("failed", (await turn.Completion.WaitAsync(Patience, Stop)).Transcript);
        TurnUpdate.ToolFinished finished = await turn.ReadUpdatesAsync(Stop).OfType<TurnUpdate.ToolFinished>().SingleAsync(Stop);
        Assert.Equal(("tool_execution_error", "no"), Assert.IsType<RealtimeRejectedException>(finished.Failure).Error is { } error ? (error.Type, error.Message) : default);
        await EndAsync(session, transport, creates: 2);
    }

    [Fact]
    public async Task AQuestionThatNobodyAnswers_IsAnsweredNo_AndTheTurnGoesOn()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync(McpApprovalPolicy.Ask(async (_, cancellation) =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return true;
        }));
        Assert.Contains("not allowed", (await session.SendMessage("tool: shop.order").Completion.WaitAsync(Patience, Stop)).Transcript);
        await EndAsync(session, transport, creates: 2);
        List<VoiceSessionUpdate> updates = await session.ReadUpdatesAsync(Stop).ToListAsync(Stop);
        Assert.Single(updates.OfType<VoiceSessionUpdate.Problem>(), static problem => problem.Details is SessionProblem.ApprovalUnanswered { Failure: TimeoutException });
    }

    [Fact]
    public async Task AServerThatCannotBeListed_HoldsNothingUp()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync(McpApprovalPolicy.Never, "strangers");
        Assert.IsType<TurnOutcome.Completed>((await session.SendMessage("hello").Completion.WaitAsync(Patience, Stop)).Outcome);
        await EndAsync(session, transport, creates: 1);
        List<VoiceSessionUpdate> updates = await session.ReadUpdatesAsync(Stop).ToListAsync(Stop);
        Assert.Equal("strangers", Assert.Single(updates.OfType<VoiceSessionUpdate.McpToolsFailed>()).Server);
    }

    private static async Task<(VoiceSession Session, InMemoryTransport Transport)> ConnectAsync(McpApprovalPolicy approval, string label = "shop")
    {
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, McpServers = [Simulated] }, TimeProvider.System);
        var options = new VoiceSessionOptions
        {
            Session = SessionConfiguration.PushToTalk with { Tools = [new VoiceTool.McpServer { Label = label, Url = Address, Approval = approval, ApprovalTimeout = TimeSpan.FromMilliseconds(300) }] },
        };
        return (await VoiceSession.ConnectAsync(options.Over(transport), Stop), transport);
    }

    private static async Task EndAsync(VoiceSession session, InMemoryTransport transport, int creates)
    {
        await session.DisposeAsync();
        var grammar = new ServerGrammar();
        Assert.All(transport.Transcript.Lines.Where(static line => line.Speaker == Speaker.Server), line => grammar.Accept(System.Text.Encoding.UTF8.GetBytes(line.Json)));
        Assert.Empty(grammar.Violations);
        Assert.DoesNotContain("error", transport.Transcript.ServerTypes);
        Assert.Empty(transport.Violations);
        Assert.Equal(creates, transport.Transcript.ClientTypes.Count(static type => type == "response.create"));
    }

    private static bool After(InMemoryTransport transport, string first, string second)
    {
        List<string> types = [.. transport.Transcript.ServerTypes];
        return types.IndexOf(first) >= 0 && types.IndexOf(first) < types.IndexOf(second);
    }
}
