using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What becomes of the place when the server leaves things out: unannounced responses, unended speech, refused cancels. RC-26, TD-10, and the edges of RC-03, RC-05, RC-06, RC-11.</summary>
public class PlaceTests
{
    // ---- responses that nobody announced ----

    [Theory]
    [InlineData("response.output_item.added", "item.id=m")]
    [InlineData("response.output_audio.delta", "item_id=m")]
    [InlineData("response.output_audio.done", "item_id=m")]
    [InlineData("response.output_text.delta", "item_id=m")]
    [InlineData("response.output_audio_transcript.delta", "item_id=m")]
    [InlineData("response.content_part.added", "item_id=m")]
    [InlineData("response.function_call_arguments.delta", "item_id=m")]
    [InlineData("response.output_item.done", "item.id=m")]
    public void RC26_FirstSignOfAnUnannouncedResponse_AnswersOurRequest(string sign, string item)
    {
        var talk = Conversation.Manual();
        int turn = talk.CreateWith("x").Turn;
        talk.Sent();
        talk.Hear(sign, "response_id=R", item);
        Assert.Equal((turn, "R"), Started(talk));
        talk.Create();
        talk.SendsNothing();
        talk.Done("R");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.Sends("response.create");
    }

    [Fact]
    public void RC05_ARequestThatCountsAsRefused_IsNotToldAsFailed_WhenItsOwnRefusalComes()
    {
        var talk = Conversation.Manual();
        talk.Create();
        string first = talk.SentOnly<SessionCommand.CreateResponse>().EventId;
        talk.BusyError(null, "R");
        talk.BusyError(first, "R");
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
        talk.SendsNothing();

        talk.Done("R");
        Assert.NotEqual(first, talk.SentOnly<SessionCommand.CreateResponse>().EventId);
    }

