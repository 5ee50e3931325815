using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Another speed waits for the end of the running response, and what is asked for after it waits behind it: SE-06.</summary>
public class SpeedTests
{
    [Fact]
    public void SE06_ASpeedIsSentAtOnce_WhileNothingRuns()
    {
        var talk = Conversation.Manual();
        Assert.Equal(SubmitVerdict.Accepted, Ask(talk, 1.2).Verdict);
        talk.Sends("session.update", "session.audio.output.speed:=1.2");
    }

    [Fact]
    public void SE06_UpdatesKeepTheirOrder_AndGoOutBeforeCreates()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.CreateWith("before");
        Assert.Equal(SubmitVerdict.Queued, Ask(talk, 1.2).Verdict);
        Assert.Equal(SubmitVerdict.Queued, talk.Submit(SessionIntent.Configure(new Session { Instructions = "second" })).Verdict);
        talk.CreateWith("after");
        talk.SendsNothing();

        talk.Done("A");
        talk.Sends("session.update", "session.audio.output.speed:=1.2");
        talk.Sends("session.update", "session.instructions=second");
        talk.Sends("response.create", "response.instructions=before");
        talk.SendsNothing();
    }

    [Fact]
    public void SE06_UpdatesWithoutASpeed_DoNotWait()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        Assert.Equal(SubmitVerdict.Accepted, talk.Submit(SessionIntent.Configure(new Session { Instructions = "now" })).Verdict);
        talk.Sends("session.update", "session.instructions=now");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SE06_ItWaits_AlsoForAResponseThatIsAboutToBegin(bool isOurs)
    {
        Conversation talk = isOurs ? Conversation.Manual() : Conversation.Detecting();
        string? token = isOurs ? talk.Ask() : null;
        if (!isOurs)
        {
            talk.Committed("u");
        }

        Ask(talk, 1.2);
        talk.SendsNothing();
        talk.Created("A", token);
        talk.SendsNothing();
        talk.Done("A");
        talk.Sends("session.update", "session.audio.output.speed:=1.2");
    }

    [Fact]
    public void SE06_ItIsAcknowledgedAndRejectedLikeAnyOther()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        int first = Ask(talk, 1.2).Operation;
        int second = Ask(talk, 9).Operation;
        talk.Updated(); // of nobody that waits
        Assert.Empty(talk.Changes<SessionChange.OperationCompleted>());

        talk.Done("A");
        talk.Sends("session.update");
        talk.Sends("session.update", "event_id=$wrong");
        talk.Updated();
        talk.Error("decimal_above_max_value", talk.Names["$wrong"]);
        Assert.Equal(first, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        Assert.Equal((second, "decimal_above_max_value"), Assert.Single(talk.Changes<SessionChange.OperationFailed>()) is var failed ? (failed.Operation, failed.Error?.Code) : default);
    }

    [Fact]
    public void SE06_WhatWaitedForTooLong_IsNotSentAnyMore()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        int asked = Ask(talk, 1.2).Operation;
        for (int second = 0; second < 40; second++)
        {
            talk.Audio("A", "m", 4_800);
            talk.Wait(1_000);
        }

        Assert.Equal((asked, "not_sent"), Assert.Single(talk.Changes<SessionChange.OperationFailed>()) is var failed ? (failed.Operation, failed.Error?.Code) : default);
        talk.Done("A");
        talk.SendsNothing();
    }

    [Fact]
    public void SE06_WithTheConnection_ItEnds_AndIsNotSent()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        int asked = Ask(talk, 1.2).Operation;
        talk.Close();
        Assert.Equal((asked, null), Assert.Single(talk.Changes<SessionChange.OperationFailed>()) is var failed ? (failed.Operation, failed.Error) : default);
        talk.SendsNothing();
    }

    [Fact]
    public void SE06_AVoiceThatBecameFixedMeanwhile_IsNotAskedFor()
    {
        var talk = Conversation.Manual();
        talk.Hear("session.updated", "-session", "session.type=realtime", "session.audio.output.voice=marin");
        talk.Answering("A");
        int other = talk.Submit(SessionIntent.Configure(new Session { Audio = { Output = { Speed = 1.2, Voice = "cedar" } } })).Operation;
        talk.Submit(SessionIntent.Configure(new Session { Audio = { Output = { Speed = 1.3, Voice = "marin" } } }));
        talk.Audio("A", "m", 4_800);
        talk.Done("A");

        talk.Sends("session.update", "session.audio.output.speed:=1.3", "-session.audio.output.voice");
        talk.SendsNothing();
        Assert.Equal((other, "session.audio.output.voice"), Assert.Single(talk.Changes<SessionChange.OperationFailed>()) is var failed ? (failed.Operation, failed.Error?.Parameter) : default);
    }

    [Fact]
    public void SE06_WhatWaits_IsBounded()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        for (int i = 0; i < 256; i++)
        {
            Assert.True(Ask(talk, 1.2).IsAccepted);
        }

        Assert.Equal("SE-06", Ask(talk, 1.2).Rule);
        talk.Done("A");
        Assert.Equal(256, talk.Sent().Length);
    }

    private static SubmitResult Ask(Conversation talk, double speed) => talk.Submit(SessionIntent.Configure(new Session { Audio = { Output = { Speed = speed } } }));
}
