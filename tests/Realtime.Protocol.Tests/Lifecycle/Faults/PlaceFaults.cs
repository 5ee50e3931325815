using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle.Faults;

/// <summary>Whose response it is, who may make one, and how long anybody waits: faults of the place and of deadlines.</summary>
public class PlaceFaults
{
    [Fact]
    public void B4_AServerThatRepeatsNoMetadata_AnswersOurRequest()
    {
        var talk = Conversation.Detecting();
        int turn = talk.Create().Turn;
        talk.Sends("response.create");
        talk.Hear("response.created", "response.id=A", "response.status=in_progress", "response.metadata:=null");
        talk.Message("A", "m");
        Assert.Equal(turn, talk.Audio("A", "m", 4_800).Turn);
        talk.Wait(15_000);
        talk.Done("A");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void B5_AMicrophoneThatIsMutedInTheMiddleOfSpeech_HoldsNothingForEver()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        int turn = talk.Say().Turn;
        talk.Sends("conversation.item.create");
        talk.Wait(10_000);
        talk.Sends("response.create");
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void B6_AnAnswerToTheProbeThatNamesNoEvent_FreesThePlace()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Wait(30_000);
        talk.Sends("response.cancel", "response_id=A");
        talk.Error("response_cancel_not_active", message: "Cancellation failed: no active response found");
        talk.Wait(60_000);
        Assert.Equal([], talk.Changes<SessionChange.ConnectionUnresponsive>());
        Assert.False(talk.IsOpen(turn));
        talk.Create();
        talk.Sends("response.create");
    }

