using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Which deadlines there are, and which there are not: RC-11, BP-01.</summary>
public class DeadlineTests
{
    [Fact]
    public void BP01_ACancelThatAudioBrought_HasItsDeadline()
    {
        var talk = Conversation.Manual(Conversation.Settings(maxAudio: 1_000));
        talk.Speaking("A", "m", 48_048);
        talk.Sends("response.cancel");
        Assert.Equal(5_000, talk.Timer);
    }

    [Fact]
    public void NothingWaits_SoNoTimerIsSetForIt()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        talk.SpeechStopped();
        Assert.True(talk.Timer is null or >= 10_000, $"The timer is set to {talk.Timer}.");
    }

    [Fact]
    public void RC11_AConnectionThatWasFoundDead_HasNoDeadline()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Wait(35_000);
        talk.Sends("response.cancel");
        Assert.Single(talk.Changes<SessionChange.ConnectionUnresponsive>());
        talk.ForgetChanges();
        talk.Machine.Elapse(talk.Now + 1_000_000);
        Assert.False(talk.Machine.TryTakeEffect(out _));
    }

    [Fact]
    public void RC11_ARequestThatMayStillBeAnswered_IsNotAskedAbout()
    {
        var talk = Conversation.Manual(new MachineSettings { IdPrefix = "test", AcknowledgementTimeout = 60_000 });
        int turn = talk.Create().Turn;
        talk.Sends("response.create");
        talk.Wait(59_999);
        talk.SendsNothing();
        Assert.True(talk.IsOpen(turn));
        talk.Wait(1);
        talk.Sends("response.cancel", "-response_id");
    }
}
