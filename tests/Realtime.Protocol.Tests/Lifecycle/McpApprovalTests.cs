using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The service asks whether it may call a tool of a remote MCP server, and waits for the answer: MCP-03.</summary>
public class McpApprovalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MCP03_AnAnswer_IsAnItem_AndThenOneCreate(bool isApproved)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpAsks("A", "q");
        SessionChange.McpApprovalAsked asked = Assert.Single(talk.Changes<SessionChange.McpApprovalAsked>());
        Assert.Equal((turn, "q", "almanac", "book", """{"berth":12}"""), (asked.Turn, asked.ItemId, asked.Server, asked.Name, asked.Arguments));
        talk.Done("A");
        Assert.True(talk.IsOpen(turn));
        Assert.True(talk.Submit(SessionIntent.AnswerApproval("q", isApproved, isApproved ? null : "Berth 12 is taken.")).IsAccepted);
        talk.Sends(
            "conversation.item.create",
            "item.type=mcp_approval_response",
            "item.approval_request_id=q",
            isApproved ? "item.approve:=true" : "item.approve:=false",
            isApproved ? "-item.reason" : "item.reason=Berth 12 is taken.",
            "item.id",
            "-item.status");
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.SendsNothing();
        talk.Created("B", talk.Names["$t"]);
        talk.McpCall("B", "m", "q");
        talk.Done("B");
        talk.McpEnded("m");
        talk.Sends("response.create", $"{Frame.Token}=$u");
        talk.Created("C", talk.Names["$u"]);
        talk.Done("C");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void MCP03_AnAnswerBeforeTheResponsesEnd_IsSentAtOnce_AndTheCreateAfterIt()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true));
        talk.Sends("conversation.item.create");
        talk.SendsNothing();
        talk.Done("A");
        talk.Sends("response.create");
    }

    [Fact]
    public void MCP03_SeveralQuestions_AreFollowedByOneCreate()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.McpAsks("A", "r");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Submit(SessionIntent.AnswerApproval("r", isApproved: true));
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Sends("conversation.item.create", "item.approval_request_id=r");
        talk.Sends("conversation.item.create", "item.type=function_call_output");
        talk.SendsNothing();
        talk.Submit(SessionIntent.AnswerApproval("q", isApproved: false));
        talk.Sends("conversation.item.create", "item.approval_request_id=q");
        talk.Sends("response.create");
        talk.SendsNothing();
    }

    [Fact]
    public void MCP03_AQuestionThatNobodyAnswers_IsAnsweredNo_AndToldOnce()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.Done("A");
        talk.Wait(59_999);
        talk.SendsNothing();
        talk.Wait(1);
        Assert.Equal(new SessionChange.McpApprovalOverdue(turn, "q", "almanac", "book"), Assert.Single(talk.Changes<SessionChange.McpApprovalOverdue>()));
        talk.Sends("conversation.item.create", "item.approval_request_id=q", "item.approve:=false");
        talk.Sends("response.create");
        Assert.True(talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)).IsAccepted);
        Assert.Single(talk.Changes<SessionChange.McpAnswerDropped>());
        Assert.Equal("MCP-03", talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)).Rule);
        talk.SendsNothing();
    }

    [Fact]
    public void MCP03_AServerMayHaveAnotherTime_FromTheAcknowledgementOn()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.Configure(new Session(), approvalTimeouts: new Dictionary<string, long> { ["almanac"] = 1_000 }));
        talk.Sends("session.update");
        talk.Updated();
        talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.McpAsks("A", "r", "shop");
        talk.Wait(1_000);
        Assert.Equal("q", Assert.Single(talk.Changes<SessionChange.McpApprovalOverdue>()).ItemId);
    }

    [Fact]
    public void MCP03_ATimeThatNoClockReaches_IsRefusedWhereItIsGiven() =>
        Assert.Throws<ArgumentOutOfRangeException>("approvalTimeouts", static () => SessionIntent.Configure(new Session(), approvalTimeouts: new Dictionary<string, long> { ["almanac"] = -1 }));

    [Fact]
    public void MCP03_AnAnswerToWhatWasNeverAsked_IsRefused()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.McpCall("A", "m");
        Assert.Equal("MCP-03", talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)).Rule);
        Assert.Equal("MCP-03", talk.Submit(SessionIntent.AnswerApproval("f", isApproved: true)).Rule);
        Assert.Equal("MCP-03", talk.Submit(SessionIntent.AnswerApproval("m", isApproved: true)).Rule);
        talk.SendsNothing();
    }

    [Fact]
    public void MCP03_AnAnswerGivenTwice_IsRefusedTheSecondTime()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.McpAsks("A", "q");
        Assert.True(talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)).IsAccepted);
        talk.Sends("conversation.item.create");
        Assert.Equal("MCP-03", talk.Submit(SessionIntent.AnswerApproval("q", isApproved: false)).Rule);
        talk.SendsNothing();
    }

    [Fact]
    public void MCP03_ATurnThatIsOver_SaysNoToItsQuestions_AndAsksForNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.McpAsks("A", "r");
        talk.Submit(SessionIntent.AnswerApproval("r", isApproved: true));
        talk.Sends("conversation.item.create");
        talk.Interrupt();
        talk.Sends("conversation.item.create", "item.approval_request_id=q", "item.approve:=false");
        talk.Sends("response.cancel");
        Assert.Equal("q", Assert.Single(talk.Changes<SessionChange.McpApprovalWithdrawn>()).ItemId);
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(turn));
        Assert.True(talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)).IsAccepted);
        Assert.Equal("q", Assert.Single(talk.Changes<SessionChange.McpAnswerDropped>()).ItemId);
        talk.Wait(100_000);
        talk.SendsNothing();
    }

    [Fact]
    public void MCP03_AQuestionThatComesAfterTheInterruption_IsAnsweredNo_AndNobodyIsAsked()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.McpAsks("A", "q");
        talk.Sends("conversation.item.create", "item.approval_request_id=q", "item.approve:=false");
        Assert.Empty(talk.Changes<SessionChange.McpApprovalAsked>());
        Assert.Equal("MCP-03", talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)).Rule);
    }

    [Fact]
    public void MCP03_TheConnectionsEnd_SendsNothing()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.Close();
        Assert.Single(talk.Changes<SessionChange.McpApprovalWithdrawn>());
        Assert.Equal("SE-09", talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)).Rule);
        talk.SendsNothing();
    }

    [Fact]
    public void MCP03_AnAnswerThatTheServerRefuses_IsOut_AndTheTurnGoesOnWithTheRest()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.McpAsks("A", "r");
        talk.Done("A");
        talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true));
        talk.Sends("conversation.item.create", "event_id=$e1");
        talk.Error("invalid_value", talk.Names["$e1"]);
        talk.SendsNothing();
        talk.Submit(SessionIntent.AnswerApproval("r", isApproved: true));
        talk.Sends("conversation.item.create");
        talk.Sends("response.create");
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.InputRejected>()).Turn);
    }

    [Fact]
    public void MCP03_WhenEveryAnswerIsRefused_TheTurnIsRejected()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true));
        talk.Sends("conversation.item.create", "event_id=$e1");
        talk.Error("invalid_value", talk.Names["$e1"]);
        talk.Done("A");
        Assert.Equal("invalid_value", Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn)).Error.Code);
        talk.SendsNothing();
    }

    [Fact]
    public void MCP03_AQuestionOfNoResponse_IsAsked_AndItsAnswerBeginsATurn()
    {
        var talk = Conversation.Manual();
        talk.Hear("conversation.item.done", """item:={"type":"mcp_approval_request","id":"q","server_label":"almanac","name":"book","arguments":"{}"}""");
        Assert.Equal(0, Assert.Single(talk.Changes<SessionChange.McpApprovalAsked>()).Turn);
        Assert.Equal(1, Assert.Single(Answers()).Turn);
        talk.Sends("conversation.item.create");
        talk.Sends("response.create");

        SubmitResult[] Answers() => [talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true)) with { Turn = talk.Changes<SessionChange.TurnBegan>().Single().Turn }];
    }

    [Fact]
    public void MCP03_ACallThatIsMadeOutsideOfAnyResponse_IsWaitedForByTheTurnThatWasAsked()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.Done("A");
        talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true));
        talk.Sends("conversation.item.create");
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Hear("conversation.item.added", """item:={"type":"mcp_call","id":"m","server_label":"almanac","name":"book","arguments":"{}","approval_request_id":"q"}""");
        talk.Created("B", talk.Names["$t"]);
        talk.Done("B");
        Assert.True(talk.IsOpen(turn));
        talk.McpEnded("m");
        talk.Sends("response.create");
    }

    [Fact]
    public void MCP03_AReasonThatHasNoForm_IsRefusedWhereItIsGiven() =>
        Assert.Throws<ArgumentException>("reason", static () => SessionIntent.AnswerApproval("q", isApproved: false, "\ud800"));
}