    [Fact]
    public void B6_TheEndOfAResponseThatWasNeverAnnounced_FreesThePlace()
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.Sends("response.create");
        talk.Wait(30_000);
        talk.Sends("response.cancel", "-response_id");
        talk.Done("R", FactStatus.Cancelled, "client_cancelled");
        talk.Wait(60_000);
        Assert.Equal([], talk.Changes<SessionChange.ConnectionUnresponsive>());
        talk.Create();
        talk.Sends("response.create");
    }

    [Fact]
    public void B7_AnIdleTimeout_IsTheReasonOfTheResponseThatFollows()
    {
        var talk = Conversation.Detecting();
        talk.IdleTimeout();
        talk.Committed();
        talk.Created("S");
        Assert.Equal(TurnOrigin.ServerIdleTimeout, Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Origin);
    }

    [Fact]
    public void B7_AnItemThatWasCreated_WasAdded()
    {
        var talk = Conversation.Manual();
        int added = talk.Submit(SessionIntent.AddText(ItemRole.User, "by the way")).Operation;
        talk.Sends("conversation.item.create", "item.id=$i1");
        talk.Hear("conversation.item.created", "item.id=$i1");
        Assert.Equal(added, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Fact]
    public void B12_AResponseWhoseAnnouncementWasLost_IsTakenInByWhatFollows()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.Message("R", "m");
        Assert.Equal(turn, talk.Audio("R", "m", 4_800).Turn);
        talk.ItemDone("R", "m");
        talk.Hear("response.done", "response.id=R", "response.status=completed", $"{Frame.Token}=$t1");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void B17_TheProgressOfARemoteCall_IsLife()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        for (int i = 0; i < 20; i++)
        {
            talk.Wait(5_000);
            talk.Hear("response.mcp_call_arguments.delta", "response_id=A", "item_id=c", "delta=word");
        }

        talk.SendsNothing();
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void B18_AnInterruptionBetweenTheCommitAndItsAnswer_SilencesThatAnswer()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.Interrupt();
        talk.SendsNothing();
        talk.Created("V");
        talk.Sends("response.cancel", "response_id=V");
        talk.Message("V", "m");
        Assert.True(talk.Audio("V", "m", 4_800).IsDropped);
    }

    [Fact]
    public void B19_ANullConversation_OfAServiceThatNeverStatesOne_IsTheConversation()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.Created("V", outOfBand: true);
        int turn = Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn;
        talk.Message("V", "m");
        Assert.Equal(new Reception(turn, IsDropped: false), talk.Audio("V", "m", 4_800));
    }

    [Fact]
    public void B20_AfterTheSessionExpired_NothingIsAskedFor()
    {
        var talk = Conversation.Manual();
        talk.Error("session_expired", message: "Your session hit the maximum duration of 60 minutes.");
        talk.Create();
        talk.SendsNothing();
    }

    [Fact]
    public void F06_ACancelThatTheServerDoesNotKnow_EndsNoConnection()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Interrupt();
        talk.Sends("response.cancel", "event_id=$c1");
        talk.Error("unknown_event", talk.Names["$c1"], "Unknown event type: response.cancel");
        talk.Wait(8_000);
        Assert.Equal([], talk.Changes<SessionChange.ConnectionUnresponsive>());
        talk.Done("A");
        talk.Create();
        talk.Sends("response.create");
    }

    /// <summary>Services of 2024 sent no code and no event id.</summary>
    [Fact]
    public void RC05_ARefusalInTheWordsOf2024_MeansWait()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Sends("response.create");
        talk.Created("other", token: "of somebody else");
        talk.Error(code: null, message: "Conversation already has an active response");
        talk.Done("other");
        talk.Sends("response.create");
        Assert.True(talk.IsOpen(turn));
    }

    /// <summary>B4 and B19 in one server, as behind a proxy that states neither.</summary>
    [Fact]
    public void B19_AServerThatStatesNoConversationAndRepeatsNoMetadata_AnswersOurRequest()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speak().Turn;
        talk.Sends("input_audio_buffer.commit");
        talk.Sends("response.create");
        talk.Committed();
        talk.ItemAdded("u");
        talk.Hear("response.created", "response.id=A", "response.conversation_id:=null", "response.metadata:=null");
        talk.Hear("response.done", "response.id=A", "response.status=completed", "response.conversation_id:=null", "response.metadata:=null");
        talk.Wait(10_000);
        Assert.Equal("Completed", talk.Outcome(turn)?.GetType().Name);
    }

    /// <summary>Found by random schedules that lose messages: the announcement of W was lost, the refusal of our create names it, and then its end is lost, too.</summary>
    [Fact]
    public void B12_AResponseThatOnlyARefusalNames_EndsByADeadline()
    {
        var talk = Conversation.Detecting();
        talk.CreateWith("x");
        talk.Sends("response.create", "event_id=$e1");
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.Committed();
        talk.Created("V"); // its end is lost
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.Committed();
        talk.Message("W", "m");
        talk.Audio("W", "m", 4_800);
        talk.BusyError(talk.Names["$e1"], "W");
        talk.Audio("W", "m", 4_800);
        talk.ItemDone("W", "m");
        talk.Wait(29_000);
        talk.Hear("rate_limits.updated");
        for (int i = 0; i < 10; i++)
        {
            talk.Wait(1_000);
            foreach (SessionCommand sent in talk.Sent())
            {
                if (sent is SessionCommand.CancelResponse cancel)
                {
                    talk.Error("response_cancel_not_active", cancel.EventId);
                }
                else if (sent is SessionCommand.CreateResponse create)
                {
                    talk.Created("B", create.Token);
                    talk.Done("B");
                }
            }
        }

        talk.Wait(3_600_000);
        Assert.All(talk.Changes<SessionChange.TurnBegan>(), began => Assert.False(talk.IsOpen(began.Turn), $"{began.Turn} is open"));
    }

    /// <summary>The server names W, so V has ended, whoever lost the news: W has the place, and what is said and done concerns W.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void B12_AResponseThatARefusalNames_TakesThePlaceOfTheOneThatWasThought(bool isCancelled)
    {
        var talk = Conversation.Detecting();
        int asked = talk.CreateWith("x").Turn;
        talk.Sends("response.create", "event_id=$e1");
        talk.Committed();
        talk.Created("V"); // its end and the announcement of W are lost
        int first = Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn;
        if (isCancelled)
        {
            talk.Submit(SessionIntent.CancelTurn(first));
            talk.Sends("response.cancel", "response_id=V");
        }

        talk.BusyError(talk.Names["$e1"], "W");
        Assert.False(talk.IsOpen(first));
        int second = Assert.Single(talk.Changes<SessionChange.ResponseStarted>(), static started => started.ResponseId == "W").Turn;
        Assert.NotEqual(asked, second);
        Assert.True(talk.IsOpen(asked));
        talk.Message("W", "m");
        Assert.Equal(second, talk.Audio("W", "m", 4_800).Turn);
        talk.Submit(SessionIntent.CancelTurn(second));
        talk.Sends("response.cancel", "response_id=W");
        talk.Done("V");
        talk.SendsNothing(); // V frees nothing any more
        talk.Done("W", FactStatus.Cancelled);
        talk.Sends("response.create", "response.instructions=x");
    }

    [Fact]
    public void TR03_AResponseThatBeganUnannounced_TakesTheFormatThatItsLateAnnouncementStates()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.Message("V", "m");
        SessionChange.ResponseStarted started = Assert.Single(talk.Changes<SessionChange.ResponseStarted>());
        Assert.Equal(AudioEncoding.Pcm16, started.Encoding);
        talk.Created("V", encoding: AudioEncoding.G711MuLaw);
        Assert.Equal(new(started.Turn, "V", AudioEncoding.G711MuLaw), Assert.Single(talk.Changes<SessionChange.ResponseEncodingStated>()));
        Assert.Equal(AudioEncoding.G711MuLaw, Assert.Single(talk.Changes<SessionChange.FormatDiffers>()).Stated);
        talk.Audio("V", "m", 8_000);
        talk.Submit(SessionIntent.Played(started.Turn, 4_000));
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", "item_id=m", "audio_end_ms:=500"); // 8 bytes a millisecond
    }

    [Fact]
    public void TR03_AudioThatWasCounted_KeepsItsMeaning_WhateverALateAnnouncementStates()
    {
        var talk = Conversation.Detecting();
        talk.Committed();
        talk.Message("V", "m");
        talk.Audio("V", "m", 48_000);
        talk.Created("V", encoding: AudioEncoding.G711MuLaw);
        Assert.Empty(talk.Changes<SessionChange.ResponseEncodingStated>());
        talk.Played(1, 500);
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", "item_id=m", "audio_end_ms:=500");
    }
}
