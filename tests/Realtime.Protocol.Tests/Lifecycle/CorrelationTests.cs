using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Whose response it is, whose error it is, and what a refused request does next: RC-03, RC-04, RC-05.</summary>
public class CorrelationTests
{
    [Fact]
    public void RC03_ServersOwnResponse_IsNotTakenForOurs_AndOurRequestIsSentAgain()
    {
        var talk = Conversation.Detecting();
        talk.Answering("before"); // it repeats the token, so a response without one is not ours
        talk.Done("before");
        int turn = talk.Create().Turn;
        SessionCommand.CreateResponse first = talk.SentOnly<SessionCommand.CreateResponse>();

        talk.Created("V");
        Assert.DoesNotContain(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn);
        talk.BusyError(first.EventId, "V");
        talk.SentNothing();

        talk.Done("V");
        SessionCommand.CreateResponse again = talk.SentOnly<SessionCommand.CreateResponse>();
        Assert.NotEqual(first.EventId, again.EventId);
        Assert.NotEqual(first.Token, again.Token);
        talk.Created("B", again.Token);
        Assert.Contains(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn && started.ResponseId == "B");
    }

    [Fact]
    public void RC03_OfAServiceThatIsKnownToRepeatMetadata_AlreadyTheFirstResponseIsMatchedByToken()
    {
        var talk = Conversation.Manual(new() { IdPrefix = "test", Capabilities = new() { EchoesMetadata = Knowledge.Yes, StatesConversation = Knowledge.Yes } });
        int turn = talk.Create().Turn;
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.Created("X"); // another writer's
        talk.Done("X");
        talk.Created("O", outOfBand: true);
        talk.Created("A", talk.Names["$t1"]);
        Assert.Equal("A", Assert.Single(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn).ResponseId);
        Assert.DoesNotContain(talk.Changes<SessionChange.ResponseStarted>(), static started => started.ResponseId == "O");
    }

