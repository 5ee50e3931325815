using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What nobody heard leaves the conversation, in the right order: TR-07, TR-08.</summary>
public class UnheardItemTests
{
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
        talk.Speaking("A", "m", 48_000);
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
        string? token = talk.Ask();
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
        talk.Speaking("A", "heard", 48_000);
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
}
