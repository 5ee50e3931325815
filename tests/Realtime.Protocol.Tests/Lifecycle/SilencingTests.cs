using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Who asks for silence, and what it does to answers that run, that still play, and that were never heard: TR-07, CX-01, CX-04, TD-09.</summary>
public class SilencingTests
{
    [Fact]
    public void B1_ANewTurn_LeavesWholeAnswersAlone_WhateverIsKnownOfThem()
    {
        var talk = Conversation.Manual();
        talk.Whole("A", "unknown", 48_000);
        talk.Played(talk.Whole("B", "unheard", 48_000), 0);
        talk.Taken(talk.Whole("C", "read", 48_000), 1_000);
        talk.Played(talk.Whole("D", "heard", 48_000), 1_000);
        talk.Wait(300_000);
        talk.ForgetChanges();
        talk.Say();
        talk.Sends("conversation.item.create");
        talk.Sends("response.create");
        talk.SendsNothing();
        Assert.Empty(talk.Changes<SessionChange.PlaybackStopped>());
    }

    [Fact]
    public void TD09_ANewTurn_SilencesAnAnswerThatIsKnownToBePlaying()
    {
        var talk = Conversation.Manual();
        talk.Whole("A", "waiting", 48_000);
        int playing = talk.Whole("B", "playing", 48_000);
        talk.Played(playing, 250);
        talk.Say();
        talk.Sends("conversation.item.truncate", "item_id=playing", "audio_end_ms:=250");
        talk.Sends("conversation.item.create");
        talk.Sends("response.create");
        talk.SendsNothing();
        Assert.Equal(playing, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);
    }

