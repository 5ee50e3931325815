using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Faults;

/// <summary>What was heard, and what is cut: faults of playback.</summary>
public class PlaybackFaults
{
    [Fact]
    public void B1_AnswersOfWhichNothingWasReported_StayInTheConversation()
    {
        var talk = Conversation.Manual();
        foreach (string response in (string[])["A", "B", "C"])
        {
            talk.Answering(response);
            talk.Message(response, "m" + response);
            talk.Audio(response, "m" + response, 48_000);
            talk.AudioDone(response, "m" + response);
            talk.ItemDone(response, "m" + response);
            talk.Done(response);
        }

        talk.Wait(300_000);
        talk.Say();
        talk.Sends("conversation.item.create");
        talk.Sends("response.create");
        talk.SendsNothing();
    }

    [Fact]
    public void B15_AnItemThatIsGone_IsNotCut()
    {
        var talk = Conversation.Manual();
        talk.Speaking("A", "m", 48_000);
        talk.Played("m", 500);
        talk.ItemDeleted("m");
        talk.Audio("A", "m", 48_000);
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.SendsNothing();
    }

    [Theory]
    [InlineData(8_000, 16_000)]
    [InlineData(16_000, 32_000)]
    [InlineData(48_000, 96_000)]
    public void F08_BytesMeanWhatTheResponseSaid_AtAnyRate(int rate, int bytesOfASecond)
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.Sends("response.create", $"{Frames.Frame.Token}=$t1");
        talk.Hear(
            "response.created", "response.id=A", $"{Frames.Frame.Token}=$t1", "response.conversation_id=conv_1", "response.audio.output.format.type=audio/pcm", $"response.audio.output.format.rate:={rate}");
        talk.Message("A", "m");
        talk.Audio("A", "m", bytesOfASecond * 2);
        talk.Submit(SessionIntent.Played("m", 0, bytesOfASecond));
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", "item_id=m", "audio_end_ms:=1000");
    }

    [Fact]
    public void F14_HeardAudioInAnotherPart_IsLeftAlone()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 48_000, contentIndex: 1);
        talk.Submit(SessionIntent.Played("m", 1, 24_000));
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        talk.SendsNothing();
    }
}
