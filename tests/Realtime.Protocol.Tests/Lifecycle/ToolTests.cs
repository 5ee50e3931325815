using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Tool calls and the rounds they make: FC-01 to FC-07.</summary>
public class ToolTests
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
    public void FC03_OutputOfAnUnknownCall_IsRefused()
    {
        var talk = Conversation.Manual();
        Assert.Equal("FC-03", talk.Submit(SessionIntent.ToolOutput("call_9", "{}")).Rule);
        talk.SentNothing();
    }

    [Fact]
    public void FC03_SecondOutputOfOneCall_IsRefused()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        Assert.True(talk.Submit(SessionIntent.ToolOutput("call_1", "{}")).IsAccepted);
        Assert.Equal("FC-03", talk.Submit(SessionIntent.ToolOutput("call_1", "{}")).Rule);
    }

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

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void FC04_TheModelIsAskedToSpeak_IfAnyOutputOfTheRoundWantsIt(bool firstIsSilent, bool secondIsSilent)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f1", "call_1");
        talk.Call("A", "f2", "call_2");
        talk.Submit(SessionIntent.ToolOutput("call_1", "noted", isSilent: firstIsSilent));
        talk.Done("A");
        Assert.True(talk.IsOpen(turn));
        talk.Submit(SessionIntent.ToolOutput("call_2", "noted", isSilent: secondIsSilent));

        SessionCommand[] sent = talk.Sent();
        Assert.Equal(2, sent.Count(static command => command is SessionCommand.CreateToolOutput));
        Assert.Equal(firstIsSilent && secondIsSilent ? 0 : 1, sent.Count(static command => command is SessionCommand.CreateResponse));
        Assert.Equal(firstIsSilent && secondIsSilent, talk.Outcome(turn) is TurnOutcome.Completed);
    }

    [Fact]
    public void FC04_AnOutputThatWantsNoAnswer_EndsItsTurnWithItsResponse_ThoughItCameFirst()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f1", "call_1");
        talk.Submit(SessionIntent.ToolOutput("call_1", "noted", isSilent: true));
        Assert.True(talk.IsOpen(turn));
        talk.Done("A");

        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        Assert.IsType<SessionCommand.CreateToolOutput>(Assert.Single(talk.Sent()));
        talk.Create();
        talk.Sends("response.create");
    }

    [Fact]
    public void FC04_ThreeCalls_OutputsInAnyOrder_AreAnsweredByOneRequestAfterTheLast()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f1", "call_1");
        talk.Call("A", "f2", "call_2");
        talk.Call("A", "f3", "call_3");
        talk.Submit(SessionIntent.ToolOutput("call_2", "2"));
        talk.Submit(SessionIntent.ToolOutput("call_3", "3"));
        Assert.All(talk.Sent(), command => Assert.IsType<SessionCommand.CreateToolOutput>(command));
        talk.Done("A");
        talk.SentNothing();
        talk.Submit(SessionIntent.ToolOutput("call_1", "1"));
        SessionCommand[] sent = talk.Sent();
        Assert.IsType<SessionCommand.CreateToolOutput>(sent[0]);
        talk.Created("B", Assert.IsType<SessionCommand.CreateResponse>(Assert.Single(sent.Skip(1))).Token);
        Assert.Contains(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn && started.ResponseId == "B");

        Assert.True(talk.IsOpen(turn));
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void FC05_OutputBeforeTheResponseIsDone_GoesOutAtOnce_AndTheRequestAfterIt()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.SentOnly<SessionCommand.CreateToolOutput>();
        talk.Done("A");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void FC06_InterruptedToolRound_WithdrawsItsCalls_AndALateOutputAsksForNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Interrupt();
        Assert.Equal(new SessionChange.ToolCallWithdrawn(turn, "f", "call_1"), Assert.Single(talk.Changes<SessionChange.ToolCallWithdrawn>()));
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(turn));
        talk.Submit(SessionIntent.ToolOutput("call_1", "late"));
        talk.SentOnly<SessionCommand.CreateToolOutput>();
    }

    [Theory]
    [InlineData(FactStatus.Failed)]
    [InlineData(FactStatus.Incomplete)]
    [InlineData(FactStatus.Cancelled)]
    public void FC06_ResponseThatDidNotComplete_StartsNoToolRound(FactStatus status)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Sent();
        talk.Done("A", status);
        talk.SentNothing();
        Assert.NotNull(talk.Outcome(turn));
    }

    [Fact]
    public void FC07_CallsEndWithTheConnection()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Close();
        Assert.Single(talk.Changes<SessionChange.ToolCallWithdrawn>());
        Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(turn));
        Assert.Equal("SE-09", talk.Submit(SessionIntent.ToolOutput("call_1", "late")).Rule);
    }

    [Fact]
    public void ToolRounds_AreLimited()
    {
        var talk = Conversation.Manual(Conversation.Settings(maxToolRounds: 2));
        int turn = talk.Answering("A0");
        for (int round = 0; round < 3; round++)
        {
            talk.Call($"A{round}", $"f{round}", $"call_{round}");
            talk.Done($"A{round}");
            Assert.True(talk.IsOpen(turn));
            talk.Submit(SessionIntent.ToolOutput($"call_{round}", "{}"));
            if (talk.Sent() is [_, SessionCommand.CreateResponse create])
            {
                talk.Created($"A{round + 1}", create.Token);
            }
        }

        Assert.IsType<TurnOutcome.ToolRoundLimit>(talk.Outcome(turn));
        talk.SentNothing();
    }

    [Fact]
    public void RC07_ToolRoundJoinsAWaitingAutomaticRequest_AndAnswersBoth()
    {
        var talk = Conversation.Manual();
        int calling = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        int waiting = talk.Create().Turn;
        talk.Sent();
        talk.Done("A");
        talk.SentOnly<SessionCommand.CreateResponse>();
        Assert.Equal(new TurnOutcome.Merged(calling), talk.Outcome(waiting));
        Assert.True(talk.IsOpen(calling));
    }

    [Fact]
    public void RejectedOutput_EndsTheTurn()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Error("invalid_tool_call_id", talk.Sent()[0].EventId);
        Assert.Equal("invalid_tool_call_id", Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn)).Error.Code);
    }

    [Fact]
    public void CallOfAServersTurn_IsRunLikeAnyOther()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.Created("V");
        talk.Call("V", "f", "call_1");
        talk.Done("V");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        Assert.Collection(talk.Sent(), command => Assert.IsType<SessionCommand.CreateToolOutput>(command), command => Assert.IsType<SessionCommand.CreateResponse>(command));
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

    [Fact]
    public void FC06_AnsweredCall_IsNotWithdrawn_AndAnOpenOneOnce()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Call("A", "g", "call_2");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Interrupt(); // withdraws what is open
        talk.Done("A", FactStatus.Cancelled); // ends the turn
        talk.Close();
        Assert.Equal(new SessionChange.ToolCallWithdrawn(turn, "g", "call_2"), Assert.Single(talk.Changes<SessionChange.ToolCallWithdrawn>()));
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
}