    [Fact]
    public void TD09_ANewTurn_CancelsWhatRuns_AndDeletesNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "m", 48_000);
        talk.Played(turn, 0);
        talk.Say();
        talk.Sends("response.cancel", "response_id=A");
        talk.Sends("conversation.item.create");
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        talk.Sends("response.create");
        talk.SendsNothing();
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);
    }

    [Fact]
    public void B13_EveryAnswerThatStillPlays_IsSilenced_AndCutByWhatIsKnownOfIt()
    {
        var talk = Conversation.Manual();
        int a = talk.Whole("A", "ma", 96_000);
        talk.Played(a, 500);
        int b = talk.Whole("B", "mb", 96_000);
        talk.Played(b, 0);
        int c = talk.Whole("C", "mc", 96_000);
        foreach (string text in (string[])["T1", "T2", "T3"])
        {
            talk.Answering(text);
            talk.Done(text);
        }

        talk.ForgetChanges();
        talk.Interrupt();
        talk.Sends("conversation.item.truncate", "item_id=ma", "audio_end_ms:=500");
        talk.Sends("conversation.item.delete", "item_id=mb");
        talk.SendsNothing();
        Assert.Equal([a, b, c], talk.Changes<SessionChange.PlaybackStopped>().Select(stopped => stopped.Turn));
        Assert.Equal([a, b, c], talk.Changes<SessionChange.TurnForgotten>().Select(forgotten => forgotten.Turn));
        talk.Interrupt();
        talk.SendsNothing();
    }

    [Fact]
    public void B13_ATurnIsForgotten_WhenItHasEndedAndWasHeard_AndNotBefore()
    {
        var talk = Conversation.Manual();
        int turn = talk.Whole("A", "m", 48_000);
        Assert.Empty(talk.Changes<SessionChange.TurnForgotten>());
        talk.Played(turn, 999);
        Assert.Empty(talk.Changes<SessionChange.TurnForgotten>());
        talk.Played(turn, 1_000);
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.TurnForgotten>()).Turn);
        talk.Played(turn, 1_000);
        Assert.Single(talk.Changes<SessionChange.TurnForgotten>());
    }

    [Fact]
    public void B13_AWrittenAnswer_IsForgottenAtItsEnd()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Done("A");
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.TurnForgotten>()).Turn);
    }

    [Fact]
    public void B13_AnAnswerOfNothingButAnEmptyDelta_IsForgottenAtItsEnd()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "m", 0);
        talk.Done("A");
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.TurnForgotten>()).Turn);
    }

    [Fact]
    public void B13_OfAnswersThatNobodyHears_TheLastSixtyFourAreKept()
    {
        var talk = Conversation.Manual();
        for (int i = 0; i < PlaybackLedger.MaxSounds + 3; i++)
        {
            talk.Whole($"R{i}", $"m{i}", 960);
        }

        Assert.Equal([1, 2, 3], talk.Changes<SessionChange.TurnForgotten>().Select(forgotten => forgotten.Turn));
        talk.Interrupt();
        talk.SendsNothing();
        Assert.Equal(PlaybackLedger.MaxSounds, talk.Changes<SessionChange.PlaybackStopped>().Length);
    }

    [Fact]
    public void B13_TheLastAnswerThatWasRead_MayStillPlay_AndIsToldToBeSilent()
    {
        var talk = Conversation.Manual();
        talk.Taken(talk.Whole("A", "ma", 48_000), 1_000);
        int last = talk.Whole("B", "mb", 48_000);
        talk.Taken(last, 1_000);
        talk.Interrupt();
        talk.SendsNothing();
        Assert.Equal(last, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);
    }

    [Theory]
    [InlineData(150)]
    [InlineData(40)]
    [InlineData(250)]
    public void B14_ItemsThatTakeTurns_AreCutInTheOrderInWhichTheyCame(int heard)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m1");
        talk.Message("A", "m2");
        talk.Audio("A", "m1", 4_800);
        talk.Audio("A", "m2", 4_800);
        talk.Audio("A", "m1", 4_800);
        talk.Played(turn, heard);
        talk.Interrupt();
        talk.Sends("response.cancel");
        long first = Math.Min(heard, 100) + Math.Max(0, heard - 200);
        long second = Math.Clamp(heard - 100, 0, 100);
        talk.Sends("conversation.item.truncate", "item_id=m1", $"audio_end_ms:={first}");
        if (second > 0)
        {
            talk.Sends("conversation.item.truncate", "item_id=m2", $"audio_end_ms:={second}");
        }

        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        if (second == 0)
        {
            talk.Sends("conversation.item.delete", "item_id=m2");
        }

        talk.SendsNothing();
    }

    [Fact]
    public void F13_EachOfTwoItems_IsCutWhereItWasHeard_AndTheOneThatWasHeardIsNot()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "item_a");
        talk.Message("A", "item_b");
        talk.Audio("A", "item_a", 24_000);
        talk.Audio("A", "item_b", 24_000);
        talk.Audio("A", "item_a", 24_000);
        talk.ItemDone("A", "item_b");
        talk.Submit(SessionIntent.Played(turn, 60_000));
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", "item_id=item_a", "audio_end_ms:=750");
        talk.SendsNothing();
    }

    [Fact]
    public void AU01_AudioOfAPartThatIsNotKept_KeepsItsPlaceInTheStream()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 4_800, contentIndex: 99);
        talk.Audio("A", "m", 96_000);
        talk.Played(turn, 600);
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", "item_id=m", "content_index:=0", "audio_end_ms:=500");
    }

    [Fact]
    public void AU01_ItemsThatTakeTurnsTooOften_AreToldOnce_AndKeptRatherThanCut()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m1");
        talk.Message("A", "m2");
        for (int i = 0; i < 6_000; i++)
        {
            talk.Audio("A", i % 2 == 0 ? "m1" : "m2", 48);
        }

        Assert.Equal("AU-01", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
        talk.Played(turn, 5_000);
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", "item_id=m1", "audio_end_ms:=2952"); // 2,048 by order, and of 904 later ones as many as can have been its own
        talk.Sends("conversation.item.truncate", "item_id=m2", "audio_end_ms:=2952");
    }

    [Fact]
    public void TR07_AWholeAnswerThatWasReportedAsUnheard_IsDeletedByAnInterruption()
    {
        var talk = Conversation.Manual();
        talk.Played(talk.Whole("A", "m", 48_000), 0);
        talk.Interrupt();
        Assert.Equal("m", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void TR07_AWholeAnswerThatWasReportedAsUnheard_IsDeletedWhenTheUserSpeaks()
    {
        var talk = Conversation.Detecting();
        talk.Played(talk.Whole("A", "m", 48_000), 0);
        talk.SpeechStarted();
        Assert.Equal("m", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void TR07_AnUnheardItemThatTheConversationConfirmsAfterItsSilence_IsDeletedThen()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Hear("response.output_item.added", "response_id=A", "item.id=m", "item.role=assistant");
        talk.Audio("A", "m", 48_000);
        talk.Done("A");
        talk.Played(turn, 0);
        talk.Interrupt();
        talk.SendsNothing();
        talk.ItemAdded("m", ItemFactKind.AssistantMessage);
        Assert.Equal("m", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void TR07_CancellingATurn_DeletesWhatWasReportedAsUnheard()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Played(turn, 0);
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Submit(SessionIntent.CancelTurn(turn));
        talk.Sends("response.cancel", "response_id=A");
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        Assert.Equal("m", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void TR07_AnItemWithoutAudio_LeavesAfterTheUserSpoke_IfItsTurnReports()
    {
        var talk = Conversation.Detecting();
        talk.Created("V");
        int turn = Assert.Single(talk.Changes<SessionChange.TurnBegan>()).Turn;
        talk.Played(turn, 0);
        talk.Message("V", "m");
        talk.SpeechStarted();
        talk.SentNothing();
        talk.Done("V", FactStatus.Cancelled, "turn_detected");
        Assert.Equal("m", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void CX04_TheUsersSpeech_SilencesAnswersThatStillPlay()
    {
        var talk = Conversation.Detecting();
        int turn = talk.Whole("A", "m", 96_000);
        talk.Played(turn, 700);
        talk.SpeechStarted();
        Assert.Equal(700, talk.SentOnly<SessionCommand.TruncateItem>().AudioEndMilliseconds);
        Assert.Equal((turn, InterruptionReason.UserSpeech), Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()) is var stopped ? (stopped.Turn, stopped.Reason) : default);
    }

    [Fact]
    public void CX01_CancellingATurn_LeavesThePlaybackOfOthersAlone()
    {
        var talk = Conversation.Manual();
        int playing = talk.Whole("A", "ma", 96_000);
        talk.Played(playing, 500);
        int running = talk.Speaking("B", "mb", 96_000);
        talk.ForgetChanges();
        talk.Submit(SessionIntent.CancelTurn(running));
        talk.Sends("response.cancel", "response_id=B");
        talk.SendsNothing();
        Assert.Equal(running, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);

        talk.Done("B", FactStatus.Cancelled, "client_cancelled");
        talk.Interrupt();
        talk.Sends("conversation.item.truncate", "item_id=ma", "audio_end_ms:=500");
        talk.SendsNothing();
    }

    [Fact]
    public void TR02_CancellingATurn_CutsItsOwnAudio()
    {
        var talk = Conversation.Manual();
        int running = talk.Speaking("B", "mb", 96_000);
        talk.Played(running, 300);
        talk.Submit(SessionIntent.CancelTurn(running));
        talk.Sends("response.cancel", "response_id=B");
        talk.Sends("conversation.item.truncate", "item_id=mb", "audio_end_ms:=300");
    }

    [Fact]
    public void TR02_CancellingATurnThatWaitsForItsTool_StopsAndCutsWhatItSaid()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "m", 96_000);
        talk.ItemDone("A", "m");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Played(turn, 500);
        talk.Submit(SessionIntent.CancelTurn(turn));
        talk.Sends("conversation.item.truncate", "item_id=m", "audio_end_ms:=500");
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(turn));
    }

    [Fact]
    public void CX05_AReportAfterTheSilence_ChangesNothing()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Played(turn, 0); // whoever plays begins too late
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        talk.SendsNothing();
    }

    [Fact]
    public void B15_AnItemThatIsBeingDeleted_IsNotCut()
    {
        var talk = Conversation.Manual();
        int turn = talk.Whole("A", "m", 96_000);
        talk.Submit(SessionIntent.DeleteItem("m"));
        talk.Sends("conversation.item.delete");
        talk.Played(turn, 500);
        talk.Interrupt();
        talk.SendsNothing();
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn); // it may still be heard
    }

    [Fact]
    public void TR05_AFirstItemHeardToItsEnd_IsKept_WhenTheSecondIsInterrupted()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "first", 48_000);
        talk.ItemDone("A", "first");
        talk.Message("A", "second");
        talk.Audio("A", "second", 48_000);
        talk.Played(turn, 1_400);
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", "item_id=second", "audio_end_ms:=400");
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        talk.SendsNothing();
    }

    [Fact]
    public void WhatComesAfterATurnsEnd_IsNotHeard_AndTheTurnStaysForgotten()
    {
        var talk = Conversation.Manual();
        int turn = talk.Whole("A", "m", 4_800);
        talk.Played(turn, 100);
        Assert.Equal(new Reception(turn, IsDropped: true), talk.Audio("A", "m", 4_800));
        talk.Played(turn, 200);
        talk.Interrupt();
        Assert.Single(talk.Changes<SessionChange.TurnForgotten>());
        Assert.Empty(talk.Changes<SessionChange.PlaybackStopped>());
    }

    [Fact]
    public void TD09_ANewTurn_LeavesAnAnswerThatIsWhole_AndNotKnownToPlay()
    {
        var talk = Conversation.Manual();
        talk.Whole("A", "m", 48_000);
        int running = talk.Answering("B");
        talk.Say();
        Assert.Equal(running, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);
    }
}
