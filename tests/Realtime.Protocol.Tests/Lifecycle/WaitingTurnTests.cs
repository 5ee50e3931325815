using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What was asked for and not sent goes to another machine under its number, once; everything else ends with its connection.</summary>
public class WaitingTurnTests
{
    private static readonly RealtimeCloseReason Lost = new(RealtimeCloseKind.ConnectionLost, null, "");

    [Fact]
    public void TurnsThatWereNotSent_AreTaken_AndTheOthersEnd()
    {
        var talk = Conversation.Manual(Conversation.Settings(WhenBusy.Queue));
        int running = talk.Answering("r1");
        int waiting = talk.CreateWith("shout").Turn;
        int next = talk.CreateWith("whisper").Turn;
        WaitingRequest[] taken = [.. talk.Machine.TakeWaiting()];
        Assert.Equal([waiting, next], taken.Select(static request => request.Turn));
        talk.Machine.Close(Lost);
        talk.Submit(default); // effects are drained
        Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(running));
        Assert.True(talk.IsOpen(waiting) && talk.IsOpen(next));
        Assert.Empty(talk.Machine.TakeWaiting());
    }

    [Fact]
    public void SE09_OfASessionThatExpired_TheyCanBeTaken_AndNothingElseIs_UntilItIsClosed()
    {
        var talk = Conversation.Manual(Conversation.Settings(WhenBusy.Queue));
        talk.LeavesExpiredOpen = true;
        int running = talk.Answering("r1");
        int waiting = talk.CreateWith("shout").Turn;
        talk.Error("session_expired");
        RealtimeCloseReason reason = Assert.Single(talk.Changes<SessionChange.SessionExpired>()).Reason;
        Assert.True(talk.IsOpen(running) && talk.IsOpen(waiting));
        Assert.Equal("SE-09", talk.Create().Rule);
        talk.Done("r1");
        talk.Error("session_expired");
        talk.Drain();
        talk.Wait(600_000);
        talk.SendsNothing();
        Assert.True(talk.IsOpen(running) && talk.IsOpen(waiting));
        Assert.Equal(waiting, Assert.Single(talk.Machine.TakeWaiting()).Turn);
        talk.Machine.Close(reason);
        talk.Submit(default); // effects are drained
        Assert.Equal(reason, Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(running)).Reason);
        Assert.True(talk.IsOpen(waiting));
        Assert.Single(talk.Changes<SessionChange.SessionExpired>());
    }

    [Fact]
    public void ATurnThatWasTaken_IsAskedForElsewhere_UnderItsNumber_AndTheNextHasTheNextOne()
    {
        var numbers = new SessionNumbers();
        var talk = Conversation.Manual(Numbered(numbers, "one1"));
        talk.Answering("r1");
        int waiting = talk.CreateWith("shout").Turn;
        WaitingRequest taken = Assert.Single(talk.Machine.TakeWaiting());
        talk.Machine.Close(Lost);

        var other = Conversation.Manual(Numbered(numbers, "two2"));
        Assert.Equal(waiting, other.Submit(taken.Intent).Turn);
        other.Sends("response.create", "response.instructions=shout");
        Assert.Equal(waiting + 1, other.Create().Turn);
        Assert.Equal([waiting, waiting + 1], other.Changes<SessionChange.TurnBegan>().Select(static began => began.Turn));
    }

    [Fact]
    public void WhatTheServerBegan_WhatIsOnTheWire_AndWhatRuns_IsNotTaken()
    {
        var talk = Conversation.Manual(Conversation.Settings(WhenBusy.Queue));
        talk.Created("foreign", outOfBand: false);
        Assert.Empty(talk.Machine.TakeWaiting());
        talk.Done("foreign");
        talk.Create();
        Assert.Empty(talk.Machine.TakeWaiting());
    }

    [Fact]
    public void ARequestThatNeverCameToTheSocket_IsTaken_AndOneThatDidIsNot()
    {
        var talk = Conversation.Manual(Conversation.Settings(WhenBusy.Queue));
        int turn = talk.CreateWith("shout").Turn;
        string unsent = talk.SentOnly<SessionCommand.CreateResponse>().EventId;
        Assert.Empty(talk.Machine.TakeWaiting(["another"]));
        Assert.Equal(turn, Assert.Single(talk.Machine.TakeWaiting([unsent])).Turn);
        talk.Machine.Close(Lost);
        talk.Submit(default); // effects are drained
        Assert.True(talk.IsOpen(turn));
        Assert.Empty(talk.Machine.Checkpoint(0).Questions);
    }

    [Fact]
    public void ARequestBesideTheConversation_IsTakenAsWell_AndAskedForUnderItsNumber()
    {
        var numbers = new SessionNumbers();
        var talk = Conversation.Manual(Numbered(numbers, "one1"));
        int turn = talk.Create(AsideTalk.OutOfBand()).Turn;
        string unsent = talk.SentOnly<SessionCommand.CreateResponse>().EventId;
        WaitingRequest taken = Assert.Single(talk.Machine.TakeWaiting([unsent]));
        talk.Machine.Close(Lost);
        talk.Submit(default); // effects are drained
        Assert.True(talk.IsOpen(turn));

        var other = Conversation.Manual(Numbered(numbers, "two2"));
        Assert.Equal(turn, other.Submit(taken.Intent).Turn);
        other.Sends("response.create", "response.conversation=none");
        Assert.Equal(turn + 1, numbers.NextTurn());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void ANumberThatIsNone_IsRefused(int turn) => Assert.Throws<ArgumentOutOfRangeException>(() => SessionIntent.CreateResponse().OfTurn(turn));

    [Fact]
    public void ASessionThatGoesOn_CountsOn()
    {
        Assert.Equal(8, new SessionNumbers(7).NextTurn());
        Assert.Throws<ArgumentOutOfRangeException>(static () => new SessionNumbers(-1));
    }

    private static MachineSettings Numbered(SessionNumbers numbers, string prefix) => new() { IdPrefix = prefix, Numbers = numbers, TurnWhenBusy = WhenBusy.Queue };
}
