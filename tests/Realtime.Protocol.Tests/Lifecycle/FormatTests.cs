using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What bytes mean: the format that a response began with, that a session states, and that was asked for: TR-03, SE-07.</summary>
public class FormatTests
{
    [Fact]
    public void TR03_FormatIsTheOneTheResponseBeganWith()
    {
        var talk = Conversation.Manual();
        string? token = talk.Ask();
        talk.Created("A", token, AudioEncoding.G711MuLaw);
        talk.Message("A", "m");
        talk.Audio("A", "m", 8_007);
        talk.Updated(AudioEncoding.Pcm16);
        talk.Submit(SessionIntent.Played("m", 0, 9_000));
        talk.Interrupt();
        Assert.Equal(1000, talk.Truncation().AudioEndMilliseconds);
    }

    [Fact]
    public void TR03_FormatThatTheSessionStated_StaysInForce_WhenALaterUpdateIsSilentAboutIt()
    {
        var talk = Conversation.Manual();
        talk.Updated(output: AudioEncoding.G711MuLaw);
        talk.Updated();
        talk.Speaking("A", "m", 16_000);
        talk.Submit(SessionIntent.Played("m", 0, 8_000));
        talk.Interrupt();
        Assert.Equal(1000, talk.Truncation().AudioEndMilliseconds);
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
        Assert.Equal(1000, talk.Truncation().AudioEndMilliseconds);
    }

    [Fact]
    public void SE07_AnotherFormatThanTheOneThatWasAskedFor_IsToldOnceForEachSide()
    {
        var talk = Conversation.Manual();
        for (int i = 0; i < 2; i++)
        {
            talk.Updated(output: AudioEncoding.G711MuLaw, input: AudioEncoding.G711ALaw);
        }

        Assert.Equal(
            [new(AudioEncoding.Pcm16, AudioEncoding.G711MuLaw, IsInput: false), new(AudioEncoding.Pcm16, AudioEncoding.G711ALaw, IsInput: true)],
            talk.Changes<SessionChange.FormatDiffers>());
    }

    [Fact]
    public void SE07_AResponseThatStatesNoFormat_HasTheSessions()
    {
        var talk = Conversation.Manual();
        talk.Updated(output: AudioEncoding.G711MuLaw);
        talk.Answering("A");
        Assert.Equal(AudioEncoding.G711MuLaw, Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Encoding);
    }

    [Fact]
    public void TR03_OneByteThatWasCounted_KeepsItsMeaning()
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.Audio("A", "m", 1);
        talk.Created("A", talk.Names["$t1"], AudioEncoding.G711MuLaw);
        Assert.Empty(talk.Changes<SessionChange.ResponseEncodingStated>());
    }
}
