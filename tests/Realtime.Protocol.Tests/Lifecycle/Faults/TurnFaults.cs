using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Faults;

/// <summary>Turns, tools, configurations and handles: what ends them, and what must not.</summary>
public class TurnFaults
{
    [Fact]
    public void B8_AnAcknowledgementAfterALostConfiguration_IsNotSpentOnTheLostOne()
    {
        var talk = Conversation.Manual();
        int lost = talk.Submit(SessionIntent.Configure(new Session())).Operation;
        talk.Wait(10_000);
        Assert.Equal(lost, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        int second = talk.Submit(SessionIntent.Configure(new Session())).Operation;
        talk.Updated();
        talk.Wait(10_000);
        Assert.Equal([second], talk.Changes<SessionChange.OperationCompleted>().Select(static completed => completed.Operation));
        Assert.Single(talk.Changes<SessionChange.OperationFailed>());
    }

    [Fact]
    public void F11_ARefusedConfiguration_IsToldWithoutAnEventId()
    {
        var talk = Conversation.Manual();
        int refused = talk.Submit(SessionIntent.Configure(new Session())).Operation;
        Assert.True(talk.HearRaw("""{"type":"error","event_id":"event_1","error":{"type":"invalid_request_error","code":"unknown_parameter","message":"Unknown parameter: 'session.type'.","param":"session.type","event_id":null}}"""));
        SessionChange.OperationFailed failed = Assert.Single(talk.Changes<SessionChange.OperationFailed>());
        Assert.Equal((refused, "unknown_parameter"), (failed.Operation, failed.Error?.Code));
    }

    [Fact]
    public void B9_ARefusedMessage_IsNotTheEndOfTheOthersInItsTurn()
    {
        var talk = Conversation.Manual(Conversation.Settings(WhenBusy.Queue));
        talk.Answering("A");
        int turn = talk.Say("one").Turn;
        talk.Say("two");
        talk.Sends("conversation.item.create", "item.id=$i1");
        talk.Sends("conversation.item.create", "event_id=$e2");
        talk.Hear("conversation.item.added", "item.id=$i1");
        talk.Error("invalid_value", talk.Names["$e2"]);
        Assert.Null(talk.Outcome(turn));
        talk.Done("A");
        talk.Sends("response.create");
    }

    [Fact]
    public void B9_ARefusedToolOutput_IsNotTheEndOfItsRound()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f1", "call_1");
        talk.Call("A", "f2", "call_2");
        talk.Submit(SessionIntent.ToolOutput("call_1", "1"));
        talk.Sends("conversation.item.create", "event_id=$e1");
        talk.Error("invalid_tool_call_id", talk.Names["$e1"]);
        Assert.Null(talk.Outcome(turn));
        talk.Done("A");
        talk.SendsNothing();
        talk.Submit(SessionIntent.ToolOutput("call_2", "2"));
        talk.Sends("conversation.item.create", "item.call_id=call_2");
        talk.Sends("response.create");
    }

