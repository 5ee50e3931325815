using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;
using static Realtime.Protocol.Tests.Lifecycle.AsideTalk;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Responses beside the conversation, of servers that repeat no token, lose an announcement, or fall silent: RC-22.</summary>
public class AsideOfImperfectServersTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RC22_GivenUpBeforeItBegan_OfAServerThatRepeatsNothing_ItsResponseIsStillKnownByOrder(bool isRefused)
    {
        var talk = Conversation.Manual(Conversation.Settings(echoesMetadata: false));
        int aside = Aside(talk);
        talk.Sends("response.create", "event_id=$e");
        talk.Submit(SessionIntent.CancelTurn(aside));
        Assert.Equal("RC-22", talk.Create(OutOfBand()).Rule);
        Assert.Equal(SubmitVerdict.Queued, talk.Create().Verdict);
        talk.SendsNothing();
        if (isRefused)
        {
            talk.Error("invalid_value", talk.Names["$e"]);
        }
        else
        {
            talk.Created("B", outOfBand: true);
            talk.Sends("response.cancel", "response_id=B");
        }

        talk.Sends("response.create", "-response");
        talk.SendsNothing();
    }

    [Fact]
    public void RC22_UntilTheServerHasShownThatItRepeatsTokens_OneIsAskedAtATime_AndTheConversationWaitsUntilItBegins()
    {
        var talk = Conversation.Manual();
        int aside = Aside(talk);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        Assert.Equal("RC-22", talk.Create(OutOfBand()).Rule);
        Assert.Equal(SubmitVerdict.Queued, talk.Create().Verdict);
        talk.SendsNothing();
        talk.Created("B", talk.Names["$t"], outOfBand: true);
        talk.Sends("response.create", "-response.conversation");
        Assert.True(talk.Create(OutOfBand()).IsAccepted);
        Assert.Equal(aside, Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).Turn);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RC22_AServerThatRepeatsNothing_IsMatchedByOrder(bool runsBeside)
    {
        var talk = Conversation.Manual(Conversation.Settings(echoesMetadata: false));
        if (runsBeside)
        {
            talk.Answering("A");
        }

        int aside = Aside(talk);
        talk.Sends("response.create", "-response.metadata");
        talk.Created("B", outOfBand: true);
        Assert.Equal(aside, talk.Changes<SessionChange.ResponseStarted>()[^1].Turn);
        talk.Create();
        if (runsBeside)
        {
            talk.SendsNothing();
            talk.Done("A");
        }

        talk.Sends("response.create", "-response");
        talk.Created("C");
        talk.Done("C");
        Assert.True(talk.IsOpen(aside));
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(aside));
    }

    [Fact]
    public void RC22_WhereTheServerMayBeginByItself_AndRepeatsNothing_ItIsRefused()
    {
        var talk = Conversation.Detecting(Conversation.Settings(echoesMetadata: false));
        talk.SpeechStarted();
        Assert.Equal("RC-22", talk.Create(OutOfBand()).Rule);
        talk.SpeechStopped();
        talk.Committed();
        Assert.Equal("RC-22", talk.Create(OutOfBand()).Rule);
        talk.Created("V");
        Assert.True(talk.Create(OutOfBand()).IsAccepted);
    }

    [Fact]
    public void RC22_UnansweredForTenSeconds_ItTimesOut_AndAServerThatLivesLosesNothing()
    {
        Conversation talk = Proven();
        int aside = Aside(talk);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Wait(9_999);
        Assert.True(talk.IsOpen(aside));
        talk.Wait(1);
        Assert.IsType<TurnOutcome.TimedOut>(talk.Outcome(aside));
        talk.SendsNothing();
        talk.Created("B", talk.Names["$t"], outOfBand: true);
        talk.Sends("response.cancel", "response_id=B");
        talk.Wait(100_000);
        talk.SendsNothing();
    }

    [Fact]
    public void RC22_SilentForThirtySeconds_ItIsCancelledByName_AndCountsAsEndedFiveSecondsLater()
    {
        Conversation talk = Proven();
        int answer = talk.Answering("A");
        int aside = Running(talk, "B");
        talk.Wait(20_000);
        talk.Message("A", "m");
        talk.Wait(10_000);
        talk.Sends("response.cancel", "response_id=B");
        talk.SendsNothing();
        talk.Wait(1_000);
        talk.Audio("A", "m", 480);
        talk.Wait(4_000);
        Assert.IsType<TurnOutcome.TimedOut>(talk.Outcome(aside));
        Assert.True(talk.IsOpen(answer));
    }

    [Fact]
    public void RC22_ARefusedCancel_IsSentOnceMore_WhenItFallsSilent()
    {
        Conversation talk = Proven();
        int aside = Running(talk, "B");
        talk.Submit(SessionIntent.CancelTurn(aside));
        talk.Sends("response.cancel", "event_id=$c");
        talk.Error("server_error", talk.Names["$c"]);
        talk.Wait(30_000);
        talk.Sends("response.cancel", "response_id=B", "event_id=$d");
        talk.Error("server_error", talk.Names["$d"]);
        Assert.True(talk.IsOpen(aside));
        talk.Wait(30_000);
        talk.SendsNothing();
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(aside));
    }

    [Fact]
    public void RC22_AServerThatSaysNothingAtAll_IsGone_AlsoForAnAside()
    {
        Conversation talk = Proven();
        Running(talk, "B");
        talk.Wait(35_000);
        Assert.Single(talk.Changes<SessionChange.ConnectionUnresponsive>());
    }

    [Fact]
    public void RC22_ItsEndAlone_ProvesItByItsToken()
    {
        Conversation talk = Proven();
        int aside = Aside(talk);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        talk.Hear("response.done", "response.id=B", "response.status=completed", "response.conversation_id:=null", $"{Frame.Token}=$t");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(aside));
        Assert.Single(talk.Changes<SessionChange.ResponseEnded>(), ended => ended.Turn == aside);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RC22_WhereItsAnnouncementWasLost_ItsOutputIsNobodysUntilItsEndSaysWhoseItWas(bool isAskedMeanwhile)
    {
        Conversation talk = Proven();
        int aside = Aside(talk);
        talk.Sends("response.create", $"{Frame.Token}=$t");
        if (isAskedMeanwhile)
        {
            talk.Create();
            talk.Sends("response.create", $"{Frame.Token}=$u");
        }

        talk.Message("B", "n", outOfBand: true);
        Assert.Equal(0, talk.Audio("B", "n", 480).Turn);
        Assert.Empty(talk.Changes<SessionChange.ResponseStarted>());
        talk.Hear("response.done", "response.id=B", "response.status=completed", "response.conversation_id:=null", $"{Frame.Token}=$t");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(aside));
        if (!isAskedMeanwhile)
        {
            talk.Create();
            talk.Sends("response.create", $"{Frame.Token}=$u");
        }

        talk.Created("C", talk.Names["$u"]);
        talk.Done("C");
        Assert.Equal(2, talk.Changes<SessionChange.TurnEnded>().Count(static ended => ended.Outcome is TurnOutcome.Completed));
    }
}
