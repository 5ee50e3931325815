using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What counts as heard, and by which evidence: TR-04, TR-05, TR-10, AU-03.</summary>
public class EvidenceTests
{
    [Fact]
    public void TR04_WithoutReports_AndWithNothingTaken_NothingIsGuessed()
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", 48_000);
        talk.Interrupt();
        talk.SentOnly<SessionCommand.CancelResponse>();
        talk.Done("A", FactStatus.Cancelled);
        talk.SentNothing();
    }

    [Fact]
    public void TR04_WhatWasTaken_IsTheMostThatWasHeard_AndTheConversationIsCutThere()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "m", 96_000);
        talk.Taken(turn, 1_500);
        talk.Taken(turn, 1_240); // a reader gave some back
        talk.Interrupt();
        Assert.Equal(1_240, talk.Truncation().AudioEndMilliseconds);
        Assert.Equal(new HeardAudio(1_240 * 48, HeardBasis.Read), Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Heard);
    }

    [Fact]
    public void TR04_OfWhatWasOnlyTaken_NothingIsDeleted()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "first", 48_000);
        talk.ItemDone("A", "first");
        talk.Message("A", "second");
        talk.Audio("A", "second", 48_000);
        talk.Message("A", "third");
        talk.Taken(turn, 500);
        talk.Interrupt();
        SessionCommand.TruncateItem truncation = talk.Truncation();
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
        int turn = talk.Speaking("A", "m", 96_000);
        talk.Taken(turn, 2_000);
        talk.Played(turn, 300);
        talk.Taken(turn, 2_000);
        talk.Interrupt();
        Assert.Equal(300, talk.Truncation().AudioEndMilliseconds);
    }

    [Fact]
    public void TR05_HeardToTheEnd_IsLeftAlone()
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", 48_000);
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
        int turn = talk.Speaking("A", "m", 4_000 * 48);
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
        talk.Speaking("A", "m", 48_000);
        talk.Played("m", 1_000);
        talk.Interrupt();
        Assert.Equal(1000, talk.Truncation().AudioEndMilliseconds);
    }

    [Fact]
    public void PlaybackOfALaterItem_MeansTheEarlierWasHeard()
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", 48_000);
        talk.ItemDone("A", "m");
        talk.Done("A");
        talk.Played("m", 990); // the sink's last report was lost
        talk.Speaking("B", "n", 48_000);
        talk.Played("n", 100);
        talk.Interrupt();
        Assert.Equal("n", talk.Truncation().ItemId);
    }

    [Fact]
    public void TR10_APartThatWasNotReached_LeavesTheCutInTheFirst()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "m", 48_000);
        talk.Audio("A", "m", 48_000, contentIndex: 1);
        talk.Audio("A", "m", 48_000, contentIndex: int.MaxValue);
        talk.Played(turn, 500);
        talk.Interrupt();
        SessionCommand.TruncateItem truncation = talk.Truncation();
        Assert.Equal((0, 500L), (truncation.ContentIndex, truncation.AudioEndMilliseconds));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TR10_ALaterPart_IsCutOnlyWhereTheServiceTruncatesAnyPart(bool truncatesAnyPart)
    {
        var talk = Conversation.Manual(Conversation.Settings(truncatesAnyPart: truncatesAnyPart));
        int turn = talk.Speaking("A", "m", 48_000);
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
        int turn = talk.Speaking("A", "m", 48_000);
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
        talk.Speaking("A", "m", 48_000);
        talk.Played("m", 500);
        talk.Interrupt();
        talk.Error("item_truncate_invalid_item_id", talk.Truncation().EventId);
        Assert.Equal("TR-10", Assert.Single(talk.Changes<SessionChange.ErrorIgnored>()).Rule);
    }

    [Fact]
    public void AU03_WhatWasPlayedBeforeItsEndWasKnown_IsOverWithItsResponse()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "m", 48_000);
        talk.Played(turn, 1_000);
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        talk.Interrupt();
        Assert.Empty(talk.Changes<SessionChange.PlaybackStopped>());
        Assert.NotNull(talk.Outcome(turn));
    }
}
