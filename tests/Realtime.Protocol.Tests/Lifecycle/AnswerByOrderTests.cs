using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>
/// A response without a token began while our request was open, and was taken for its answer, for nothing better was known. Then the server shows that it was not (RC-03, RC-05): the request
/// keeps its turn and its answer, and the response is the server's own.
/// </summary>
public class AnswerByOrderTests
{
    [Theory]
    [InlineData(true, "R", true)]
    [InlineData(true, null, true)]
    [InlineData(false, "R", true)]
    [InlineData(false, null, true)]
    [InlineData(true, "R", false)] // a service that is known to repeat no metadata
    public void RC03_RefusalForTheResponse_GivesItBack_AndTheRequestIsSentAgain(bool namesEvent, string? named, bool sendsToken)
    {
        var talk = Conversation.Manual(Conversation.Settings(echoesMetadata: sendsToken));
        (int turn, SessionCommand.CreateResponse first) = Taken(talk);
        talk.BusyError(namesEvent ? first.EventId : null, named);
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.Equal(new SessionChange.ResponseTakenBack(turn, "R"), Assert.Single(talk.Changes<SessionChange.ResponseTakenBack>()));
        SessionChange.TurnBegan servers = talk.Changes<SessionChange.TurnBegan>()[^1];
        Assert.Equal((true, TurnOrigin.Unknown), (servers.Turn != turn, servers.Origin));
        Assert.Equal((servers.Turn, "R", TurnOrigin.Unknown), talk.Changes<SessionChange.ResponseStarted>()[^1] is var started ? (started.Turn, started.ResponseId, started.Origin) : default);
        Assert.Equal(new Reception(servers.Turn, IsDropped: false), talk.Audio("R", "m", 4_800));
        talk.SentNothing();

        talk.Done("R");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(servers.Turn));
        Assert.True(talk.IsOpen(turn));
        SessionCommand.CreateResponse again = talk.SentOnly<SessionCommand.CreateResponse>();
        Assert.NotEqual(first.EventId, again.EventId);
        Assert.Equal("x", again.Parameters?.Instructions.ToString());
        talk.Created("B", again.Token);
        Assert.Equal(new Reception(turn, IsDropped: false), talk.Audio("B", "mb", 4_800));
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.SentNothing();
    }

    [Fact]
    public void RC03_ResponseThatHasSpokenInTheTurn_StaysInIt_AndTheAnswerFollows()
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse first) = Taken(talk);
        talk.Message("R", "m");
        talk.Audio("R", "m", 4_800);
        talk.BusyError(first.EventId, "R");
        Assert.Equal(new Reception(turn, IsDropped: false), talk.Audio("R", "m", 4_800)); // a stream is not cut in two
        Assert.Single(talk.Changes<SessionChange.TurnBegan>());
        talk.Done("R");
        Assert.True(talk.IsOpen(turn));
        talk.Created("B", talk.SentOnly<SessionCommand.CreateResponse>().Token);
        Assert.Equal(new Reception(turn, IsDropped: false), talk.Audio("B", "mb", 4_800));
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Theory]
    [InlineData(FactStatus.Failed)]
    [InlineData(FactStatus.Incomplete)]
    [InlineData(FactStatus.Cancelled)]
    public void RC03_EndOfAnotherResponse_IsNotTheEndOfATurnWhoseRequestWaits(FactStatus status)
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse first) = Taken(talk);
        talk.Message("R", "m");
        talk.BusyError(first.EventId, "R");
        talk.Done("R", status);
        Assert.True(talk.IsOpen(turn));
        talk.Created("B", talk.SentOnly<SessionCommand.CreateResponse>().Token);
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the call is completed after the refusal
    public void FC04_CallsOfAResponseThatStaysInTheTurn_AreAnsweredBeforeTheRequestIsSentAgain(bool isLater)
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse first) = Taken(talk);
        if (isLater)
        {
            talk.Message("R", "m");
            talk.BusyError(first.EventId, "R");
            talk.Call("R", "f", "call_1");
        }
        else
        {
            talk.Call("R", "f", "call_1");
            talk.BusyError(first.EventId, "R");
        }

        talk.Done("R");
        talk.SentNothing();
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Sends("conversation.item.create", "item.call_id=call_1");
        talk.Sends("response.create", "response.instructions=x");
        talk.SendsNothing();
        Assert.True(talk.IsOpen(turn));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the other one has spoken in our turn
    public void RC03_SecondResponseWithOurToken_TakesTheRequest(bool hasSpoken)
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse create) = Taken(talk);
        if (hasSpoken)
        {
            talk.Audio("R", "m", 4_800);
        }

        talk.Created("B", create.Token);
        Assert.Equal(new Reception(turn, IsDropped: false), talk.Audio("B", "mb", 4_800));
        Assert.True(talk.Audio("R", "m", 4_800).IsDropped); // one at a time: its end was lost
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        Assert.Equal(hasSpoken ? 0 : 1, talk.Changes<SessionChange.ResponseTakenBack>().Length);
        Assert.Equal(hasSpoken ? 1 : 2, talk.Changes<SessionChange.TurnEnded>().Length);
        talk.SentNothing();

        int next = talk.Create().Turn; // and the server is known to repeat metadata
        talk.Sent();
        talk.Created("X");
        Assert.NotEqual(next, talk.Changes<SessionChange.ResponseStarted>()[^1].Turn);
    }

    [Fact]
    public void RC03_WhatWasConcludedFromTheMistake_IsForgotten()
    {
        var talk = Conversation.Detecting();
        (int turn, SessionCommand.CreateResponse first) = Taken(talk);
        talk.BusyError(first.EventId, "R");
        talk.Done("R");
        talk.Sent();
        talk.Created("B"); // again by order, and told again
        Assert.Equal((turn, "B"), talk.Changes<SessionChange.ResponseStarted>()[^1] is var started ? (started.Turn, started.ResponseId) : default);
        Assert.Equal(2, talk.Changes<SessionChange.ViolationTolerated>().Count(static told => told.Rule == "RC-03"));
    }

    [Fact]
    public void RC05_RequestThatIsTakenBack_IsTheFirstToBeSent()
    {
        var talk = Conversation.Manual();
        (int _, SessionCommand.CreateResponse first) = Taken(talk);
        talk.CreateWith("y");
        talk.BusyError(first.EventId, "R");
        talk.Done("R");
        Assert.Equal("x", talk.SentOnly<SessionCommand.CreateResponse>().Parameters?.Instructions.ToString());
    }

    [Fact]
    public void RC05_FourthRefusal_IsFinal_AlsoWhenEachTimeAnotherResponseWasTakenForTheAnswer()
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse create) = Taken(talk);
        for (int attempt = 0; attempt < 3; attempt++)
        {
            talk.BusyError(create.EventId, null);
            talk.Done(attempt == 0 ? "R" : $"R{attempt}");
            Assert.True(talk.IsOpen(turn));
            create = talk.SentOnly<SessionCommand.CreateResponse>();
            talk.Created($"R{attempt + 1}");
        }

        talk.BusyError(create.EventId, "R3");
        Assert.Equal(Conversation.Busy, Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn)).Error.Code);
        Assert.False(talk.Audio("R3", "m", 4_800).IsDropped); // the server's own goes on
        talk.Done("R3");
        talk.SentNothing();
    }

    [Fact]
    public void RC05_RefusalThatNamesAThirdResponse_GivesThatOneThePlace()
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse first) = Taken(talk);
        talk.BusyError(first.EventId, "X");
        talk.SentNothing();
        Assert.True(talk.IsOpen(turn));
        talk.Done("X");
        talk.Created("B", talk.SentOnly<SessionCommand.CreateResponse>().Token);
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void RC04_RequestThatIsRefusedForItself_EndsItsTurn_AndTheResponseIsTheServersOwn()
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse create) = Taken(talk);
        talk.Error("invalid_value", create.EventId, "no", "response.instructions");
        Assert.Equal("invalid_value", Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn)).Error.Code);
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.NotEqual(turn, talk.Audio("R", "m", 4_800).Turn);
        talk.Done("R");
        Assert.IsType<TurnOutcome.Completed>(talk.Changes<SessionChange.TurnEnded>()[^1].Outcome);
        talk.SentNothing();
    }

    [Fact]
    public void RC04_RequestThatIsRefusedForItself_AfterTheResponseSpokeInItsTurn_IsToldAndTheTurnEndsWithThat()
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse create) = Taken(talk);
        talk.Audio("R", "m", 4_800);
        talk.Error("invalid_value", create.EventId, "no", "response.instructions");
        Assert.Equal((turn, "invalid_value"), Assert.Single(talk.Changes<SessionChange.InputRejected>()) is var rejected ? (rejected.Turn, rejected.Error.Code) : default);
        talk.Done("R");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.SentNothing();
    }

    [Fact]
    public void RC25_TextThatIsRefusedWhileAnotherResponseRuns_LeavesNothingToSendAgain()
    {
        var talk = Conversation.Manual();
        int turn = talk.Say().Turn;
        SessionCommand[] sent = talk.Sent();
        talk.Created("R");
        talk.BusyError(sent[1].EventId, "R");
        talk.Error("invalid_value", sent[0].EventId);
        Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn));
        talk.Done("R");
        talk.SentNothing();
    }

    [Fact]
    public void RC25_TextThatWasRefusedBefore_LeavesNothingToSendAgain()
    {
        var talk = Conversation.Manual();
        int turn = talk.Say().Turn;
        SessionCommand[] sent = talk.Sent();
        talk.Created("R");
        talk.Error("invalid_value", sent[0].EventId);
        talk.BusyError(sent[1].EventId, "R");
        Assert.Equal("invalid_value", Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn)).Error.Code);
        talk.Done("R");
        talk.SentNothing();
    }

    [Fact]
    public void RC03_TurnThatIsGivenUpBeforeTheRefusal_StaysSo()
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse first) = Taken(talk);
        talk.Interrupt();
        talk.Sends("response.cancel", "response_id=R");
        talk.BusyError(first.EventId, "R");
        talk.Done("R", FactStatus.Cancelled, "client_cancelled");
        talk.SentNothing();
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.Application), talk.Outcome(turn));
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void RC09_SecondResponseWithTheTokenOfATurnThatWasGivenUp_IsCancelledUnheard()
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse first) = Taken(talk);
        talk.Interrupt();
        talk.Done("R", FactStatus.Cancelled, "client_cancelled");
        talk.Sent();
        talk.Created("B", first.Token);
        talk.Sends("response.cancel", "response_id=B");
        Assert.True(talk.Audio("B", "m", 4_800).IsDropped);
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.TurnBegan>()).Turn);
    }

    [Fact]
    public void RC03_TurnThatIsGivenUpAfterTheRefusal_IsWithdrawn()
    {
        var talk = Conversation.Manual();
        (int turn, SessionCommand.CreateResponse first) = Taken(talk);
        talk.BusyError(first.EventId, "R");
        talk.Submit(SessionIntent.CancelTurn(turn));
        Assert.IsType<TurnOutcome.Withdrawn>(talk.Outcome(turn));
        Assert.False(talk.Audio("R", "m", 4_800).IsDropped);
        talk.Done("R");
        talk.SentNothing();
    }

    [Fact]
    public void CX04_TheUsersSpeech_EndsTheTurnInWhichTheOtherResponseSpeaks()
    {
        var talk = Conversation.Detecting();
        (int turn, SessionCommand.CreateResponse first) = Taken(talk);
        talk.Audio("R", "m", 4_800);
        talk.BusyError(first.EventId, "R");
        talk.SpeechStarted();
        talk.Done("R", FactStatus.Cancelled, "turn_detected");
        talk.Wait(20_000);
        talk.SentNothing();
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), talk.Outcome(turn));
    }

    [Fact]
    public void RC06_AnAnswerThatTheServerOwed_IsKnownForThat_WhenItIsGivenBack()
    {
        var talk = Conversation.Detecting();
        int turn = talk.Create().Turn; // automatic: as well served by either response, but for a refusal
        SessionCommand.CreateResponse create = talk.SentOnly<SessionCommand.CreateResponse>();
        talk.Committed();
        talk.Created("V");
        talk.BusyError(create.EventId, "V");
        Assert.Equal(TurnOrigin.ServerTurnDetection, talk.Changes<SessionChange.TurnBegan>()[^1].Origin);
        talk.Done("V");
        talk.Created("B", talk.SentOnly<SessionCommand.CreateResponse>().Token);
        Assert.Equal(turn, talk.Changes<SessionChange.ResponseStarted>()[^1].Turn);
    }

    [Fact]
    public void FC04_ToolRound_IsAskedForAgain_AndItsTurnHasStartedBefore()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        SessionCommand create = talk.Sent()[^1];
        talk.Created("X", "token_other_1"); // ends, and the next one comes without a token
        talk.Done("X");
        talk.Hear("response.output_item.added", "response_id=R", "item.id=m"); // announced by nothing but its output
        talk.BusyError(create.EventId, "R");
        Assert.True(talk.IsOpen(turn));
        talk.Done("R");
        talk.Created("B", talk.SentOnly<SessionCommand.CreateResponse>().Token);
        talk.Interrupt();
        talk.Done("B", FactStatus.Cancelled, "client_cancelled");
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(turn));
    }

    [Fact]
    public void RC03_AnnouncementThatRepeatsTheToken_ProvesTheAnswer_AndALaterRefusalIsAboutSomethingElse()
    {
        var talk = Conversation.Manual();
        int turn = talk.CreateWith("x").Turn;
        SessionCommand.CreateResponse create = talk.SentOnly<SessionCommand.CreateResponse>();
        talk.Hear("response.output_item.added", "response_id=A", "item.id=m");
        talk.Created("A", create.Token);
        talk.BusyError(null, "A");
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
        talk.Done("A");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.SentNothing();
    }

    /// <summary>A request that states something, and a response without a token that was taken for its answer.</summary>
    private static (int Turn, SessionCommand.CreateResponse Create) Taken(Conversation talk)
    {
        int turn = talk.CreateWith("x").Turn;
        SessionCommand.CreateResponse create = talk.SentOnly<SessionCommand.CreateResponse>();
        talk.Created("R");
        Assert.Equal((turn, "R"), Assert.Single(talk.Changes<SessionChange.ResponseStarted>()) is var started ? (started.Turn, started.ResponseId) : default);
        return (turn, create);
    }
}
