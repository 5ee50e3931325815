using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A tool has its time, and no more: FC-08.</summary>
public class ToolDeadlineTests
{
    [Fact]
    public void FC08_ACallOfAResponseThatBeganBefore_KeepsTheTimeOfBefore()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Submit(SessionIntent.Configure(new Session(), new Dictionary<string, long> { ["clock"] = 1_000 }));
        talk.Updated();
        talk.Call("A", "f1", "call_1");
        talk.Done("A");
        talk.Wait(59_999);
        Assert.Empty(talk.Changes<SessionChange.ToolCallOverdue>());
        talk.Wait(1);
        Assert.Single(talk.Changes<SessionChange.ToolCallOverdue>());
    }

    [Fact]
    public void FC08_ATimeThatNoClockReaches_IsRefusedWhereItIsGiven() =>
        Assert.Throws<ArgumentOutOfRangeException>("toolTimeouts", static () => SessionIntent.Configure(new Session(), new Dictionary<string, long> { ["clock"] = -1 }));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void FC08_ANewTimeOfATool_HoldsFromTheAcknowledgementOn(bool isAcknowledged, bool isOverdue)
    {
        var talk = Conversation.Manual();
        var times = new Dictionary<string, long> { ["clock"] = 1_000 };
        talk.Submit(SessionIntent.Configure(new Session(), times));
        talk.SentOnly<SessionCommand.UpdateSession>();
        times["clock"] = 5;
        if (isAcknowledged)
        {
            talk.Updated();
        }

        talk.Answering("A");
        talk.Call("A", "f1", "call_1");
        talk.Done("A");
        talk.Wait(999);
        Assert.Empty(talk.Changes<SessionChange.ToolCallOverdue>());
        talk.Wait(1);

        Assert.Equal(isOverdue, talk.Changes<SessionChange.ToolCallOverdue>() is [{ CallId: "call_1" }]);
    }

    [Fact]
    public void FC08_ToolThatDoesNotAnswer_IsAnsweredForAfterAMinute()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Wait(59_999);
        talk.SendsNothing();
        talk.Wait(1);
        talk.Sends("conversation.item.create", "item.call_id=call_1", """item.output={"error":"The tool did not answer in time."}""");
        talk.Sends("response.create");
        Assert.Equal(new SessionChange.ToolCallOverdue(turn, "f", "call_1", "clock"), Assert.Single(talk.Changes<SessionChange.ToolCallOverdue>()));
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void FC08_LateOutput_IsTakenOnce_AndDropped()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Wait(60_000);
        talk.Sent();
        Assert.True(talk.Submit(SessionIntent.ToolOutput("call_1", "late")).IsAccepted);
        talk.SendsNothing();
        Assert.Equal(new SessionChange.ToolOutputDropped(turn, "f", "call_1", "clock", "FC-08"), Assert.Single(talk.Changes<SessionChange.ToolOutputDropped>()));
        Assert.Equal("FC-03", talk.Submit(SessionIntent.ToolOutput("call_1", "later")).Rule);
    }

    [Fact]
    public void FC08_EachToolHasItsOwnTime()
    {
        var talk = Conversation.Manual(new MachineSettings { IdPrefix = "test", ToolTimeout = 5_000, ToolTimeouts = new Dictionary<string, long> { ["clock"] = 1_000 } });
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Hear("response.output_item.done", "response_id=A", """item:={"id":"g","type":"function_call","status":"completed","call_id":"call_2","name":"other","arguments":"{}"}""");
        talk.Done("A");
        talk.Wait(1_000);
        talk.Sends("conversation.item.create", "item.call_id=call_1");
        talk.SendsNothing();
        talk.Wait(3_999);
        talk.SendsNothing();
        talk.Wait(1);
        talk.Sends("conversation.item.create", "item.call_id=call_2");
        talk.Sends("response.create");
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void FC08_WithdrawnOrAnsweredCall_IsNeverOverdue()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Call("A", "g", "call_2");
        talk.Done("A");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Interrupt();
        talk.Sent();
        talk.Wait(3_600_000);
        talk.SendsNothing();
        Assert.Empty(talk.Changes<SessionChange.ToolCallOverdue>());
    }

    [Fact]
    public void FC08_RefusedAnswerOfOurs_EndsTheTurn_AndALateOutputIsStillTaken()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Wait(60_000);
        talk.Error("invalid_tool_call_id", talk.Sent()[0].EventId);
        Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn));
        Assert.True(talk.Submit(SessionIntent.ToolOutput("call_1", "late")).IsAccepted);
        Assert.Single(talk.Changes<SessionChange.ToolOutputDropped>());
    }
}
