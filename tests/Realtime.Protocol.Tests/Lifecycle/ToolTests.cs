using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Outputs, and the rounds that they make: FC-03 to FC-07.</summary>
public class ToolTests
{
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
    public void FC03_TwoCallsOfOneNameThatWereAdded_TakeAnOutputEach_AndNoThird()
    {
        var talk = Conversation.Manual();
        for (int i = 1; i <= 2; i++)
        {
            Assert.True(talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionCall("call_1", "order", "{}"))).IsAccepted);
            Assert.True(talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionOutput("call_1", $"{i}"))).IsAccepted);
            Assert.Equal("FC-03", talk.Submit(SessionIntent.AddItem(new ConversationItem.FunctionOutput("call_1", "once more"))).Rule);
        }
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

    [Fact]
    public void FC09_WhatWaitsBehindATurn_WaitsForItsTools_AndTheTurnGoesOnFirst()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        int then = talk.CreateWith("Then.").Turn;
        int last = talk.CreateWith("Last.").Turn;
        talk.Call("A", "f", "call_1");
        talk.Call("A", "g", "call_2");
        talk.Done("A");
        talk.SentNothing();
        talk.Submit(SessionIntent.ToolOutput("call_1", "1"));
        talk.SentOnly<SessionCommand.CreateToolOutput>();
        talk.Submit(SessionIntent.ToolOutput("call_2", "2"));
        SessionCommand[] sent = talk.Sent();
        Assert.IsType<SessionCommand.CreateToolOutput>(sent[0]);
        foreach ((string response, int answers) in new[] { ("B", turn), ("C", then), ("D", last) })
        {
            talk.Created(response, Assert.IsType<SessionCommand.CreateResponse>(sent[^1]).Token);
            Assert.Contains(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == answers && started.ResponseId == response);
            talk.Done(response);
            Assert.IsType<TurnOutcome.Completed>(talk.Outcome(answers));
            sent = response == "D" ? [] : talk.Sent();
        }
    }

    [Fact]
    public void FC09_WhatIsAskedWithItsOwnParametersWhileToolsRun_GoesOutAtOnce_AlsoPastWhatWaits()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.CreateWith("Then.");
        talk.Call("A", "f", "call_1");
        talk.CreateWith("Say that you are looking it up."); // by the tool, before the response is over
        talk.SentNothing();
        talk.Done("A");
        Assert.Equal("Say that you are looking it up.", talk.SentOnly<SessionCommand.CreateResponse>().Parameters?.Instructions);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void FC09_WhatTheUserSaysWhileToolsRun_WaitsForThem_WhateverItStates(bool isSpoken, bool isBeforeTheEnd)
    {
        var talk = Conversation.Manual(Conversation.Settings(WhenBusy.Queue));
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        int next = isBeforeTheEnd ? Next() : 0;
        talk.Done("A");
        next = isBeforeTheEnd ? next : Next();
        Assert.Empty(talk.Sent().OfType<SessionCommand.CreateResponse>());
        talk.Submit(SessionIntent.ToolOutput("call_1", "1"));
        SessionCommand.CreateResponse again = talk.Sent().OfType<SessionCommand.CreateResponse>().Single();
        Assert.Null(again.Parameters?.Instructions);
        talk.Created("B", again.Token);
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        Assert.Equal("Shout.", talk.SentOnly<SessionCommand.CreateResponse>().Parameters?.Instructions);
        Assert.True(talk.IsOpen(next));

        int Next()
        {
            var request = new ResponseParameters { Instructions = "Shout." };
            if (!isSpoken)
            {
                return talk.Submit(SessionIntent.TextTurn("And then?", request)).Turn;
            }

            talk.Submit(SessionIntent.AudioAppended(48_000));
            return talk.Submit(SessionIntent.EndTurn(request)).Turn;
        }
    }

    [Fact]
    public void FC09_ATurnOfTheUsersThatWasTakenFromAnotherConnection_WaitsForToolsAsWell()
    {
        var numbers = new SessionNumbers();
        var lost = Conversation.Manual(Numbered("one1"));
        lost.Answering("A");
        lost.Submit(SessionIntent.TextTurn("And then?", new ResponseParameters { Instructions = "Shout." }));
        WaitingRequest taken = Assert.Single(lost.Machine.TakeWaiting());

        var talk = Conversation.Manual(Numbered("two2"));
        talk.Answering("B");
        talk.Call("B", "f", "call_1");
        talk.Done("B");
        talk.Submit(taken.Intent);
        talk.SentNothing();

        MachineSettings Numbered(string prefix) => new() { IdPrefix = prefix, Numbers = numbers, TurnWhenBusy = WhenBusy.Queue };
    }

    [Theory]
    [InlineData("interrupt")]
    [InlineData("overdue")]
    [InlineData("silent")]
    public void FC09_WhateverEndsTheRound_LetsWhatWaitsGo(string end)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.CreateWith("Then.");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.SentNothing();
        switch (end)
        {
            case "interrupt":
                talk.Submit(SessionIntent.CancelTurn(turn));
                break;
            case "overdue":
                talk.Wait(60_000);
                talk.Created("B", talk.Sent().OfType<SessionCommand.CreateResponse>().Single().Token);
                talk.Done("B");
                break;
            case "silent":
                talk.Submit(SessionIntent.ToolOutput("call_1", "noted", isSilent: true));
                break;
        }

        Assert.Equal("Then.", talk.Sent().OfType<SessionCommand.CreateResponse>().Single().Parameters?.Instructions);
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
    public void FC03_AnOutputForAnotherItemsCall_IsRefused()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Call("A", "g", "call_2");
        Assert.Equal("FC-03", talk.Submit(SessionIntent.ToolOutput("call_1", "{}", "g")).Rule);
        Assert.True(talk.Submit(SessionIntent.ToolOutput("call_1", "{}", "f")).IsAccepted);
    }

    [Fact]
    public void FC04_ARefusedOutput_IsToldWithItsItem()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Sends("conversation.item.create", "event_id=$e1", "item.id=$i1");
        talk.Error("invalid_value", talk.Names["$e1"]);
        Assert.Equal(talk.Names["$i1"], Assert.Single(talk.Changes<SessionChange.InputRejected>()).ItemId);
    }
}