    [Fact]
    public void RC03_TokenOfAnotherSession_IsNotOurs()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        string? token = talk.SentOnly<SessionCommand.CreateResponse>().Token;
        talk.Created("X", "token_other_1");
        Assert.NotEqual(turn, Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn);
        talk.Done("X");
        talk.SentNothing(); // ours is still on the wire
        talk.Created("A", token);
        talk.Done("A");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void RC03_ServerThatNeverRepeatsMetadata_IsMatchedByOrder_WhereItTakesNoTurns()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Created("A");
        talk.Done("A");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        Assert.Equal("RC-03", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
        talk.Sent();

        talk.Create();
        Assert.NotNull(talk.SentOnly<SessionCommand.CreateResponse>().Token); // a server that begins to repeat it is believed from then on
        talk.Created("B");
        Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()); // told once
    }

    [Fact]
    public void RC03_ResponseOutsideTheConversation_IsNotOurs()
    {
        var talk = Conversation.Manual();
        talk.Answering("before"); // it states its conversation
        talk.Done("before");
        talk.ForgetChanges();
        int turn = talk.Create().Turn;
        string? token = talk.SentOnly<SessionCommand.CreateResponse>().Token;
        talk.Created("B", outOfBand: true);
        talk.Done("B");
        Assert.Empty(talk.Changes<SessionChange.ResponseStarted>());
        talk.Created("A", token);
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn);
    }

    [Fact]
    public void RC03_SixteenPairsOfMetadata_LeaveNoRoomForAToken_SoOrderDecides()
    {
        var talk = Conversation.Manual();
        var request = new ResponseParameters { Metadata = [.. Enumerable.Range(0, 16).Select(i => KeyValuePair.Create($"k{i}", "v"))] };
        int turn = talk.Create(request).Turn;
        Assert.Null(talk.SentOnly<SessionCommand.CreateResponse>().Token);
        talk.Created("A");
        Assert.Equal("A", Assert.Single(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn).ResponseId);
    }

    [Fact]
    public void RC03_ARequestThatHasNoToken_IsAnsweredByOrder_AlsoByAServerThatRepeatsThem()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Done("A");
        var request = new ResponseParameters { Metadata = [.. Enumerable.Range(0, 16).Select(i => KeyValuePair.Create($"k{i}", "v"))] };
        int turn = talk.Create(request).Turn;
        talk.Created("B");
        Assert.Equal("B", Assert.Single(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn).ResponseId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // its commit is still to come
    public void RC03_WhileTheUserSpeaksToAServerThatAnswers_OrderDecidesNothing(bool hasStopped)
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        if (hasStopped)
        {
            talk.SpeechStopped();
        }

        int turn = talk.CreateWith("x").Turn;
        string eventId = talk.SentOnly<SessionCommand.CreateResponse>().EventId;
        talk.Created("V");
        talk.BusyError(eventId, "V");
        talk.SentNothing();
        talk.Done("V");
        talk.SentOnly<SessionCommand.CreateResponse>();
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void RC03_WhileTheUserSpeaksToAServerThatOnlyListens_OrderDecides()
    {
        var talk = Conversation.Manual();
        talk.Updated(turns: ServerTurns.Server(createsResponse: false));
        talk.SpeechStarted();
        int turn = talk.CreateWith("x").Turn;
        talk.Created("A");
        Assert.Equal("A", Assert.Single(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn).ResponseId);
    }

    [Fact]
    public void RC03_WithoutToken_WhileTheServerOwesAnAnswer_ARefusalDecides()
    {
        var talk = Conversation.Detecting(Conversation.Settings(echoesMetadata: false));
        int turn = talk.CreateWith("x").Turn;
        SessionCommand.CreateResponse create = talk.SentOnly<SessionCommand.CreateResponse>();
        talk.Committed();
        talk.Created("V");
        talk.BusyError(create.EventId, "V");
        talk.Done("V");
        talk.Created("B");
        Assert.Equal("B", Assert.Single(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn).ResponseId);
    }

    [Fact]
    public void RC03_WithoutToken_WhileTheServerOwesAnAnswer_NoRefusalMeansItWasOurs()
    {
        var talk = Conversation.Detecting(Conversation.Settings(echoesMetadata: false));
        int turn = talk.CreateWith("x").Turn;
        talk.Sent();
        talk.Committed();
        talk.Created("V");
        talk.Done("V");
        int answering = Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn;
        Assert.Equal(new TurnOutcome.Merged(answering), talk.Outcome(turn));
        talk.Create();
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC04_Rejection_EndsItsOwnTurn_AndTheNextRequestProceeds()
    {
        var talk = Conversation.Manual();
        int rejected = talk.CreateWith("bad").Turn;
        int next = talk.CreateWith("good").Turn;
        talk.Error("invalid_value", talk.SentOnly<SessionCommand.CreateResponse>().EventId, "no", "response.instructions");

        ServerError error = Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(rejected)).Error;
        Assert.Equal(("invalid_value", "response.instructions"), (error.Code, error.Parameter));
        Assert.Equal("good", talk.SentOnly<SessionCommand.CreateResponse>().Parameters?.Instructions.ToString());
        Assert.True(talk.IsOpen(next));
    }

    [Theory]
    [InlineData("event_of_someone_else")]
    [InlineData(null)]
    public void RC04_UnrelatedError_ReleasesNothing(string? eventId)
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Sent();
        talk.Create();
        talk.Error("server_error", eventId);
        talk.SentNothing();
        Assert.True(talk.IsOpen(turn));
        Assert.Equal(ErrorSeverity.Recoverable, Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Severity);
    }

    [Fact]
    public void RC04_BusyErrorWithoutEventId_IsAboutTheOneRequestOnTheWire()
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.Sent();
        talk.BusyError(null, "X");
        talk.SentNothing();
        talk.Done("X");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC05_ResponseInTheWayHasEndedAlready_RequestIsSentAgainAtOnce()
    {
        var talk = Conversation.Manual();
        talk.Done("X");
        talk.Create();
        SessionCommand.CreateResponse create = talk.SentOnly<SessionCommand.CreateResponse>();
        talk.BusyError(create.EventId, "X");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC05_ResponseInTheWayRuns_RequestWaitsForItAndKeepsItsPlace()
    {
        var talk = Conversation.Manual();
        talk.CreateWith("first");
        talk.CreateWith("second");
        talk.BusyError(talk.SentOnly<SessionCommand.CreateResponse>().EventId, "X");
        talk.SentNothing();
        talk.Created("X"); // announced after the error named it
        talk.Done("X");
        Assert.Equal("first", talk.SentOnly<SessionCommand.CreateResponse>().Parameters?.Instructions.ToString());
    }

    [Fact]
    public void RC05_ServerThatDoesNotNameTheResponse_IsAskedAgainLater()
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.BusyError(talk.SentOnly<SessionCommand.CreateResponse>().EventId, null);
        talk.Wait(1_999);
        talk.SentNothing();
        talk.Wait(1);
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC05_FourthRefusal_IsFinal()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Done("X");
        for (int attempt = 0; attempt < 3; attempt++)
        {
            talk.BusyError(talk.SentOnly<SessionCommand.CreateResponse>().EventId, "X");
            Assert.True(talk.IsOpen(turn));
        }

        talk.BusyError(talk.SentOnly<SessionCommand.CreateResponse>().EventId, "X");
        Assert.Equal(Conversation.Busy, Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn)).Error.Code);
        talk.SentNothing();
    }

    [Fact]
    public void RC19_MetadataThatDoesNotFit_IsRefusedHere()
    {
        var talk = Conversation.Manual();
        IReadOnlyList<KeyValuePair<string, string>>[] unfit =
        [
            [.. Enumerable.Range(0, 17).Select(i => KeyValuePair.Create($"k{i}", "v"))],
            [new(new string('k', 65), "v")],
            [new("k", new string('v', 513))],
            [new(ResponseToken.MetadataKey, "mine")],
        ];
        foreach (IReadOnlyList<KeyValuePair<string, string>> metadata in unfit)
        {
            SubmitResult result = talk.Create(new ResponseParameters { Metadata = [.. metadata] });
            Assert.Equal((SubmitVerdict.Refused, "RC-19"), (result.Verdict, result.Rule));
        }

        talk.SentNothing();
        Assert.Empty(talk.Changes<SessionChange.TurnBegan>());
        Assert.True(talk.Create(new ResponseParameters { Metadata = [new(new string('k', 64), new string('v', 512))] }).IsAccepted);
    }

    [Fact]
    public void RC20_AResponseInTwoModalities_IsRefusedHere()
    {
        var talk = Conversation.Manual();
        SubmitResult result = talk.Create(new ResponseParameters { OutputModalities = [Modality.Audio, Modality.Text] });
        Assert.Equal((SubmitVerdict.Refused, "RC-20"), (result.Verdict, result.Rule));
        talk.SentNothing();
        Assert.Empty(talk.Changes<SessionChange.TurnBegan>());
        Assert.True(talk.Create(new ResponseParameters { OutputModalities = [Modality.Text] }).IsAccepted);
    }

    [Fact]
    public void RC03_ARequestWithoutRoomForAToken_TeachesNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create(Full()).Turn;
        talk.Created("A");
        Assert.Contains(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn);
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
    }

    [Fact]
    public void RC03_ARequestWithoutRoomForAToken_IsAnsweredByOrder_AlsoByAServerThatRepeatsThem()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Done("A");
        int turn = talk.Create(Full()).Turn;
        talk.Created("B");
        Assert.Contains(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn);
    }

    [Fact]
    public void RC03_AnItemRepeatsNoToken_SoItTeachesNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Message("B", "m");
        Assert.Contains(talk.Changes<SessionChange.ResponseStarted>(), started => started.Turn == turn);
        Assert.DoesNotContain(talk.Changes<SessionChange.ViolationTolerated>(), static told => told.Rule == "RC-03");
    }

    private static ResponseParameters Full() => new() { Metadata = [.. Enumerable.Range(0, 16).Select(static i => new KeyValuePair<string, string>($"k{i}", "v"))] };
}
