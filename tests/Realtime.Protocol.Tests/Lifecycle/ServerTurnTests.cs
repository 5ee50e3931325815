using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A server that takes the turns: RC-06, RC-15, RC-16, RC-17, CX-04, TD-06 to TD-08, TD-11.</summary>
public class ServerTurnTests
{
    [Fact]
    public void RC06_RequestBetweenTheServersCommitAndItsAnswer_Waits()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.CreateWith("x");
        talk.SentNothing();
        talk.Created("V");
        talk.SentNothing();
        talk.Done("V");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC06_AnswerThatDoesNotCome_IsNotWaitedForLongerThanTwoSeconds()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.CreateWith("x");
        talk.Wait(1_999);
        talk.SentNothing();
        talk.Wait(1);
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC06_EveryCommit_IsWaitedForItsTwoSeconds()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.CreateWith("x");
        talk.Wait(1_500);
        talk.Committed("v");
        talk.Wait(1_999);
        talk.SentNothing();
        talk.Wait(1);
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC06_AnAnswerThatWasInterruptedBeforeItBegan_IsWantedAgain_WhenTheUserGoesOnSpeaking()
    {
        var talk = Conversation.Detecting();
        talk.Answering("A");
        talk.Done("A");
        talk.Create();
        talk.Committed();
        talk.Interrupt();
        talk.Sends("response.create");
        talk.SpeechStarted("v");
        talk.SpeechStopped("v");
        talk.Committed("v");
        talk.Created("V");
        talk.Message("V", "m");
        Assert.False(talk.Audio("V", "m", 4_800).IsDropped);
        talk.SendsNothing();
    }