    [Fact]
    public void RC26_UnannouncedAnswerOfTheServers_IsHeard()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.Message("V", "m");
        int turn = Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn;
        Assert.Equal(TurnOrigin.ServerTurnDetection, Assert.Single(talk.Changes<SessionChange.TurnBegan>()).Origin);
        Assert.Equal(new Reception(turn, IsDropped: false), talk.Audio("V", "m", 4_800));
    }

    [Fact]
    public void RC26_AnnouncementThatComesAfterTheFirstItem_BeginsNothingAgain()
    {
        var talk = Conversation.Manual();
        int turn = talk.CreateWith("x").Turn;
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.Message("R", "m");
        talk.Created("R", talk.Names["$t1"]);
        talk.Done("R");
        Assert.Equal((turn, "R"), Started(talk));
        Assert.Single(talk.Changes<SessionChange.TurnEnded>());
    }

    [Fact]
    public void RC26_ResponseThatEnded_DoesNotBeginAgain()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Done("A");
        talk.ForgetChanges();
        int turn = talk.Create().Turn;
        talk.Sent();
        talk.Audio("A", "m", 4_800);
        talk.Created("A");
        talk.Done("A");
        Assert.Empty(talk.Changes<SessionChange.ResponseStarted>());
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void RC26_StrangerBesideARunningResponse_TakesNothingFromIt()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("B", "m");
        Assert.True(talk.IsOpen(turn));
        talk.Done("B");
        talk.Create();
        talk.SendsNothing();
        talk.Done("A");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.Sends("response.create");
    }

    [Fact]
    public void RC26_StrangerThatWaitedForTheRunningResponse_BeginsAfterItsEnd()
    {
        var talk = Conversation.Detecting();
        talk.Answering("A");
        talk.Message("B", "m");
        talk.Done("A");
        Assert.False(talk.Audio("B", "m", 4_800).IsDropped);
        Assert.Contains(talk.Changes<SessionChange.ResponseStarted>(), started => started.ResponseId == "B");
    }

    [Fact]
    public void RC26_AnnouncementWhoseTokenComesLate_StillTellsWhoseItIs()
    {
        var talk = Conversation.Detecting();
        int turn = talk.CreateWith("x").Turn;
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.Committed(); // so the item that follows could be the server's own
        talk.Message("R", "m");
        int server = Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn;
        Assert.NotEqual(turn, server);
        talk.Created("R", talk.Names["$t1"]);
        Assert.Equal(new TurnOutcome.Merged(server), talk.Outcome(turn));
        talk.Done("R");
        talk.Create();
        talk.Sends("response.create");
    }

    [Fact]
    public void RC26_DoneThatRepeatsOurToken_EndsOurRequest_ThoughNothingElseWasSeen()
    {
        var talk = Conversation.Manual();
        int turn = talk.CreateWith("x").Turn;
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.Hear("response.done", "response.id=R", "response.status=failed", $"{Frame.Token}=$t1");
        Assert.IsType<TurnOutcome.Failed>(talk.Outcome(turn));
        talk.Create();
        talk.Sends("response.create");
    }

    [Fact]
    public void RC26_DoneThatRepeatsOurToken_BesideAnotherResponse_LeavesThatOneItsPlace()
    {
        var talk = Conversation.Manual();
        int turn = talk.CreateWith("x").Turn;
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.Created("other", token: "of somebody else");
        talk.Hear("response.done", "response.id=R", "response.status=completed", $"{Frame.Token}=$t1");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.Create();
        talk.SendsNothing();
        talk.Done("other");
        talk.Sends("response.create");
    }

    // ---- speech that nobody ends ----

    [Fact]
    public void TD10_SpeechWithoutASignOfLife_CountsAsOverAfterTenSeconds()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        talk.Create();
        talk.Wait(9_999);
        talk.SendsNothing();
        talk.Wait(1);
        talk.Sends("response.create");
        Assert.Equal("TD-10", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
    }

    [Fact]
    public void TD10_MicrophoneThatStillSends_IsASignOfLife()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        talk.Create();
        for (int second = 0; second < 30; second++)
        {
            talk.Wait(1_000);
            talk.Submit(SessionIntent.AudioAppended(48_000));
        }

        talk.SendsNothing();
        talk.Wait(10_000);
        talk.Sends("response.create");
    }

    // ---- answers that are owed ----

    [Fact]
    public void B18_TheUsersNextWords_AreAnsweredAgain()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.Interrupt();
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.Committed();
        talk.Created("V");
        talk.SendsNothing();
        Assert.Equal("V", Started(talk).Response);
    }

    [Fact]
    public void B18_InterruptionWhileAnotherResponseRuns_SilencesTheOwedAnswerAsWell()
    {
        var talk = Conversation.Detecting();
        talk.Answering("A");
        talk.Committed();
        talk.Interrupt();
        talk.Sends("response.cancel", "response_id=A");
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        talk.Created("V");
        talk.Sends("response.cancel", "response_id=V");
        Assert.Equal("A", Started(talk).Response);
    }

    [Fact]
    public void B18_InterruptionAfterAnIdleTimeout_SilencesWhatTheServerWasAboutToSay()
    {
        var talk = Conversation.Detecting();
        talk.IdleTimeout();
        talk.Interrupt();
        talk.Committed();
        talk.Created("S");
        talk.Sends("response.cancel", "response_id=S");
    }

    // ---- cancels that are refused, or answered without an id ----

    [Fact]
    public void F06_RefusedCancel_IsSentOnceMore_WhenTheResponseFallsSilent_AndThenThePlaceIsFreed()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Interrupt();
        talk.Sends("response.cancel", "event_id=$c1");
        talk.Error("unknown_event", talk.Names["$c1"]);
        talk.Create();
        talk.Wait(29_999);
        talk.SendsNothing();
        talk.Wait(1);
        talk.Sends("response.cancel", "response_id=A", "event_id=$c2");
        talk.Error("unknown_event", talk.Names["$c2"]);
        talk.Wait(29_999);
        talk.SendsNothing();
        talk.Wait(1);
        talk.Sends("response.create");
        Assert.Empty(talk.Changes<SessionChange.ConnectionUnresponsive>());
        Assert.Equal("RC-11", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
    }

    [Fact]
    public void RC11_UnansweredCancel_OfAServerThatStillTalks_FreesThePlace()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Wait(1);
        talk.HearRaw("""{"type":"ping"}""");
        talk.Create();
        talk.Wait(4_998);
        talk.SendsNothing();
        talk.Wait(1);
        talk.Sends("response.create");
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.Application), talk.Outcome(turn));
        Assert.True(talk.Audio("A", "m", 4_800).IsDropped);
    }

    [Fact]
    public void RC11_UnansweredProbe_OfAServerThatStillTalks_FreesThePlace_AndALateAnswerIsUnheard()
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.Wait(30_000);
        talk.Sends("response.cancel", "-response_id");
        talk.Wait(1);
        talk.HearRaw("this is no JSON");
        talk.Wait(5_000);
        talk.Created("late", talk.Names["$t1"]);
        talk.Sends("response.cancel", "response_id=late");
        Assert.Empty(talk.Changes<SessionChange.ConnectionUnresponsive>());
        Assert.Empty(talk.Changes<SessionChange.ResponseStarted>());
    }

    [Fact]
    public void RC11_ResponseThatTheUsersSpeechShouldHaveEnded_IsCancelledByName_WhenItFallsSilent()
    {
        var talk = Conversation.Detecting();
        talk.Answering("A");
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.SendsNothing();
        talk.Wait(30_000);
        talk.Sends("response.cancel", "response_id=A");
        talk.Done("A", FactStatus.Cancelled);
        talk.Create();
        talk.Sends("response.create");
    }

    [Fact]
    public void B6_AnswerWithoutAnId_BelongsToTheOldestCancelThatNothingAnswered()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Interrupt();
        talk.Sends("response.cancel", "response_id=A");
        talk.Done("A"); // it had ended by itself, so the cancel's own answer is still to come
        talk.Answering("B");
        talk.Interrupt();
        talk.Sends("response.cancel", "response_id=B");
        talk.Error("response_cancel_not_active");
        talk.Create();
        talk.SendsNothing();
        talk.Done("B", FactStatus.Cancelled);
        talk.Sends("response.create");
    }

    [Theory]
    [InlineData("response_cancel_not_active", "No.")]
    [InlineData(null, "Cancellation failed: no active response found")]
    public void B6_AnswerToNoCancel_IsNoError(string? code, string message)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Error(code, message: message);
        Assert.True(talk.IsOpen(turn));
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.Single(talk.Changes<SessionChange.ErrorIgnored>());
    }

    // ---- the end of the session ----

    [Fact]
    public void B20_ExpiredSession_EndsEverythingOnce_AndTakesNothingMore()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        int added = talk.Submit(SessionIntent.AddText(ItemRole.User, "x")).Operation;
        talk.Sent();
        talk.Error("session_expired");
        Assert.Equal(RealtimeCloseKind.Expired, Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(turn)).Reason.Kind);
        Assert.Equal(added, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        Assert.Single(talk.Changes<SessionChange.SessionExpired>());
        talk.ForgetChanges();
        talk.Done("A");
        talk.Committed();
        talk.Wait(60_000);
        Assert.False(talk.Say().IsAccepted);
        talk.SendsNothing();
        Assert.Empty(talk.Changes<SessionChange>());
    }

    [Fact]
    public void SE09_AfterTheConnection_NothingThatWasHeardCounts()
    {
        var talk = Conversation.Detecting();
        talk.Close();
        talk.ForgetChanges();
        talk.Committed();
        talk.Created("V");
        talk.Wait(60_000);
        Assert.Empty(talk.Changes<SessionChange>());
    }

    [Fact]
    public void RC17_ARequestIsNotHeld_WhereTheApplicationSaysSo()
    {
        var talk = Conversation.Detecting(new MachineSettings { IdPrefix = "test", HoldWhileUserSpeaks = false });
        talk.SpeechStarted();
        talk.Create();
        talk.Sends("response.create");
    }

    [Fact]
    public void Beginning_BelongsToItsTurn_AndOneAsideToNone()
    {
        var talk = Conversation.Manual();
        Assert.Equal(1, talk.Hear("response.created", "response.id=A", "response.conversation_id=c").Turn);
        Assert.Equal(0, talk.Hear("response.created", "response.id=B", "response.conversation_id:=null").Turn);
    }

    [Fact]
    public void RC05_ARequestThatMetAResponseThatHadEnded_LeavesNobodyInThePlace()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Done("A");
        int turn = talk.Create().Turn;
        talk.Sends("response.create", "event_id=$e1");
        talk.BusyError(talk.Names["$e1"], "A");
        talk.Sends("response.create", $"{Frame.Token}=$t2");
        talk.Created("B", talk.Names["$t2"]);
        Assert.Equal(turn, talk.Changes<SessionChange.ResponseStarted>()[^1].Turn);
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
    }

    [Fact]
    public void RC14_ACallOfTheOlderResponse_IsLeftAlone()
    {
        var talk = Conversation.Manual();
        talk.Created("A");
        talk.Created("B");
        talk.Call("A", "f", "call_1");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        Assert.DoesNotContain(talk.Changes<SessionChange.ViolationTolerated>(), static told => told.Rule == "FC-01");
    }

    private static (int Turn, string Response) Started(Conversation talk)
    {
        SessionChange.ResponseStarted started = Assert.Single(talk.Changes<SessionChange.ResponseStarted>());
        return (started.Turn, started.ResponseId);
    }
}
