using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Which calls run, and how often: FC-01, FC-02.</summary>
public class CallTests
{
    [Fact]
    public void FC01_CompletedCall_IsToldOnce_WithItsArguments()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1", arguments: """{"zone":"UTC"}""");
        Assert.Equal(
            new SessionChange.ToolCallReady(turn, "A", "f", "call_1", "clock", """{"zone":"UTC"}"""),
            Assert.Single(talk.Changes<SessionChange.ToolCallReady>()));
    }

    [Theory]
    [InlineData(FactStatus.Incomplete)]
    [InlineData(FactStatus.InProgress)]
    [InlineData(FactStatus.Unknown)]
    public void FC01_CallThatIsNotCompleted_IsNotRun(FactStatus status)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1", status, """{"a":""");
        talk.Done("A", FactStatus.Cancelled);
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(turn));
    }

    [Fact]
    public void FC01_CallThatCompletesAfterTheInterruption_IsNotRun_AndLeavesTheConversation()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Interrupt();
        talk.Call("A", "f", "call_1");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        talk.SentOnly<SessionCommand.CancelResponse>();
        talk.Done("A", FactStatus.Cancelled);
        Assert.Equal("f", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void FC01_ACallWhoseItemIsDoneAfterItsResponse_Runs_WhileItsTurnStillWaitsForAnother()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f1", "call_1");
        talk.Hear("response.output_item.added", "response_id=A", "output_index:=1", """item:={"id":"f2","type":"function_call","status":"in_progress","name":"clock","call_id":"call_2","arguments":""}""");
        talk.Done("A");
        talk.Hear("response.output_item.done", "response_id=A", "output_index:=1", """item:={"id":"f2","type":"function_call","status":"completed","name":"clock","call_id":"call_2","arguments":"{}"}""");

        Assert.Contains(talk.Changes<SessionChange.ToolCallReady>(), static ready => ready.CallId == "call_2");
        talk.Submit(SessionIntent.ToolOutput("call_1", "1"));
        Assert.True(talk.IsOpen(turn));
        talk.Submit(SessionIntent.ToolOutput("call_2", "2"));
        Assert.IsType<SessionCommand.CreateResponse>(talk.Sent()[^1]);
    }

    [Fact]
    public void FC02_OneCallIdOfTwoItems_IsRunOnce()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Call("A", "g", "call_1");
        Assert.Equal("f", Assert.Single(talk.Changes<SessionChange.ToolCallReady>()).ItemId);
        Assert.Equal("FC-02", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
    }

    [Fact]
    public void FC01_CallOfWhichNothingButItsArgumentsCame_RunsWhenTheResponseIsComplete()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Hear("response.function_call_arguments.done", "response_id=A", "item_id=f", "call_id=call_1", "name=clock", """arguments={"zone":"UTC"}""");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        talk.Done("A");
        Assert.Equal(
            new SessionChange.ToolCallReady(turn, "A", "f", "call_1", "clock", """{"zone":"UTC"}"""),
            Assert.Single(talk.Changes<SessionChange.ToolCallReady>()));
        Assert.True(talk.IsOpen(turn));
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Sends("conversation.item.create", "item.call_id=call_1");
        talk.Sends("response.create");
    }

    [Theory]
    [InlineData("""{"zone":"UT""", FactStatus.Completed)]
    [InlineData("{} {}", FactStatus.Completed)]
    [InlineData("{}", FactStatus.Cancelled)]
    [InlineData("{}", FactStatus.Incomplete)]
    [InlineData("{}", FactStatus.Failed)]
    public void FC01_CallWithoutAStatus_IsNotRun_WhenItOrItsResponseIsHalfMade(string arguments, FactStatus status)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1", FactStatus.Unknown, arguments);
        talk.Done("A", status);
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        Assert.False(talk.IsOpen(turn));
    }

    [Fact]
    public void FC01_CallThatIsIncomplete_StaysUnrun_WhateverItsResponseSays()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1", FactStatus.Incomplete);
        talk.Hear("response.done", "response.id=A", "response.status=completed", """response.output:=[{"id":"f","type":"function_call","status":"completed","call_id":"call_1","name":"clock","arguments":"{}"}]""");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
    }

    [Fact]
    public void FC01_NameAndIdOfTheBeginning_AreKept_WhenTheEndLeavesThemOut()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.output_item.added", "response_id=A", """item:={"id":"f","type":"function_call","status":"in_progress","call_id":"call_1","name":"clock","arguments":""}""");
        talk.Hear("response.function_call_arguments.done", "response_id=A", "item_id=f", "call_id=call_1", "arguments=[1]");
        talk.Done("A");
        SessionChange.ToolCallReady call = Assert.Single(talk.Changes<SessionChange.ToolCallReady>());
        Assert.Equal(("clock", "[1]"), (call.Name, call.Arguments));
    }

    [Fact]
    public void FC01_EmptyArguments_AreAnEmptyObject()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1", arguments: "");
        Assert.Equal("{}", Assert.Single(talk.Changes<SessionChange.ToolCallReady>()).Arguments);
    }

    [Fact]
    public void FC01_CallOfTheConversationFirst_AndOfItsResponseLater_RunsOnce()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        string item = """item:={"id":"f","type":"function_call","status":"completed","call_id":"call_1","name":"clock","arguments":"{}"}""";
        talk.Hear("conversation.item.done", item);
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>()); // whose it is, is not known
        talk.Hear("response.output_item.done", "response_id=A", item);
        talk.Hear("response.output_item.done", "response_id=A", item);
        Assert.Single(talk.Changes<SessionChange.ToolCallReady>());
    }

    [Fact]
    public void FC01_CallThatCompletesAfterItsTurn_IsReported()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Done("A");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.Call("A", "f", "call_1");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        Assert.Equal("FC-01", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
    }

    [Fact]
    public void FC02_CallIdOfAWithdrawnCall_MayComeAgain_AndEachOutputFindsItsCall()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_0");
        talk.Done("A");
        talk.Interrupt();
        talk.Answering("B");
        talk.Call("B", "g", "call_0");
        talk.Done("B");
        talk.Sent();
        Assert.Equal(2, talk.Changes<SessionChange.ToolCallReady>().Length);
        talk.Submit(SessionIntent.ToolOutput("call_0", "late", "f"));
        talk.Sends("conversation.item.create", "item.output=late");
        talk.SendsNothing(); // the newer call still waits
        talk.Submit(SessionIntent.ToolOutput("call_0", "now", "g"));
        talk.Sends("conversation.item.create", "item.output=now");
        talk.Sends("response.create");
        Assert.Equal("FC-03", talk.Submit(SessionIntent.ToolOutput("call_1", "now", "g")).Rule);
    }

    [Theory]
    [InlineData("item_told")]
    [InlineData("item_new")]
    public void FC02_ACallThatWasToldWithItsOutput_IsNotRun_WhenTheServerMakesItAgain_AndTheTurnGoesOn(string item)
    {
        var talk = Told("It is here.");
        int turn = talk.Answering("A");
        talk.Call("A", item, "call_1");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        Assert.Equal("FC-02", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
        talk.Done("A");
        Assert.True(talk.IsOpen(turn));
        Assert.IsType<SessionCommand.CreateResponse>(Assert.Single(talk.Sent())); // which reads the output that was told
        Assert.Equal("FC-03", talk.Submit(SessionIntent.ToolOutput("call_1", "Twice.")).Rule);
    }

    [Theory]
    [InlineData("call_1", "{}", ReplayPlanner.FailedOutput)] // it was lost, and the model asks for it again
    [InlineData("call_1", """{"order":4711}""", "It is here.")]
    [InlineData("call_2", "{}", "It is here.")]
    public void FC02_AnyOtherCall_Runs_WhateverItsId(string callId, string arguments, string output)
    {
        var talk = Told(output);
        talk.Answering("A");
        talk.Call("A", "item_new", callId, arguments: arguments);
        Assert.Equal(callId, Assert.Single(talk.Changes<SessionChange.ToolCallReady>()).CallId);
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "{}")]
    [InlineData("{}", "")]
    public void FC02_NoArguments_AreTheSameHoweverTheyAreStated(string told, string made)
    {
        var talk = Told("It is here.", told);
        talk.Answering("A");
        talk.Call("A", "item_new", "call_1", arguments: made);
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        Assert.Equal("FC-02", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
    }

    [Theory]
    [InlineData("item_output")]
    [InlineData("item_told")]
    public void FC02_ACallOfWhichTheConversationHoldsNoOutput_Runs(string deleted)
    {
        var talk = Told("It is here.");
        talk.ItemDeleted(deleted);
        talk.Answering("A");
        talk.Call("A", "item_new", "call_1");
        Assert.Equal("call_1", Assert.Single(talk.Changes<SessionChange.ToolCallReady>()).CallId);
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
    }

    [Fact]
    public void FC02_AnOutputThatTheServerRefused_WasNotTold()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionCall("call_1", "clock", "{}") { Id = "item_told" }));
        Hold(talk, Conversation.CallItem("item_told", "call_1", FactStatus.Completed, "{}"));
        talk.Sent();
        talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionOutput("call_1", "It is here.") { Id = "item_output" }));
        talk.Error("invalid_value", Assert.Single(talk.Sent()).EventId);
        talk.Answering("A");
        talk.Call("A", "item_new", "call_1");
        Assert.Equal("call_1", Assert.Single(talk.Changes<SessionChange.ToolCallReady>()).CallId);
    }

    [Fact]
    public void FC02_ACallUnderTheIdOfAnItemThatThisSessionAdded_IsNotRun()
    {
        var talk = Told("It is here.");
        int turn = talk.Answering("A");
        talk.Call("A", "item_told", "call_2");
        talk.Done("A");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        Assert.Equal("FC-02", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void FC01_ACallOfAnEarlierRound_IsNotRun_WhenItsTurnHasGoneOnWithoutIt()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Call("A", "g", "call_2"); // the next response is asked for
        talk.Created("B", Assert.IsType<SessionCommand.CreateResponse>(talk.Sent()[^1]).Token);
        talk.Call("A", "h", "call_3"); // and runs
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        Assert.Equal("call_1", Assert.Single(talk.Changes<SessionChange.ToolCallReady>()).CallId);
        Assert.Equal(["FC-01", "FC-01"], talk.Changes<SessionChange.ViolationTolerated>().Select(static told => told.Rule));
    }

    [Fact]
    public void ACallThatIsNeverRun_KeepsNoArguments()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1", FactStatus.Incomplete, """{"hour":""");
        talk.Done("A", FactStatus.Cancelled);
        Assert.Equal("", talk.Machine.Core.Items.Find("f")!.Call!.Arguments);
    }

    [Fact]
    public void FC01_WhatOneEventSaysOfACall_TheNextNeedNotRepeat()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.function_call_arguments.done", "response_id=A", "item_id=f", "call_id=call_1", """arguments={"a":1}""");
        Assert.True(talk.HearRaw("""{"type":"response.output_item.added","event_id":"e","response_id":"A","output_index":0,"item":{"id":"f","type":"function_call","call_id":"call_1","name":"clock"}}"""));
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        talk.Done("A");
        SessionChange.ToolCallReady call = Assert.Single(talk.Changes<SessionChange.ToolCallReady>());
        Assert.Equal(("call_1", "clock", """{"a":1}"""), (call.CallId, call.Name, call.Arguments));
        Assert.Equal("", talk.Machine.Core.Items.Find("f")!.Call!.Arguments); // content is not kept
    }

    [Fact]
    public void FC01_ACallWithoutACallId_StaysInTheConversation()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        Assert.True(talk.HearRaw("""{"type":"response.output_item.added","event_id":"e","response_id":"A","output_index":0,"item":{"id":"f","type":"function_call","status":"in_progress"}}"""));
        talk.ItemAdded("f", ItemFactKind.FunctionCall);
        Assert.True(talk.HearRaw("""{"type":"response.output_item.done","event_id":"e","response_id":"A","output_index":0,"item":{"id":"f","type":"function_call","status":"completed","arguments":"{}"}}"""));
        talk.Done("A");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        talk.SendsNothing();
    }

    // A connection that was told a call and its output, and has taken both.
    private static Conversation Told(string output, string arguments = "{}")
    {
        var talk = Conversation.Manual();
        Assert.True(talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionCall("call_1", "clock", arguments) { Id = "item_told" })).IsAccepted);
        Assert.True(talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionOutput("call_1", output) { Id = "item_output" })).IsAccepted);
        Hold(talk, Conversation.CallItem("item_told", "call_1", FactStatus.Completed, arguments));
        Hold(talk, $$"""{"id":"item_output","type":"function_call_output","status":"completed","call_id":"call_1","output":{{System.Text.Json.JsonSerializer.Serialize(output)}}}""");
        talk.Sent();
        return talk;
    }

    private static void Hold(Conversation talk, string item)
    {
        talk.Hear("conversation.item.added", $"item:={item}");
        talk.Hear("conversation.item.done", $"item:={item}");
    }
}
