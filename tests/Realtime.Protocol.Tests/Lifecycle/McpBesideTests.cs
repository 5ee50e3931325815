using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Remote MCP servers where the conversation is not what a response reads, and what the application says to them by events of its own.</summary>
public class McpBesideTests
{
    [Fact]
    public void MCP02_ACallBesideTheConversation_IsToldToItsNextRequest()
    {
        Conversation talk = Beside(out int aside);
        talk.Hear("response.output_item.added", "response_id=B", """item:={"type":"mcp_call","id":"m","server_label":"almanac","name":"tide","arguments":""}""");
        talk.Hear("response.mcp_call_arguments.done", "response_id=B", "item_id=m", """arguments={"harbour":"Husum"}""");
        talk.Hear("response.mcp_call.in_progress", "item_id=m");
        talk.Done("B");
        talk.SendsNothing();
        talk.Hear("response.mcp_call.completed", "item_id=m");
        talk.SendsNothing();
        talk.Hear("response.output_item.done", "response_id=B", """item:={"type":"mcp_call","id":"m","server_label":"almanac","name":"tide","arguments":"{\"harbour\":\"Husum\"}","output":"high"}""");
        talk.Sends(
            "response.create",
            "response.conversation=none",
            "response.input.0.type=mcp_call",
            "response.input.0.server_label=almanac",
            """response.input.0.arguments={"harbour":"Husum"}""",
            "response.input.0.output=high",
            "-response.input.1");
        Assert.True(talk.IsOpen(aside));
        Assert.Equal(aside, Assert.Single(talk.Changes<SessionChange.McpCallCompleted>()).Turn);
        Assert.Empty(talk.Changes<SessionChange.ItemDone>());
    }

    [Fact]
    public void MCP03_AQuestionBesideTheConversation_IsAnsweredInItsNextRequest()
    {
        Conversation talk = Beside(out _);
        Asks(talk);
        talk.Done("B");
        talk.Submit(SessionIntent.AnswerApproval("q", isApproved: true));
        talk.Sends(
            "response.create",
            "response.input.0.type=mcp_approval_request",
            "response.input.0.id=q",
            "response.input.1.type=mcp_approval_response",
            "response.input.1.approval_request_id=q",
            "response.input.1.approve:=true",
            "-response.input.2");
        talk.SendsNothing();
    }

    [Fact]
    public void MCP03_AnAsideThatIsOver_SendsNoAnswerIntoTheConversation()
    {
        Conversation talk = Beside(out int aside);
        Asks(talk);
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.Sends("response.cancel", "response_id=B");
        talk.SendsNothing();
        Assert.Equal("q", Assert.Single(talk.Changes<SessionChange.McpApprovalWithdrawn>()).ItemId);
    }

    [Fact]
    public void MCP03_AnAnswerThatTheApplicationSendsByItself_CarriesTheTurnOn_Once()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpAsks("A", "q");
        talk.Done("A");
        Assert.Equal(turn, talk.SendByItself(Own("own_1")).Turn);
        talk.Sends("response.create");
        Assert.Equal("MCP-03", talk.SendByItself(Own("own_2")).Rule);
        Assert.Equal("MCP-03", talk.Submit(SessionIntent.AnswerApproval("q", isApproved: false)).Rule);
        talk.SendsNothing();

        static string Own(string id) => $$"""{"type":"conversation.item.create","event_id":"{{id}}","item":{"id":"{{id}}","type":"mcp_approval_response","approval_request_id":"q","approve":true} }""";
    }

    [Fact]
    public void MCP01_ServersThatTheApplicationConfiguresByItself_AreWaitedFor()
    {
        var talk = Conversation.Manual();
        talk.SendByItself("""{"type":"session.update","event_id":"own_1","session":{"type":"realtime","tools":[{"type":"mcp","server_label":"almanac","server_url":"https://almanac.example/mcp"}]}}""");
        talk.Updated();
        talk.Create();
        talk.SendsNothing();
        talk.McpListing("l", "almanac");
        talk.McpListed("l", "almanac", "tide");
        talk.Sends("response.create");
    }

    [Fact]
    public void MCP02_ATurnThatReadsChosenItems_ReadsItsCallsToo()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("u");
        talk.Create(new ResponseParameters { Input = [new ItemReference { Id = "u" }] });
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Created("A", talk.Names["$t"]);
        talk.McpCall("A", "m");
        talk.Done("A");
        talk.McpEnded("m");
        talk.Sends("response.create", "response.input.0.id=u", "response.input.1.type=item_reference", "response.input.1.id=m", "-response.input.2");
    }

    private static void Asks(Conversation talk)
    {
        const string Question = """item:={"type":"mcp_approval_request","id":"q","server_label":"almanac","name":"book","arguments":"{}"}""";
        talk.Hear("response.output_item.added", "response_id=B", Question);
        talk.Hear("response.output_item.done", "response_id=B", Question);
    }

    /// <summary>A response beside the conversation of a server that has shown that it repeats tokens.</summary>
    private static Conversation Beside(out int aside)
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Done("A");
        aside = talk.Create(new ResponseParameters { Conversation = ResponseParametersConversation.None, Input = [] }).Turn;
        talk.Sends("response.create", $"{Frame.Token}=$b");
        talk.Created("B", talk.Names["$b"], outOfBand: true);
        talk.ForgetChanges();
        return talk;
    }
}
