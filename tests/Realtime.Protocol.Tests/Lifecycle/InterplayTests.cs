using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What happens where two features meet: a response beside the conversation and a remote MCP server, a deletion and an open call, two changes of the tools at once.</summary>
public class InterplayTests
{
    private const string Question = """{"type":"mcp_approval_request","id":"q","server_label":"almanac","name":"book","arguments":"{\"berth\":12}"}""";

    [Fact]
    public void MCP03_TheAnswerToAnAsidesQuestion_GoesToItsNextRequest_AndNeverIntoTheConversation()
    {
        Conversation talk = Proven();
        int aside = Running(talk, "B");
        talk.Hear("response.output_item.done", "response_id=B", $"item:={Question}");
        Assert.Equal(aside, Assert.Single(talk.Changes<SessionChange.McpApprovalAsked>()).Turn);
        talk.Done("B");
        Assert.True(talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)).IsAccepted);
        talk.Sends(
            "response.create",
            "response.conversation=none",
            "response.input.0.type=mcp_approval_request",
            "response.input.0.id=q",
            """response.input.0.arguments={"berth":12}""",
            "response.input.1.type=mcp_approval_response",
            "response.input.1.approval_request_id=q",
            "response.input.1.approve:=true");
        talk.SendsNothing();
    }

    [Fact]
    public void MCP03_AnAsideThatIsCancelled_SaysNothingToTheConversation()
    {
        Conversation talk = Proven();
        int aside = Running(talk, "B");
        talk.Hear("response.output_item.done", "response_id=B", $"item:={Question}");
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.Sends("response.cancel");
        talk.SendsNothing();
        Assert.Single(talk.Changes<SessionChange.McpApprovalWithdrawn>());
        Assert.True(talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)).IsAccepted);
        Assert.Single(talk.Changes<SessionChange.McpAnswerDropped>());
        talk.SendsNothing();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MCP02_ACallOfAnAside_GoesWithItsOutputToTheNextRequest(bool endsFirst)
    {
        Conversation talk = Proven();
        Running(talk, "B");
        talk.Hear("response.output_item.added", "response_id=B", $"item:={Call("m")}");
        talk.Hear("response.mcp_call_arguments.done", "response_id=B", "item_id=m", "arguments={}");
        talk.Hear("response.mcp_call.in_progress", "item_id=m");
        if (!endsFirst)
        {
            talk.Done("B");
        }

        talk.Hear("response.mcp_call.completed", "item_id=m");
        talk.SendsNothing();
        talk.Hear("response.output_item.done", "response_id=B", $"item:={Call("m", "12:00")}");
        Assert.Single(talk.Changes<SessionChange.McpCallCompleted>());
        if (endsFirst)
        {
            talk.Done("B");
        }

        talk.Sends("response.create", "response.conversation=none", "response.input.0.type=mcp_call", "response.input.0.name=tide", "response.input.0.output=12:00", "-response.input.1");
        Assert.Empty(talk.Changes<SessionChange.ItemDone>());
    }

    [Fact]
    public void MCP02_WhileACallOfAnAsideRuns_ItMayBeSilent()
    {
        Conversation talk = Proven();
        Running(talk, "B");
        talk.Hear("response.output_item.added", "response_id=B", $"item:={Call("m")}");
        talk.Hear("response.mcp_call.in_progress", "item_id=m");
        talk.Wait(120_000);
        talk.SendsNothing();
    }

    [Fact]
    public void RC23_AChosenInput_GrowsByTheCallsOfRemoteServers_AndByAnswersToTheirQuestions()
    {
        Conversation talk = Proven();
        talk.Create(new ResponseParameters { Input = Array.Empty<Item>() });
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Created("A", talk.Names["$t"]);
        talk.McpCall("A", "m");
        talk.McpEnded("m");
        talk.McpAsks("A", "q");
        talk.Done("A");
        talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true));
        talk.Sends("conversation.item.create", "item.id=$a");
        talk.Sends("response.create", "response.input.0.id=m", "response.input.1.id=q", "response.input.2.id=$a", "-response.input.3");
    }

    [Theory]
    [InlineData("\"id\":\"mine\",")]
    [InlineData("")]
    public void RC23_AChosenInput_GrowsByAnOutputThatTheApplicationSendsByItself(string id)
    {
        Conversation talk = Proven();
        talk.Create(new ResponseParameters { Input = Array.Empty<Item>() });
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Created("A", talk.Names["$t"]);
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        Assert.True(talk.SendByItself($$$"""{"type":"conversation.item.create","event_id":"e","item":{{{{id}}}"type":"function_call_output","call_id":"call_1","output":"noon"}}""").IsAccepted);
        string output = id.Length > 0 ? "response.input.1.id=mine" : "response.input.1.output=noon";
        talk.Sends("response.create", "response.input.0.id=f", output, "-response.input.2");
    }

    [Fact]
    public void RC22_AnOutputOfAnAsidesCall_IsNoEventOfTheApplications()
    {
        Conversation talk = Proven();
        Running(talk, "B");
        talk.Call("B", "f", "call_1", outOfBand: true);
        talk.Done("B");
        Assert.Equal("RC-22", talk.SendByItself("""{"type":"conversation.item.create","event_id":"e","item":{"type":"function_call_output","call_id":"call_1","output":"noon"}}""").Rule);
        talk.SendsNothing();
        talk.Submit(SessionIntent.ToolOutput("call_1", "noon"));
        talk.Sends("response.create");
    }

    [Fact]
    public void RC22_TheAnswerToAnAsidesQuestion_IsNoEventOfTheApplications()
    {
        Conversation talk = Proven();
        Running(talk, "B");
        talk.Hear("response.output_item.done", "response_id=B", $"item:={Question}");
        talk.Done("B");
        Assert.Equal("RC-22", talk.SendByItself("""{"type":"conversation.item.create","event_id":"e","item":{"type":"mcp_approval_response","approval_request_id":"q","approve":true}}""").Rule);
        talk.SendsNothing();
    }

    [Fact]
    public void RC22_AnAsideThatWaitsForTheUsersCommit_GoesOnWhenNoneComes()
    {
        var talk = Conversation.Detecting(Conversation.Settings(echoesMetadata: false));
        talk.Created("V"); // the server says which conversation a response belongs to
        talk.Done("V");
        talk.Create(OutOfBand());
        talk.Sends("response.create");
        talk.Created("B", outOfBand: true);
        talk.Call("B", "f", "call_1", outOfBand: true);
        talk.Done("B");
        talk.Wait(40_000); // no timer of the response is left
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.Submit(SessionIntent.ToolOutput("call_1", "noon"));
        talk.SendsNothing();
        talk.Wait(15_000);
        talk.Sends("response.create", "response.conversation=none");
    }

    [Fact]
    public void RC22_AnAsideThatIsCancelledBeforeItBegan_IsNotTakenForTheNextAnswer()
    {
        var talk = Conversation.Manual(Conversation.Settings(echoesMetadata: false));
        int aside = talk.Create(OutOfBand()).Turn;
        talk.Sends("response.create");
        talk.Submit(SessionIntent.CancelTurn(aside));
        int turn = talk.Create().Turn;
        talk.SendsNothing();
        talk.Created("B", outOfBand: true);
        talk.Sends("response.cancel", "response_id=B");
        talk.Sends("response.create");
        talk.Created("A");
        Assert.Equal("A", Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).ResponseId);
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void MCP01_TwoChangesOnTheirWay_TheFirstAcknowledgementForgetsNoServerOfTheSecond()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.Configure(new Session { Tools = new Tool[] { Server("almanac") } }));
        talk.Submit(SessionIntent.Configure(new Session { Tools = new Tool[] { Server("shop") } }));
        talk.Updated();
        talk.McpListing("l", "almanac");
        talk.McpListed("l", "almanac", "tide");
        talk.Sent();
        talk.Create();
        talk.SendsNothing();
    }

    [Fact]
    public void MCP01_AChangeOfTheApplicationsOwn_ThatIsRefusedWithoutItsName_HoldsNothingUp()
    {
        var talk = Conversation.Manual();
        talk.SendByItself("""{"type":"session.update","event_id":"mine","session":{"type":"realtime","tools":[{"type":"mcp","server_label":"almanac","server_url":"https://almanac.example"}]}}""");
        talk.Error("invalid_value", null, parameter: "session.tools[0].server_url");
        talk.Create();
        talk.Sends("response.create");
    }

    [Fact]
    public void FC03_ACallWhoseItemIsDeleted_TakesNoOutput_AndItsTurnGoesOn()
    {
        Conversation talk = Proven();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Submit(SessionIntent.DeleteItem("f"));
        talk.Sends("conversation.item.delete");
        talk.ItemDeleted("f");
        Assert.Single(talk.Changes<SessionChange.ToolCallWithdrawn>());
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        Assert.True(talk.Submit(SessionIntent.ToolOutput("call_1", "noon")).IsAccepted);
        Assert.Equal("FC-03", Assert.Single(talk.Changes<SessionChange.ToolOutputDropped>()).Rule);
        talk.Wait(120_000);
        talk.SendsNothing();
    }

    [Fact]
    public void FC03_ACallWhoseItemIsBeingDeleted_TakesNoOutput()
    {
        Conversation talk = Proven();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Call("A", "g", "call_2");
        talk.Done("A");
        talk.Submit(SessionIntent.DeleteItem("f"));
        talk.Sends("conversation.item.delete");
        talk.Submit(SessionIntent.ToolOutput("call_1", "noon"));
        talk.SendsNothing();
        talk.ItemDeleted("f");
        talk.Submit(SessionIntent.ToolOutput("call_2", "noon"));
        talk.Sends("conversation.item.create", "item.call_id=call_2");
        talk.Sends("response.create");
        talk.SendsNothing();
        Assert.True(talk.IsOpen(turn));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MCP03_AQuestionThatIsDeleted_IsNotAnswered_AndItsTurnGoesOn(bool isConfirmed)
    {
        Conversation talk = Proven();
        int turn = talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.Done("A");
        talk.Submit(SessionIntent.DeleteItem("q"));
        talk.Sends("conversation.item.delete");
        if (isConfirmed)
        {
            talk.ItemDeleted("q");
            Assert.Single(talk.Changes<SessionChange.McpApprovalWithdrawn>());
        }

        Assert.True(talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)).IsAccepted);
        Assert.Single(talk.Changes<SessionChange.McpAnswerDropped>());
        talk.ItemDeleted("q");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.Wait(120_000);
        talk.SendsNothing();
    }

    [Fact]
    public void RC24_AQuestionInASessionThatOnlyTranscribes_IsFollowedByNoResponse()
    {
        var talk = Conversation.Transcribing();
        talk.Hear("conversation.item.done", $"item:={Question}");
        talk.Wait(120_000);
        Assert.DoesNotContain(talk.Sent(), static command => command is SessionCommand.CreateResponse);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"realtime","tools":null}""")]
    [InlineData("""{"type":"realtime","tools":[null]}""")]
    [InlineData("""{"type":"realtime","tools":[{"type":"of_tomorrow"}]}""")]
    [InlineData("""{"type":"realtime","tools":[{"type":"mcp"}]}""")]
    [InlineData("""{"type":"realtime","tools":"all"}""")]
    [InlineData("""{"type":"realtime","tools":[{"type":"mcp","server_label":7,"server_url":[]}]}""")]
    [InlineData("""{"type":"realtime","instructions":7,"audio":[],"tools":[{"type":"mcp","server_label":"\ud800"}]}""")]
    [InlineData("""{"type":"transcription","tools":[]}""")]
    public void SE02_AnOddChangeOfTheApplicationsOwn_IsSentAsItIs(string session)
    {
        var talk = Conversation.Manual();
        byte[] json = System.Text.Encoding.UTF8.GetBytes($$"""{"type":"session.update","event_id":"mine","session":{{session}}}""");
        if (ClientEvent.TryRead(json, out ClientEvent e, out _))
        {
            Assert.True(talk.Machine.SubmitEvent(e, 0).IsAccepted);
        }
    }

    [Theory]
    [InlineData("""{"type":"function_call_output","call_id":7,"output":null}""")]
    [InlineData("""{"type":"mcp_approval_response","approval_request_id":null,"approve":null}""")]
    [InlineData("""{"type":"mcp_approval_response"}""")]
    [InlineData("""{"type":"message","id":"","content":null}""")]
    [InlineData("null")]
    [InlineData("[]")]
    public void IT07_AnOddItemOfTheApplicationsOwn_IsSentAsItIs(string item)
    {
        var talk = Conversation.Manual();
        byte[] json = System.Text.Encoding.UTF8.GetBytes($$"""{"type":"conversation.item.create","event_id":"mine","item":{{item}}}""");
        if (ClientEvent.TryRead(json, out ClientEvent e, out _))
        {
            Assert.True(talk.Machine.SubmitEvent(e, 0).IsAccepted);
        }
    }

    [Fact]
    public void RC22_WhatWasSentBeforeAnAside_IsReferredTo_ThoughNobodyConfirmedItYet()
    {
        Conversation talk = Proven();
        talk.Submit(SessionIntent.AddText(ItemRole.System, "one"));
        talk.Sends("conversation.item.create", "item.id=$i");
        Running(talk, "B");
        talk.Call("B", "f", "call_1", outOfBand: true);
        talk.Done("B");
        talk.Submit(SessionIntent.ToolOutput("call_1", "noon"));
        talk.Sends("response.create", "response.input.0.type=item_reference", "response.input.0.id=$i", "response.input.1.type=function_call");
    }

    private static Conversation Proven()
    {
        var talk = Conversation.Manual();
        talk.Answering("before");
        talk.Done("before");
        talk.ForgetChanges();
        return talk;
    }

    private static ResponseParameters OutOfBand() => new() { Conversation = ResponseParametersConversation.None };

    private static int Running(Conversation talk, string response)
    {
        int turn = talk.Create(OutOfBand()).Turn;
        talk.Created(response, Assert.IsType<SessionCommand.CreateResponse>(talk.Sent()[^1]).Token, outOfBand: true);
        return turn;
    }

    private static McpTool Server(string label) => new() { ServerLabel = label, ServerUrl = $"https://{label}.example" };

    private static string Call(string item, string? output = null) =>
        $$"""{"type":"mcp_call","id":"{{item}}","server_label":"almanac","name":"tide","arguments":"{}","approval_request_id":null{{(output is null ? "" : $",\"output\":\"{output}\"")}}}""";
}