    [Fact]
    public void RC06_ServerThatDoesNotAnswerByItself_IsNotWaitedFor()
    {
        var talk = Conversation.Manual();
        talk.Updated(turns: ServerTurns.Server(createsResponse: false));
        talk.Committed();
        talk.Create();
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC06_CommitDuringAResponseThatSpeechDoesNotInterrupt_ExpectsNothing()
    {
        var talk = Conversation.Detecting(interrupts: false);
        talk.Created("A");
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.Committed();
        talk.CreateWith("x");
        talk.Done("A");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC06_CommitThatOvertakesTheEndOfTheInterruptedResponse_StillExpectsAnAnswer()
    {
        var talk = Conversation.Detecting();
        talk.Created("A");
        talk.CreateWith("x");
        talk.SpeechStarted();
        talk.Committed();
        talk.Done("A", FactStatus.Cancelled, "turn_detected");
        talk.SentNothing();
        talk.Created("V");
        talk.Done("V");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC15_ResponseThatNobodyAskedFor_IsATurnOfItsOwn()
    {
        var talk = Conversation.Detecting();
        talk.Created("stray");
        talk.Done("stray");
        talk.Committed();
        talk.Created("V");
        talk.Done("V");
        talk.IdleTimeout();
        talk.Committed();
        talk.Created("S");
        talk.Create();
        talk.SentNothing();
        Assert.Equal(
            [TurnOrigin.Unknown, TurnOrigin.ServerTurnDetection, TurnOrigin.ServerIdleTimeout],
            talk.Changes<SessionChange.TurnBegan>().Take(3).Select(began => began.Origin));
        talk.Done("S");
        talk.SentOnly<SessionCommand.CreateResponse>();
        Assert.Equal(3, talk.Changes<SessionChange.TurnEnded>().Count(ended => ended.Outcome is TurnOutcome.Completed));
    }

    [Fact]
    public void RC16_ServersAnswer_ReadsWhatTheWaitingRequestIsAbout_SoThatNothingIsSentTwice()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        int turn = talk.Say().Turn;
        string item = talk.SentOnly<SessionCommand.CreateMessage>().ItemId;
        talk.ItemAdded(item);
        talk.Created("V");
        Assert.Equal((turn, "V", TurnOrigin.ServerTurnDetection), Started(talk));
        talk.Done("V");
        talk.SentNothing();
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void RC16_ItemConfirmedAfterTheAnswerBegan_WasNotRead_SoTheRequestStays()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        int turn = talk.Say().Turn;
        string item = talk.SentOnly<SessionCommand.CreateMessage>().ItemId;
        talk.Created("V");
        talk.ItemAdded(item);
        talk.Done("V");
        talk.SentOnly<SessionCommand.CreateResponse>();
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void RC16_RequestThatStatesSomething_IsNotSatisfiedByTheServersAnswer()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.CreateWith("x");
        talk.Created("V");
        talk.Done("V");
        Assert.Equal("x", talk.SentOnly<SessionCommand.CreateResponse>().Parameters?.Instructions.ToString());
    }

    [Fact]
    public void RC17_WhileTheUserSpeaks_WaitingRequestsStayWhereTheyAre()
    {
        var talk = Conversation.Detecting();
        talk.Created("A");
        int turn = talk.Create().Turn;
        talk.SpeechStarted();
        talk.Done("A", FactStatus.Cancelled, "turn_detected");
        talk.SentNothing();
        talk.SpeechStopped();
        talk.SentNothing();
        talk.Committed();
        talk.SentNothing();
        talk.Created("V");
        talk.Done("V");
        talk.SentNothing();
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void RC17_SpeechThatIsNeverCommitted_HoldsForTwoSecondsOnly()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        talk.Create();
        talk.SpeechStopped();
        talk.Wait(2_000);
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC17_AHoldThatEndsWhileAResponseRuns_EndsOnce()
    {
        var talk = Conversation.Detecting(interrupts: false);
        talk.Created("A");
        talk.SpeechStarted();
        talk.Create();
        talk.SpeechStopped();
        talk.Wait(5_000);
        talk.SentNothing();
        talk.Done("A");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC17_RequestThatStatesSomething_IsNotHeld()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        talk.CreateWith("x");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void CX04_UserSpeech_StopsPlaybackAndTruncates_ButTheCancelIsTheServers()
    {
        var talk = Conversation.Detecting();
        talk.Created("V");
        int turn = Assert.Single(talk.Changes<SessionChange.TurnBegan>()).Turn;
        talk.Message("V", "m");
        talk.Audio("V", "m", 96_000);
        talk.Played("m", 700);
        talk.SpeechStarted();
        Assert.Equal(700, talk.SentOnly<SessionCommand.TruncateItem>().AudioEndMilliseconds);
        Assert.Equal(new SessionChange.PlaybackStopped(turn, InterruptionReason.UserSpeech, new HeardAudio(700 * 48, HeardBasis.Reported)), Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()));
        Assert.True(talk.Audio("V", "m", 48).IsDropped);

        talk.Done("V", FactStatus.Cancelled, "turn_detected");
        talk.SentNothing();
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), talk.Outcome(turn));
    }

    [Fact]
    public void TD08_SpeechThatDoesNotInterrupt_TouchesNothing()
    {
        var talk = Conversation.Detecting(interrupts: false);
        talk.Created("V");
        talk.Message("V", "m");
        talk.Audio("V", "m", 96_000);
        talk.SpeechStarted();
        talk.SentNothing();
        Assert.Empty(talk.Changes<SessionChange.PlaybackStopped>());
        Assert.False(talk.Audio("V", "m", 48).IsDropped);
    }

    [Fact]
    public void TD03_TurnOfTheServer_IsNotOursToEnd()
    {
        var talk = Conversation.Detecting();
        Assert.Equal("TD-03", talk.Speak().Rule);
        talk.SentNothing();
    }

    [Fact]
    public void CX06_InterruptionReportedAsIncomplete_IsAnInterruption()
    {
        var talk = Conversation.Detecting();
        talk.Created("V");
        talk.Done("V", FactStatus.Incomplete, "turn_detected");
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), talk.Changes<SessionChange.TurnEnded>().Single().Outcome);
    }

    private static (int Turn, string Response, TurnOrigin Origin) Started(Conversation talk)
    {
        SessionChange.ResponseStarted started = Assert.Single(talk.Changes<SessionChange.ResponseStarted>());
        return (started.Turn, started.ResponseId, started.Origin);
    }

    [Fact]
    public void TD07_SilentUser_MakesTheServerSpeak_AndRequestsWaitForThat()
    {
        var talk = Conversation.Detecting();
        talk.IdleTimeout();
        talk.Committed();
        talk.CreateWith("x");
        talk.SentNothing();
        talk.Created("S");
        Assert.Equal(TurnOrigin.ServerIdleTimeout, talk.Changes<SessionChange.ResponseStarted>().Single().Origin);
        talk.Done("S");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void TD06_ClearedInput_EndsTheUsersSpeech()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        talk.Create();
        talk.SentNothing();
        talk.Hear("input_audio_buffer.cleared");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC06_ACommitThatIsConfirmedTwice_OwesOneAnswer()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.Committed();
        talk.Created("A");
        talk.Done("A");
        talk.Committed();
        talk.CreateWith("x");
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Theory]
    [InlineData(10_000, false)]
    [InlineData(10_001, true)]
    public void RC06_ACommitOfOursThatNothingAnswered_TakesNoneOfTheServers(int later, bool isLost)
    {
        var talk = Conversation.Manual();
        talk.Speak();
        talk.Created("A", Assert.IsType<SessionCommand.CreateResponse>(talk.Sent()[^1]).Token);
        talk.Done("A");
        talk.Updated(turns: ServerTurns.Server());
        talk.Wait(later);
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.Committed();
        Assert.Equal(isLost, Assert.Single(talk.Changes<SessionChange.InputCommitted>()).ByServer);
        talk.Create();
        Assert.Equal(isLost ? 0 : 1, talk.Sent().Length);
    }

    [Fact]
    public void TD11_SpeechWhoseEndIsLost_IsOver_WhenTheServersAnswerToItIsCompleted()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        talk.Created("A");
        talk.Call("A", "f", "call_1");
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.SentOnly<SessionCommand.CreateToolOutput>();
        talk.Submit(SessionIntent.AudioAppended(4_800)); // the microphone is open all the time
        talk.Done("A");
        talk.SentOnly<SessionCommand.CreateResponse>();
        Assert.Equal("TD-11", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
    }

    [Fact]
    public void TD11_AnAnswerThatIsCompletedInSilence_ShowsNothing()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.Committed();
        talk.Created("A");
        talk.Done("A");
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
    }

    [Fact]
    public void TD11_AnAnswerThatWeAskedFor_ShowsNothing()
    {
        var talk = Conversation.Detecting();
        talk.Create();
        string? token = talk.SentOnly<SessionCommand.CreateResponse>().Token;
        talk.SpeechStarted();
        talk.Created("A", token);
        talk.Done("A");
        talk.Create();
        talk.SentNothing();
        Assert.DoesNotContain(talk.Changes<SessionChange.ViolationTolerated>(), static told => told.Rule == "TD-11");
    }

    [Fact]
    public void TD11_AResponseBesideTheConversation_ShowsNothing()
    {
        var talk = Conversation.Detecting();
        talk.Created("Z"); // says which conversation it is in, so null is known to mean none
        talk.Done("Z");
        talk.SpeechStarted();
        talk.Created("A", outOfBand: true);
        talk.Done("A");
        talk.Create();
        talk.SentNothing();
        Assert.DoesNotContain(talk.Changes<SessionChange.ViolationTolerated>(), static told => told.Rule == "TD-11");
    }

    [Theory]
    [InlineData(true, true, FactStatus.Cancelled)] // the user does speak
    [InlineData(true, false, FactStatus.Completed)] // and did so after the answer began
    [InlineData(false, true, FactStatus.Completed)] // and interrupts nothing
    public void TD11_SpeechGoesOn_WhenTheAnswerProvesNothing(bool interrupts, bool isBefore, FactStatus status)
    {
        var talk = Conversation.Detecting(interrupts: interrupts);
        if (isBefore)
        {
            talk.SpeechStarted();
        }

        talk.Created("A");
        if (!isBefore)
        {
            talk.SpeechStarted();
        }

        talk.Done("A", status);
        talk.Create();
        talk.SentNothing();
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
    }
}