    [Fact]
    public void B16_ADeletionThatWaitsForAResponse_EndsWithoutIt()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        int deletion = talk.Submit(SessionIntent.DeleteItem("m")).Operation;
        talk.Created("B", token: "of somebody else"); // the end of A was lost
        talk.Done("B");
        talk.Wait(3_600_000);
        Assert.Equal(deletion, Assert.Single(Ended(talk)));
    }

    [Fact]
    public void B16_AnItemThatIsAddedAndDeleted_AndNeverComes_EndsBoth()
    {
        var talk = Conversation.Manual();
        int addition = talk.Submit(SessionIntent.AddText(ItemRole.User, "by the way")).Operation;
        talk.Sends("conversation.item.create", "item.id=$i1");
        int deletion = talk.Submit(SessionIntent.DeleteItem(talk.Names["$i1"])).Operation;
        talk.Wait(3_600_000);
        Assert.Equal([addition, deletion], Ended(talk).Order());
    }

    [Fact]
    public void B21_AToolThatNeverReturns_IsAnsweredForByADeadline()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Wait(3_600_000);
        talk.Sends("conversation.item.create", "item.type=function_call_output", "item.call_id=call_1", "item.output");
        talk.Sends("response.create");
        Assert.Equal(new SessionChange.ToolCallOverdue(turn, "f", "call_1", "clock"), Assert.Single(talk.Changes<SessionChange.ToolCallOverdue>()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"status\":\"in_progress\",")]
    public void F03_ACallWhoseStatusIsNotStated_RunsWhenItsResponseIsComplete(string status)
    {
        Conversation talk = Calling();
        Assert.True(talk.HearRaw($$$"""{"type":"response.output_item.done","event_id":"event_1","response_id":"resp_1","output_index":0,"item":{"id":"item_f","type":"function_call",{{{status}}}"name":"clock","call_id":"call_1","arguments":"{}"}}"""));
        Assert.True(talk.HearRaw("""{"type":"response.function_call_arguments.done","event_id":"event_3","response_id":"resp_1","item_id":"item_f","output_index":0,"call_id":"call_1","name":"clock","arguments":"{}"}"""));
        talk.Done("resp_1");
        Runs(talk, "{}");
    }

    [Fact]
    public void F03_ACallThatStandsOnlyInTheEndOfItsResponse_Runs()
    {
        Conversation talk = Calling();
        Assert.True(talk.HearRaw("""{"type":"response.done","event_id":"event_4","response":{"id":"resp_1","object":"realtime.response","status":"completed","output":[{"id":"item_f","type":"function_call","status":"completed","name":"clock","call_id":"call_1","arguments":"{}"}]}}"""));
        Runs(talk, "{}");
    }

    [Fact]
    public void F05_ACallIdThatWasAnswered_MayComeAgainWithAnotherItem()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "item_f1", "call_0");
        talk.Done("A");
        talk.Submit(SessionIntent.ToolOutput("call_0", "1"));
        talk.Sends("conversation.item.create");
        talk.Sends("response.create", $"{Frames.Frame.Token}=$t2");
        talk.Created("B", talk.Names["$t2"]);
        talk.Call("B", "item_f2", "call_0");
        Assert.Equal(["item_f1", "item_f2"], talk.Changes<SessionChange.ToolCallReady>().Select(static call => call.ItemId));
        talk.Done("B");
        talk.Submit(SessionIntent.ToolOutput("call_0", "2"));
        talk.Sends("conversation.item.create", "item.output=2");
        talk.Sends("response.create");
    }

    [Theory]
    [InlineData("null", "{}")]
    [InlineData("""{"zone":"UTC"}""", """{"zone":"UTC"}""")]
    public void F12_ArgumentsThatAreNoText_AreTakenAsWhatTheyMean(string said, string meant)
    {
        Conversation talk = Calling();
        Assert.True(talk.HearRaw($$$"""{"type":"response.output_item.done","event_id":"event_1","response_id":"resp_1","output_index":0,"item":{"id":"item_f","type":"function_call","status":"completed","name":"clock","call_id":"call_1","arguments":{{{said}}}}}"""));
        talk.Done("resp_1");
        Runs(talk, meant);
    }

    private static Conversation Calling()
    {
        var talk = Conversation.Manual();
        talk.Answering("resp_1");
        return talk;
    }

    private static void Runs(Conversation talk, string arguments)
    {
        SessionChange.ToolCallReady call = Assert.Single(talk.Changes<SessionChange.ToolCallReady>());
        Assert.Equal(("item_f", "call_1", "clock", arguments), (call.ItemId, call.CallId, call.Name, call.Arguments));
    }

    private static int[] Ended(Conversation talk) =>
    [
        .. talk.Changes<SessionChange.OperationCompleted>().Select(static completed => completed.Operation),
        .. talk.Changes<SessionChange.OperationFailed>().Select(static failed => failed.Operation),
    ];
}
