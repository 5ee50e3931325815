using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A truncation is asked for once, and the server may know better: TR-06, TR-09. What comes after it is not heard: CX-05.</summary>
public class TruncationTests
{
    [Fact]
    public void TR06_ServerThatCountedLessAudio_IsRight_AndTheSessionGoesOn()
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", 2_651 * 48);
        talk.Played("m", 3_000);
        talk.Interrupt();
        talk.Error("invalid_value", talk.Truncation().EventId, "Audio content of 2650ms is already shorter than 2651ms");
        Assert.Equal("TR-06", Assert.Single(talk.Changes<SessionChange.ErrorIgnored>()).Rule);
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());

        talk.Done("A", FactStatus.Cancelled);
        talk.Create();
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Theory]
    [InlineData("invalid_value", "Invalid value: 'content_index'.")]
    [InlineData("server_error", "Audio content of 400ms is already shorter than 500ms")]
    public void TR06_OneOfItsCodeAndItsWords_IsNotEnough(string code, string message)
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", 48_000);
        talk.Played("m", 500);
        talk.Interrupt();
        talk.Error(code, talk.Truncation().EventId, message);
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.Empty(talk.Changes<SessionChange.ErrorIgnored>());
    }

    [Fact]
    public void TR09_InterruptingTwice_TruncatesOnce()
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", 48_000);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TR09_ATruncationThatWasRefusedOrLost_MayBeAskedForAgain(bool isRefused)
    {
        var talk = Conversation.Manual();
        talk.Whole("A", "m", 48_000);
        talk.Sent();
        talk.Submit(SessionIntent.TruncateItem("m", 200));
        var truncate = talk.SentOnly<SessionCommand.TruncateItem>();
        if (isRefused)
        {
            talk.Error("server_error", truncate.EventId);
        }
        else
        {
            talk.Wait(60_000);
        }

        Assert.Equal(SubmitVerdict.Accepted, talk.Submit(SessionIntent.TruncateItem("m", 200)).Verdict);
        talk.Sends("conversation.item.truncate", "item_id=m");
    }
}
