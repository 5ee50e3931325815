using System.ComponentModel;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.AI.Tests.Functions;

/// <summary>A function of Microsoft.Extensions.AI in a turn: the model calls it, it runs, and the model speaks about what it gave.</summary>
public sealed class FunctionTurnTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFunction_RunsInATurn_AndTheModelSpeaksAboutIt()
    {
        AIFunction stock = AIFunctionFactory.Create(static ([Description("The part's name.")] string part) => part == "wheel" ? 21 : 0, "stock", "Counts a part.");
        await using var server = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate });
        await using VoiceSession session = await ConnectAsync(server, stock.AsVoiceTool());

        TurnResult result = await session.SendMessage("tool: stock {\"part\":\"wheel\"}").Completion.WaitAsync(Patience, Stop);

        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Contains("21", result.Transcript, StringComparison.Ordinal);
        Assert.Equal("stock", Assert.Single(result.ToolCalls).Name);
        Assert.Empty(server.Violations);
    }

    [Fact]
    public async Task ADeclaration_IsAnsweredByTheApplication()
    {
        AIFunctionDeclaration stock = AIFunctionFactory.Create(static (string part) => 21, "stock", "Counts a part.").AsDeclarationOnly();
        await using var server = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate });
        await using VoiceSession session = await ConnectAsync(server, stock.AsVoiceTool());

        Turn turn = session.SendMessage("tool: stock {\"part\":\"wheel\"}");
        TurnUpdate.ToolStarted started = await turn.ReadUpdatesAsync(Stop).OfType<TurnUpdate.ToolStarted>().FirstAsync(Stop).AsTask().WaitAsync(Patience, Stop);
        session.SubmitToolOutput(started.Call.CallId, "42 of them");

        Assert.Contains("42 of them", (await turn.Completion.WaitAsync(Patience, Stop)).Transcript, StringComparison.Ordinal);
        Assert.Empty(server.Violations);
    }

    [Fact]
    public async Task AFunctionThatThrows_EndsItsCall_AndTellsTheModelNothingOfIt()
    {
        AIFunction stock = AIFunctionFactory.Create(static string (string part) => throw new InvalidOperationException("password"), "stock", "Counts a part.");
        await using var server = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate });
        await using VoiceSession session = await ConnectAsync(server, stock.AsVoiceTool());

        TurnResult result = await session.SendMessage("tool: stock {\"part\":\"wheel\"}").Completion.WaitAsync(Patience, Stop);

        Assert.Contains("The tool failed.", result.Transcript, StringComparison.Ordinal);
        Assert.DoesNotContain("password", result.Transcript, StringComparison.Ordinal);
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
    }

    [Fact]
    public async Task AFunctionThatHangs_IsCancelledWhenItsTimeIsUp()
    {
        var time = new VirtualTime();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        AIFunction hang = AIFunctionFactory.Create(
            async (CancellationToken ct) =>
            {
                ct.Register(cancelled.SetResult);
                started.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            },
            "hang",
            "Never answers.");
        await using var server = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, time);
        await using VoiceSession session = await ConnectAsync(server, hang.AsVoiceTool() with { Timeout = TimeSpan.FromSeconds(5) }, time);

        Turn turn = session.SendMessage("tool: hang");
        await started.Task.WaitAsync(Patience, Stop);
        time.Advance(TimeSpan.FromSeconds(5));
        await cancelled.Task.WaitAsync(Patience, Stop);

        Assert.Contains("did not answer in time", (await turn.Completion.WaitAsync(Patience, Stop)).Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoFunctionsOfOneName_AreRefusedBeforeConnecting()
    {
        AIFunction stock = AIFunctionFactory.Create(static () => 1, "stock", "Counts.");
        await using var server = new InMemoryTransport();

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => ConnectAsync(server, [stock.AsVoiceTool(), stock.AsVoiceTool()]));
        Assert.Contains("stock", refused.Message, StringComparison.Ordinal);
    }

    private static Task<VoiceSession> ConnectAsync(InMemoryTransport server, VoiceTool tool, TimeProvider? time = null) => ConnectAsync(server, [tool], time);

    private static Task<VoiceSession> ConnectAsync(InMemoryTransport server, VoiceTool[] tools, TimeProvider? time = null) => VoiceSession.ConnectAsync(
        new() { Transport = (_, _) => new(server), TimeProvider = time ?? TimeProvider.System, Session = SessionConfiguration.TextChat with { Tools = tools } }, Stop);
}
