using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The conversation remembers what was heard: TR-02 to TR-10, CX-05.</summary>
public class TruncationTests
{
    [Theory]
    [InlineData(47_999, 999)]
    [InlineData(48_000, 1000)]
    [InlineData(48_001, 1000)]
    public void TR02_PositionIsAtMostWhatWasReceived_RoundedDown(int received, long expected)
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", received);
        talk.Played("m", 2_000);
        talk.Interrupt();
        Assert.Equal(expected, Truncation(talk).AudioEndMilliseconds);
    }

    [Fact]
    public void TR02_PositionIsAtMostWhatWasPlayed()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 96_000);
        talk.Submit(SessionIntent.Played("m", 0, 48_047));
        talk.Interrupt();
        SessionCommand.TruncateItem truncation = Truncation(talk);
        Assert.Equal(("m", 0, 1000L), (truncation.ItemId, truncation.ContentIndex, truncation.AudioEndMilliseconds));
    }

    [Fact]
    public void TR02_OddChunks_AreAddedBeforeTheyAreDivided()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        for (int i = 0; i < 16; i++)
        {
            talk.Audio("A", "m", 47); // not one whole millisecond in any of them
        }

        talk.Played("m", 1_000);
        talk.Interrupt();
        Assert.Equal(16 * 47 / 48, Truncation(talk).AudioEndMilliseconds);
    }

    [Fact]
    public void AU01_EachItemCountsItsOwnBytes_WhicheverComesFirst()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "first");
        talk.Message("A", "second");
        talk.Audio("A", "second", 24_000);
        talk.Audio("A", "first", 48_000);
        talk.ItemDone("A", "first");
        talk.Played("first", 1_000);
        talk.Played("second", 9_000);
        talk.Interrupt();
        SessionCommand.TruncateItem truncation = Truncation(talk);
        Assert.Equal(("second", 500L), (truncation.ItemId, truncation.AudioEndMilliseconds));
    }

    [Fact]
    public void TR03_FormatIsTheOneTheResponseBeganWith()
    {
        var talk = Conversation.Manual();
        string? token = Ask(talk);
        talk.Created("A", token, AudioEncoding.G711MuLaw);
        talk.Message("A", "m");
        talk.Audio("A", "m", 8_007);
        talk.Updated(AudioEncoding.Pcm16);
        talk.Submit(SessionIntent.Played("m", 0, 9_000));
        talk.Interrupt();
        Assert.Equal(1000, Truncation(talk).AudioEndMilliseconds);
    }

    [Fact]
    public void TR03_FormatThatTheSessionStated_StaysInForce_WhenALaterUpdateIsSilentAboutIt()
    {
        var talk = Conversation.Manual();
        talk.Updated(output: AudioEncoding.G711MuLaw);
        talk.Updated();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 16_000);
        talk.Submit(SessionIntent.Played("m", 0, 8_000));
        talk.Interrupt();
        Assert.Equal(1000, Truncation(talk).AudioEndMilliseconds);
    }

    [Fact]
    public void TR03_ResponseThatOnlyARefusalNamed_HasTheFormatOfTheSession()
    {
        var talk = Conversation.Manual();
        talk.Updated(output: AudioEncoding.G711MuLaw);
        talk.Create();
        talk.BusyError(talk.SentOnly<SessionCommand.CreateResponse>().EventId, "A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 16_000);
        talk.Submit(SessionIntent.Played("m", 0, 8_000));
        talk.Interrupt();
        Assert.Equal(1000, Truncation(talk).AudioEndMilliseconds);
    }

    [Fact]
    public void TR04_WithoutReports_AndWithNothingTaken_NothingIsGuessed()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Interrupt();
        talk.SentOnly<SessionCommand.CancelResponse>();
        talk.Done("A", FactStatus.Cancelled);
        talk.SentNothing();
    }

    [Fact]
    public void TR04_WhatWasTaken_IsTheMostThatWasHeard_AndTheConversationIsCutThere()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 96_000);
        talk.Taken(turn, 1_500);
        talk.Taken(turn, 1_240); // a reader gave some back
        talk.Interrupt();
        Assert.Equal(1_240, Truncation(talk).AudioEndMilliseconds);
        Assert.Equal(new HeardAudio(1_240 * 48, HeardBasis.Read), Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Heard);
    }

    [Fact]
    public void TR04_OfWhatWasOnlyTaken_NothingIsDeleted()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "first");
        talk.Audio("A", "first", 48_000);
        talk.ItemDone("A", "first");
        talk.Message("A", "second");
        talk.Audio("A", "second", 48_000);
        talk.Message("A", "third");
        talk.Taken(turn, 500);
        talk.Interrupt();
        SessionCommand.TruncateItem truncation = Truncation(talk);
        Assert.Equal(("first", 500L), (truncation.ItemId, truncation.AudioEndMilliseconds));
        talk.Done("A", FactStatus.Cancelled);
        talk.SentNothing();
    }

    [Fact]
    public void TR04_TakenToTheEnd_IsLeftAlone_AndItsListenerIsTold()
    {
        var talk = Conversation.Manual();
        int turn = talk.Whole("A", "m", 48_000);
        talk.Taken(turn, 1_000);
        talk.Interrupt();
        talk.SentNothing();
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);
    }

    [Fact]
    public void TR04_AReport_CountsForMoreThanWhatWasTaken()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 96_000);
        talk.Taken(turn, 2_000);
        talk.Played(turn, 300);
        talk.Taken(turn, 2_000);
        talk.Interrupt();
        Assert.Equal(300, Truncation(talk).AudioEndMilliseconds);
    }

    [Fact]
    public void TR05_HeardToTheEnd_IsLeftAlone()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.ItemDone("A", "m");
        talk.Done("A");
        talk.Played("m", 1_000);
        talk.Interrupt();
        talk.SentNothing();
    }

    [Fact]
    public void AU03_BufferedAudioAfterTheEndOfTheResponse_IsCutWhereItStopped()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 4_000 * 48);
        talk.AudioDone("A", "m");
        talk.ItemDone("A", "m");
        talk.Done("A");
        talk.Played("m", 1_000);
        talk.Interrupt();
        Assert.Equal(1000, talk.SentOnly<SessionCommand.TruncateItem>().AudioEndMilliseconds);
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void TR05_AllPlayedSoFarButStillRunning_IsCut()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Played("m", 1_000);
        talk.Interrupt();
        Assert.Equal(1000, Truncation(talk).AudioEndMilliseconds);
    }

    [Fact]
    public void TR06_ServerThatCountedLessAudio_IsRight_AndTheSessionGoesOn()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 2_651 * 48);
        talk.Played("m", 3_000);
        talk.Interrupt();
        talk.Error("invalid_value", Truncation(talk).EventId, "Audio content of 2650ms is already shorter than 2651ms");
        Assert.Equal("TR-06", Assert.Single(talk.Changes<SessionChange.ErrorIgnored>()).Rule);
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());

        talk.Done("A", FactStatus.Cancelled);
        talk.Create();
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void TR06_OtherErrorsWithThatCode_AreNotSwallowed()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Played("m", 500);
        talk.Interrupt();
        talk.Error("invalid_value", Truncation(talk).EventId, "Invalid value: 'content_index'.");
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void TR06_ThatMessageWithAnotherCode_IsNotSwallowed()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Played("m", 500);
        talk.Interrupt();
        talk.Error("server_error", Truncation(talk).EventId, "Audio content of 400ms is already shorter than 500ms");
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.Empty(talk.Changes<SessionChange.ErrorIgnored>());
    }

    [Fact]
    public void TR07_ItemWithoutAudio_IsDeletedAfterTheResponse()
    {
        var talk = Conversation.Manual();
        talk.Played(talk.Answering("A"), 0);
        talk.Message("A", "m");
        talk.Interrupt();
        talk.SentOnly<SessionCommand.CancelResponse>();
        talk.Done("A", FactStatus.Cancelled);
        Assert.Equal("m", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void TR07_ItemThatAppearsAfterTheInterruption_IsDeletedToo()
    {
        var talk = Conversation.Manual();
        talk.Played(talk.Answering("A"), 0);
        talk.Interrupt();
        talk.SentOnly<SessionCommand.CancelResponse>();
        talk.Message("A", "m");
        talk.SentNothing();
        talk.Done("A", FactStatus.Cancelled);
        Assert.Equal("m", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void TR07_AudioOfWhichNothingWasPlayed_IsDeletedAndNotTruncatedToZero()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Submit(SessionIntent.Played("m", 0, 47)); // less than a millisecond
        talk.Interrupt();
        talk.SentOnly<SessionCommand.CancelResponse>();
        talk.Done("A", FactStatus.Cancelled);
        Assert.Equal("m", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void TR07_ItemThatNeverEnteredTheConversation_IsNotDeleted()
    {
        var talk = Conversation.Manual();
        talk.Played(talk.Answering("A"), 0);
        talk.Interrupt();
        talk.SentOnly<SessionCommand.CancelResponse>();
        talk.Done("A", FactStatus.Cancelled);
        talk.SentNothing();
    }

    [Fact]
    public void TR07_TextIsReadAndNotHeard_SoItStays()
    {
        var talk = Conversation.Manual();
        string? token = Ask(talk);
        talk.Created("A", token, textOnly: true);
        talk.Message("A", "m");
        talk.Interrupt();
        talk.SentOnly<SessionCommand.CancelResponse>();
        talk.Done("A", FactStatus.Cancelled);
        talk.SentNothing();
    }

    [Theory]
    [InlineData("""["text"]""", true)]
    [InlineData("""["text","of_tomorrow"]""", true)]
    [InlineData("""["audio"]""", false)]
    [InlineData("""["text","audio"]""", false)]
    [InlineData("""["audio","text"]""", false)]
    [InlineData("""["of_tomorrow"]""", false)]
    [InlineData("[]", false)]
    public void TR07_OfAnAnswerThatNobodyHeard_OnlyAWrittenOneStays(string modalities, bool stays)
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.Hear("response.created", "response.id=A", $"{Frame.Token}=$t1", $"response.output_modalities:={modalities}");
        talk.Message("A", "m");
        talk.Played(turn, 0);
        talk.Interrupt();
        talk.Sends("response.cancel", "response_id=A");
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        Assert.Equal(stays ? [] : ["m"], talk.Sent().Select(static command => Assert.IsType<SessionCommand.DeleteItem>(command).ItemId));
    }

    [Fact]
    public void TR07_AnItemThatIsText_StaysInAnAnswerThatNobodyHeard()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Message("A", "n");
        talk.Hear("response.output_text.delta", "response_id=A", "item_id=n", "delta=Read me.");
        talk.Played(turn, 0);
        talk.Interrupt();
        talk.Sends("response.cancel", "response_id=A");
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        Assert.Equal("m", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void TR07_TextWhoseAnnouncementCameLate_Stays()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        string? token = talk.SentOnly<SessionCommand.CreateResponse>().Token;
        talk.Message("A", "m");
        talk.Created("A", token, textOnly: true);
        talk.Played(turn, 0);
        talk.Interrupt();
        talk.Sends("response.cancel", "response_id=A");
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        talk.SendsNothing();
    }

    [Fact]
    public void TR08_CancelGoesBeforeTheTruncation_AndDeletionsAfterTheEnd()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "heard");
        talk.Audio("A", "heard", 48_000);
        talk.Message("A", "unheard");
        talk.Audio("A", "unheard", 48_000);
        talk.Played("heard", 500);
        talk.Interrupt();
        Assert.Collection(
            talk.Sent(),
            command => Assert.IsType<SessionCommand.CancelResponse>(command),
            command => Assert.Equal("heard", Assert.IsType<SessionCommand.TruncateItem>(command).ItemId));

        talk.ItemDone("A", "unheard", FactStatus.Incomplete);
        talk.SentNothing();
        talk.Done("A", FactStatus.Cancelled);
        Assert.Equal("unheard", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void TR08_DeletedItem_DoesNotComeBack()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Done("A");
        talk.Submit(SessionIntent.DeleteItem("m"));
        talk.ItemDeleted("m");
        talk.ForgetChanges();
        talk.ItemAdded("m", ItemFactKind.AssistantMessage);
        Assert.Empty(talk.Changes<SessionChange.ItemAdded>());
    }

    [Fact]
    public void TR09_InterruptingTwice_TruncatesOnce()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Played("m", 500);
        talk.Interrupt();
        Assert.Equal(2, talk.Sent().Length);
        talk.Audio("A", "m", 48_000);
        talk.Played("m", 700);
        talk.Interrupt();
        talk.SentNothing();
    }

    [Fact]
    public void CX05_AudioAfterTheInterruption_IsDropped()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        Assert.Equal(new Reception(turn, false), talk.Audio("A", "m", 48_000));
        talk.Interrupt();
        Assert.Equal(new Reception(turn, true), talk.Audio("A", "m", 48_000));
    }

    [Fact]
    public void PlaybackOfALaterItem_MeansTheEarlierWasHeard()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.ItemDone("A", "m");
        talk.Done("A");
        talk.Played("m", 990); // the sink's last report was lost
        talk.Answering("B");
        talk.Message("B", "n");
        talk.Audio("B", "n", 48_000);
        talk.Played("n", 100);
        talk.Interrupt();
        Assert.Equal("n", Truncation(talk).ItemId);
    }

    private static string? Ask(Conversation talk)
    {
        talk.Create();
        return talk.SentOnly<SessionCommand.CreateResponse>().Token;
    }

    private static SessionCommand.TruncateItem Truncation(Conversation talk) => Assert.Single(talk.Sent().OfType<SessionCommand.TruncateItem>());

    [Fact]
    public void TR10_APartThatWasNotReached_LeavesTheCutInTheFirst()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Audio("A", "m", 48_000, contentIndex: 1);
        talk.Audio("A", "m", 48_000, contentIndex: int.MaxValue);
        talk.Played(turn, 500);
        talk.Interrupt();
        SessionCommand.TruncateItem truncation = Truncation(talk);
        Assert.Equal((0, 500L), (truncation.ContentIndex, truncation.AudioEndMilliseconds));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TR10_ALaterPart_IsCutOnlyWhereTheServiceTruncatesAnyPart(bool truncatesAnyPart)
    {
        var talk = Conversation.Manual(Conversation.Settings(truncatesAnyPart: truncatesAnyPart));
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.AudioDone("A", "m");
        talk.Audio("A", "m", 48_000, contentIndex: 1);
        talk.Played(turn, 1_250);
        talk.Interrupt();
        talk.Sends("response.cancel");
        if (truncatesAnyPart)
        {
            talk.Sends("conversation.item.truncate", "item_id=m", "content_index:=1", "audio_end_ms:=250");
        }

        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        talk.SendsNothing();
    }

    [Fact]
    public void TR10_NoPartIsCutToNothing()
    {
        var talk = Conversation.Manual(Conversation.Settings(truncatesAnyPart: true));
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.AudioDone("A", "m");
        talk.Audio("A", "m", 48_000, contentIndex: 1);
        talk.Played(turn, 1_000);
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        talk.SendsNothing();
    }

    [Fact]
    public void TR10_TruncatingWhatIsGone_IsNoError()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000);
        talk.Played("m", 500);
        talk.Interrupt();
        talk.Error("item_truncate_invalid_item_id", Truncation(talk).EventId);
        Assert.Equal("TR-10", Assert.Single(talk.Changes<SessionChange.ErrorIgnored>()).Rule);
    }
}
