using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A response of which nothing is known but that a refusal names it (RC-05): it is what any response would be that began at this moment.</summary>
public class NamedResponseTests
{
    [Theory]
    [InlineData(false, TurnOrigin.ServerTurnDetection)]
    [InlineData(true, TurnOrigin.ServerIdleTimeout)]
    public void RC05_ResponseThatOnlyARefusalNames_IsTheAnswerThatTheServerOwed(bool isIdle, TurnOrigin origin)
    {
        var talk = Conversation.Detecting();
        int turn = talk.CreateWith("x").Turn;
        SessionCommand.CreateResponse create = talk.SentOnly<SessionCommand.CreateResponse>();
        if (isIdle)
        {
            talk.IdleTimeout();
        }

        talk.Committed();
        talk.BusyError(create.EventId, "V");
        Assert.Equal(origin, talk.Changes<SessionChange.TurnBegan>()[^1].Origin);
        Assert.Equal((origin, "V"), Assert.Single(talk.Changes<SessionChange.ResponseStarted>()) is var started ? (started.Origin, started.ResponseId) : default);
        talk.Done("V");
        talk.SentOnly<SessionCommand.CreateResponse>(); // nothing more is owed
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void RC05_ResponseThatOnlyARefusalNames_IsCancelledUnheard_WhenTheApplicationHadInterruptedTheAnswer()
    {
        var talk = Conversation.Detecting();
        int turn = talk.CreateWith("x").Turn;
        SessionCommand.CreateResponse create = talk.SentOnly<SessionCommand.CreateResponse>();
        talk.Committed();
        talk.Interrupt();
        talk.BusyError(create.EventId, "V");
        talk.Sends("response.cancel", "response_id=V");
        Assert.True(talk.Audio("V", "m", 4_800).IsDropped);
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.TurnBegan>()).Turn);
        talk.Done("V", FactStatus.Cancelled, "client_cancelled");
        talk.SentNothing();
        Assert.IsType<TurnOutcome.Withdrawn>(talk.Outcome(turn));
    }

    [Fact]
    public void RC05_ResponseThatOnlyARefusalNames_IsOfUnknownOrigin_WhenNothingWasOwed()
    {
        var talk = Conversation.Detecting();
        talk.CreateWith("x");
        talk.BusyError(talk.SentOnly<SessionCommand.CreateResponse>().EventId, "V");
        Assert.Equal(TurnOrigin.Unknown, talk.Changes<SessionChange.TurnBegan>()[^1].Origin);
    }
}
