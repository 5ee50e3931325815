using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The service calls tools of remote MCP servers by itself, and says so in events that name an item and nothing else: MCP-02.</summary>
public class McpCallTests
{
    private const string Protocol = """{"type":"protocol_error","code":-32602,"message":"No such tool."}""";
    private const string Execution = """{"type":"tool_execution_error","message":"No tide tables for inland towns."}""";
    private const string Http = """{"type":"http_error","code":503,"message":"The almanac is closed."}""";

    [Fact]
    public void MCP02_ACallThatOutlivesItsResponse_KeepsItsTurnOpen_AndIsFollowedByOneCreate()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpCall("A", "m");
        SessionChange.McpCallStarted started = Assert.Single(talk.Changes<SessionChange.McpCallStarted>());
        Assert.Equal((turn, "m", "almanac", "tide", "{}"), (started.Turn, started.ItemId, started.Server, started.Name, started.Arguments));
        talk.Done("A");
        Assert.True(talk.IsOpen(turn));
        talk.SendsNothing();
        talk.McpEnded("m");
        Assert.Equal(new SessionChange.McpCallCompleted(turn, "m"), Assert.Single(talk.Changes<SessionChange.McpCallCompleted>()));
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.SendsNothing();
        talk.Created("B", talk.Names["$t"]);
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        Assert.Single(talk.Changes<SessionChange.TurnBegan>());
    }

    [Theory]
    [InlineData(Protocol, "-32602", "protocol_error", "No such tool.")]
    [InlineData(Execution, null, "tool_execution_error", "No tide tables for inland towns.")]
    [InlineData(Http, "503", "http_error", "The almanac is closed.")]
    [InlineData("\"it broke\"", null, null, "it broke")]
    [InlineData("""{"type":"of_tomorrow"}""", null, "of_tomorrow", null)]
    public void MCP02_ACallThatFails_SaysWhy_AndIsSpokenAboutToo(string error, string? code, string? type, string? message)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Done("A");
        talk.McpEnded("m", error);
        SessionChange.McpCallFailed failed = Assert.Single(talk.Changes<SessionChange.McpCallFailed>());
        Assert.Equal((turn, "m"), (failed.Turn, failed.ItemId));
        Assert.Equal((code, type, message), (failed.Error!.Code, failed.Error.Type, failed.Error.Message));
        talk.Sends("response.create");
        Assert.DoesNotContain("closed", failed.ToString());
    }

    [Fact]
    public void MCP02_AFailureThatNobodyExplains_IsWaitedForASecond()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Done("A");
        talk.Hear("response.mcp_call.failed", "item_id=m");
        talk.Wait(999);
        talk.SendsNothing();
        talk.Wait(1);
        Assert.Null(Assert.Single(talk.Changes<SessionChange.McpCallFailed>()).Error);
        talk.Sends("response.create");
        talk.Hear("conversation.item.done", $$"""item:={"type":"mcp_call","id":"m","server_label":"almanac","name":"tide","arguments":"{}","error":{{Http}}}""");
        Assert.Single(talk.Changes<SessionChange.McpCallFailed>());
        talk.SendsNothing();
    }

    [Fact]
    public void MCP02_TheItemAlone_EndsACall()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Done("A");
        talk.Hear("conversation.item.done", """item:={"type":"mcp_call","id":"m","server_label":"almanac","name":"tide","arguments":"{}","output":"high"}""");
        talk.Sends("response.create");
        talk.Hear("response.mcp_call.completed", "item_id=m");
        Assert.Single(talk.Changes<SessionChange.McpCallCompleted>());
        Assert.Equal(FactStatus.Completed, Assert.Single(talk.Changes<SessionChange.ItemDone>()).Status);
        talk.SendsNothing();
    }

    [Fact]
    public void MCP02_ACallThatRanBeforeItsArgumentsCame_IsToldWithThem()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.output_item.added", "response_id=A", """item:={"type":"mcp_call","id":"m","server_label":"almanac","name":"tide","arguments":""}""");
        talk.Hear("response.mcp_call.in_progress", "item_id=m");
        Assert.Empty(talk.Changes<SessionChange.McpCallStarted>());
        talk.Hear("response.mcp_call_arguments.done", "response_id=A", "item_id=m", """arguments={"harbour":"Husum"}""");
        talk.Hear("response.mcp_call.completed", "item_id=m");
        Assert.Equal("""{"harbour":"Husum"}""", Assert.Single(talk.Changes<SessionChange.McpCallStarted>()).Arguments);
    }

    [Fact]
    public void MCP02_ACallThatEndsBeforeItsResponse_IsAskedAboutAfterIt()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.McpCall("A", "m");
        talk.McpEnded("m");
        talk.SendsNothing();
        talk.Done("A");
        talk.Sends("response.create");
    }

    [Fact]
    public void MCP02_WhatTheModelHasSpokenAboutInTheSameResponse_IsNotAskedAboutAgain()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpCall("A", "m");
        talk.McpEnded("m");
        talk.Message("A", "answer");
        talk.ItemDone("A", "answer");
        talk.Done("A");
        talk.SendsNothing();
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void MCP02_WhatTheModelSaidBeforeTheEnd_IsNoAnswer()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Message("A", "one_moment");
        talk.ItemDone("A", "one_moment");
        talk.McpEnded("m");
        talk.Done("A");
        talk.Sends("response.create");
    }

    [Fact]
    public void MCP02_AServiceThatGoesOnByItself_IsAskedForNothing()
    {
        var talk = Conversation.Manual(new MachineSettings { IdPrefix = "test", Capabilities = new Capabilities { AsksAgainAfterMcpCall = false } });
        int turn = talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Done("A");
        Assert.True(talk.IsOpen(turn));
        talk.McpEnded("m");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.SendsNothing();
    }

    [Theory]
    [InlineData(FactStatus.Incomplete)]
    [InlineData(FactStatus.Failed)]
    [InlineData(FactStatus.Cancelled)]
    public void MCP02_AResponseThatIsNotCompleted_WaitsForNoCall(FactStatus status)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Done("A", status);
        Assert.False(talk.IsOpen(turn));
        talk.McpEnded("m");
        talk.SendsNothing();
    }

    [Fact]
    public void MCP02_NothingIsWaitedForLongerThanFiveMinutes_AndAWordOfTheCallIsLife()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Done("A");
        talk.Wait(299_999);
        talk.Hear("response.mcp_call.in_progress", "item_id=m");
        talk.Wait(299_999);
        talk.SendsNothing();
        Assert.True(talk.IsOpen(turn));
        talk.Wait(1);
        Assert.Equal(new SessionChange.McpCallOverdue(turn, "m", "almanac", "tide"), Assert.Single(talk.Changes<SessionChange.McpCallOverdue>()));
        talk.Sends("response.create");
        talk.McpEnded("m");
        talk.SendsNothing();
        Assert.Empty(talk.Changes<SessionChange.McpCallCompleted>());
    }

    [Fact]
    public void MCP02_WhileACallRuns_ItsResponseMayBeSilent()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Wait(120_000);
        talk.SendsNothing();
        talk.McpEnded("m");
        talk.Wait(30_000);
        talk.Sends("response.cancel", "response_id=A");
    }

    [Fact]
    public void MCP02_AnInterruptedTurn_WaitsForNoCall()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Done("A");
        talk.Interrupt();
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(turn));
        talk.McpEnded("m");
        talk.Wait(1_000_000);
        talk.SendsNothing();
        Assert.Empty(talk.Changes<SessionChange.McpCallOverdue>());
    }

    [Fact]
    public void MCP02_TheUserMaySpeakMeanwhile_AndIsAnsweredFirst()
    {
        var talk = Conversation.Detecting();
        int turn = talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Done("A");
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.Committed();
        talk.Created("B");
        talk.McpEnded("m");
        talk.SendsNothing();
        talk.Done("B");
        talk.Sends("response.create");
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void MCP02_CallsForEver_EndWithTheLimitOfRounds()
    {
        var talk = Conversation.Manual(Conversation.Settings(maxToolRounds: 2));
        int turn = talk.Answering("A");
        foreach (string response in new[] { "A", "B", "C" })
        {
            if (response != "A")
            {
                talk.Sends("response.create", $"{Frame.Token}=$t{response}");
                talk.Created(response, talk.Names[$"$t{response}"]);
            }

            talk.McpCall(response, $"m{response}");
            talk.Done(response);
            talk.McpEnded($"m{response}");
        }

        talk.SendsNothing();
        Assert.IsType<TurnOutcome.ToolRoundLimit>(talk.Outcome(turn));
    }

    [Fact]
    public void MCP02_EventsOfACallThatNobodyMade_SayNothing()
    {
        var talk = Conversation.Manual();
        talk.Hear("response.mcp_call.in_progress", "item_id=x");
        talk.McpEnded("y");
        talk.Hear("response.mcp_call.failed", "item_id=x");
        talk.Wait(400_000);
        talk.SendsNothing();
        Assert.Empty(talk.Changes<SessionChange.McpCallStarted>());
        Assert.Empty(talk.Changes<SessionChange.McpCallOverdue>());
    }

    [Fact]
    public void MCP02_TheConnectionsEnd_EndsTheTurn()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Done("A");
        talk.Close();
        Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(turn));
        talk.SendsNothing();
    }
}
