using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Cancels, late answers and silence: CX-01 to CX-03, RC-09 to RC-11, BP-01.</summary>
public class CancellationTests
{
    [Fact]
    public void CX03_HoweverOftenItIsInterrupted_AResponseIsCancelledOnce()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Interrupt();
        talk.Interrupt();
        talk.Submit(SessionIntent.CancelTurn(turn));
        talk.Wait(4_999);
        talk.SentOnly<SessionCommand.CancelResponse>();
    }

    [Fact]
    public void CX01_CancelNamesTheRunningResponse_AndItsTurnEndsWithIt()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Interrupt();
        Assert.Equal("A", talk.SentOnly<SessionCommand.CancelResponse>().ResponseId);
        Assert.True(talk.IsOpen(turn));
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.Application), talk.Outcome(turn));
    }

    [Fact]
    public void CX01_NothingRuns_NothingIsSent()
    {
        var talk = Conversation.Manual();
        talk.Interrupt();
        talk.SentNothing();
        Assert.Empty(talk.Changes<SessionChange>());
    }

    [Fact]
    public void CX02_CancelThatCameTooLate_IsNoError_AlsoAfterTheDone()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Interrupt();
        string eventId = talk.SentOnly<SessionCommand.CancelResponse>().EventId;
        talk.Done("A");
        talk.Error("response_cancel_not_active", eventId, "Cancellation failed: no active response found");
        Assert.Equal("CX-02", Assert.Single(talk.Changes<SessionChange.ErrorIgnored>()).Rule);
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.NotNull(talk.Outcome(turn));
        talk.Create();
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC10_InterruptBeforeTheResponseBegan_SendsNoBareCancel_AndCancelsByNameLater()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        string? token = talk.SentOnly<SessionCommand.CreateResponse>().Token;
        talk.Played(turn, 0);
        talk.Interrupt();
        talk.SentNothing();
        Assert.IsType<TurnOutcome.Withdrawn>(talk.Outcome(turn));

        int next = talk.Create().Turn;
        talk.SentNothing();
        talk.Created("Z", token);
        Assert.Equal("Z", talk.SentOnly<SessionCommand.CancelResponse>().ResponseId);
        talk.Message("Z", "m");
        Assert.True(talk.Audio("Z", "m", 48_000).IsDropped);
        talk.Done("Z", FactStatus.Cancelled);
        Assert.Collection(
            talk.Sent(),
            command => Assert.Equal("m", Assert.IsType<SessionCommand.DeleteItem>(command).ItemId),
            command => Assert.IsType<SessionCommand.CreateResponse>(command));
        Assert.True(talk.IsOpen(next));
        Assert.Equal(0, Assert.Single(talk.Changes<SessionChange.ResponseEnded>()).Turn);
    }

    [Fact]
    public void RC10_InterruptWithdrawsWhatWaits()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        int waiting = talk.Create().Turn;
        talk.Interrupt();
        Assert.IsType<TurnOutcome.Withdrawn>(talk.Outcome(waiting));
        talk.SentOnly<SessionCommand.CancelResponse>();
        talk.Done("A", FactStatus.Cancelled);
        talk.SentNothing();
    }

    [Fact]
    public void RC09_NoAnswerToARequest_EndsItsTurn_AndALateResponseIsNeverHeard()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        string? token = talk.SentOnly<SessionCommand.CreateResponse>().Token;
        talk.Wait(10_000);
        Assert.IsType<TurnOutcome.TimedOut>(talk.Outcome(turn));
        talk.Create();
        talk.SentNothing();

        talk.Created("Z", token);
        Assert.Equal("Z", talk.SentOnly<SessionCommand.CancelResponse>().ResponseId);
        Assert.True(talk.Audio("Z", "m", 48_000).IsDropped);
        talk.Done("Z", FactStatus.Cancelled);
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC09_LateRefusalOfATimedOutRequest_FreesThePlace()
    {
        var talk = Conversation.Manual();
        talk.Create();
        string eventId = talk.SentOnly<SessionCommand.CreateResponse>().EventId;
        talk.Wait(10_000);
        talk.Create();
        talk.Error("server_error", eventId);
        talk.SentOnly<SessionCommand.CreateResponse>();
    }

    [Fact]
    public void RC11_SilentResponse_IsProbed_AndEitherAnswerFreesThePlace()
    {
        foreach (bool refuses in new[] { true, false })
        {
            var talk = Conversation.Manual();
            int turn = talk.Answering("A");
            talk.Create();
            talk.Wait(30_000);
            SessionCommand.CancelResponse probe = talk.SentOnly<SessionCommand.CancelResponse>();
            Assert.Equal("A", probe.ResponseId);
            if (refuses)
            {
                talk.Error("response_cancel_not_active", probe.EventId);
            }
            else
            {
                talk.Done("A", FactStatus.Cancelled);
            }

            talk.SentOnly<SessionCommand.CreateResponse>();
            Assert.IsType<TurnOutcome.TimedOut>(talk.Outcome(turn));
        }
    }

    [Fact]
    public void RC11_ResponseThatKeepsTalking_IsNotProbed()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        for (int i = 0; i < 10; i++)
        {
            talk.Wait(20_000);
            talk.Audio("A", "m", 960);
        }

        talk.SentNothing();
    }

    [Fact]
    public void RC11_ResponseThatBeginsLateInASession_HasItsWholeTime()
    {
        var talk = Conversation.Manual();
        talk.Wait(60_000);
        talk.Answering("A");
        talk.Wait(29_999);
        talk.SentNothing();
        talk.Wait(1);
        Assert.Equal("A", talk.SentOnly<SessionCommand.CancelResponse>().ResponseId);
    }

    [Fact]
    public void RC11_ResponseThatOnlyARefusalNames_HasItsWholeTime()
    {
        var talk = Conversation.Manual();
        talk.Wait(60_000);
        talk.Create();
        talk.BusyError(talk.SentOnly<SessionCommand.CreateResponse>().EventId, "A");
        talk.Wait(29_999);
        talk.SentNothing();
        talk.Wait(1);
        Assert.Equal("A", talk.SentOnly<SessionCommand.CancelResponse>().ResponseId);
    }

    [Fact]
    public void RC11_NoAnswerToAProbe_MeansTheConnectionIsDead()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Wait(34_999);
        Assert.Empty(talk.Changes<SessionChange.ConnectionUnresponsive>());
        talk.Wait(100_000);
        Assert.Single(talk.Changes<SessionChange.ConnectionUnresponsive>());
    }

    [Fact]
    public void RC11_RequestThatIsNeverAnswered_IsProbedWithoutAName_AndALateResponseIsStillKnown()
    {
        var talk = Conversation.Manual();
        talk.Create();
        string? token = talk.SentOnly<SessionCommand.CreateResponse>().Token;
        talk.Wait(30_000);
        SessionCommand.CancelResponse probe = talk.SentOnly<SessionCommand.CancelResponse>();
        Assert.Null(probe.ResponseId);
        talk.Error("response_cancel_not_active", probe.EventId);

        talk.Created("Z", token);
        Assert.Equal("Z", talk.SentOnly<SessionCommand.CancelResponse>().ResponseId);
    }

    [Fact]
    public void RC11_RequestThatIsNeverAnswered_AndNeitherIsItsProbe_MeansTheConnectionIsDead()
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.Wait(35_000);
        Assert.Single(talk.Changes<SessionChange.ConnectionUnresponsive>());
    }

    [Fact]
    public void BP01_ResponseBeyondTheAudioCap_IsCancelled_AndSaysSo()
    {
        var talk = Conversation.Manual(Conversation.Settings(maxAudio: 1_000));
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        Assert.False(talk.Audio("A", "m", 48_000).IsDropped);
        talk.SentNothing();
        Assert.True(talk.Audio("A", "m", 48).IsDropped);
        talk.SentOnly<SessionCommand.CancelResponse>();
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        Assert.IsType<TurnOutcome.AudioOverrun>(talk.Outcome(turn));
    }

    [Fact]
    public void CX02_CancelsThatTheServerNeverAnswers_TakeNoAnswerOfALaterOne()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Interrupt();
        talk.Done("A"); // completed: the cancel came too late, and nothing is said of it
        talk.Wait(5_001);
        talk.Sent();
        talk.Answering("B");
        talk.Interrupt();
        Assert.Equal("B", talk.SentOnly<SessionCommand.CancelResponse>().ResponseId);
        talk.Error("response_cancel_not_active");
        talk.Create();
        talk.SentOnly<SessionCommand.CreateResponse>();
    }
}
