using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>
/// What silence does to a turn between two of its responses, while its tools run or its next response is asked for: a turn that was silenced is over, and one that makes no sound goes on
/// (CX-04, FC-06).
/// </summary>
public class WaitingForToolsTests
{
    [Theory]
    [InlineData(null)] // nobody knows what was heard
    [InlineData(700)]
    [InlineData(0)]
    public void CX04_TurnThatMayBeHeard_IsOverWhenTheUserSpeaks_AndItsOutputAsksForNothing(int? playedMilliseconds)
    {
        var talk = Conversation.Detecting();
        int turn = SpokenAndCalling(talk);
        if (playedMilliseconds is { } played)
        {
            talk.Played(turn, played);
        }

        talk.SpeechStarted();
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), talk.Outcome(turn));
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);
        Assert.Equal(new SessionChange.ToolCallWithdrawn(turn, "f", "call_1"), Assert.Single(talk.Changes<SessionChange.ToolCallWithdrawn>()));
        Assert.DoesNotContain(talk.Sent(), static command => command is SessionCommand.CancelResponse);

        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.SentOnly<SessionCommand.CreateToolOutput>();
        AnswersTheUser(talk);
        talk.Wait(60_000);
        talk.SentNothing();
    }

    [Fact]
    public void CX04_TurnThatWasTakenToItsEnd_MayStillLieInALoudspeaker_SoItIsOver()
    {
        var talk = Conversation.Detecting();
        int turn = SpokenAndCalling(talk);
        talk.Taken(turn, 2_000);
        talk.SpeechStarted();
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), talk.Outcome(turn));
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.SentOnly<SessionCommand.CreateToolOutput>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // all of what it said was reported as heard
    public void CX04_SilentTurn_GoesOn_AndItsNextResponseIsHeard(bool hasSpoken)
    {
        var talk = Conversation.Detecting();
        int turn = hasSpoken ? SpokenAndCalling(talk) : Calling(talk);
        if (hasSpoken)
        {
            talk.Played(turn, 2_000);
        }

        talk.SpeechStarted();
        Assert.Empty(talk.Changes<SessionChange.PlaybackStopped>());
        Assert.Empty(talk.Changes<SessionChange.ToolCallWithdrawn>());
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.SentOnly<SessionCommand.CreateToolOutput>(); // the create is held (RC-17)
        AnswersTheUser(talk);
        talk.Created("B", talk.SentOnly<SessionCommand.CreateResponse>().Token);
        talk.Message("B", "mb");
        Assert.Equal(new Reception(turn, IsDropped: false), talk.Audio("B", "mb", 4_800));
        talk.ItemDone("B", "mb");
        talk.Done("B");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void RC16_SilentTurn_IsAnsweredByTheServersAnswer_WhenThatHasReadItsOutput()
    {
        var talk = Conversation.Detecting();
        int turn = Calling(talk);
        talk.SpeechStarted();
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.ItemAdded(talk.SentOnly<SessionCommand.CreateToolOutput>().ItemId, ItemFactKind.FunctionCallOutput);
        talk.SpeechStopped();
        talk.Committed();
        talk.Created("W");
        Assert.False(talk.Audio("W", "mw", 4_800).IsDropped);
        talk.Done("W");
        talk.SentNothing();
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void RC10_NextResponseThatIsAskedFor_IsCancelledUnheard_WhenTheUserSilencedItsTurn()
    {
        var talk = Conversation.Detecting();
        int turn = SpokenAndCalling(talk);
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        SessionCommand.CreateResponse create = Assert.IsType<SessionCommand.CreateResponse>(talk.Sent()[^1]);
        talk.SpeechStarted();
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), talk.Outcome(turn));
        talk.SentNothing(); // there is nothing to cancel yet
        talk.Created("B", create.Token);
        talk.Sends("response.cancel", "response_id=B");
        Assert.True(talk.Audio("B", "mb", 4_800).IsDropped);
        talk.Done("B", FactStatus.Cancelled, "client_cancelled");
        AnswersTheUser(talk);
        talk.SentNothing();
    }

    [Fact]
    public void RC17_NextResponseThatIsAskedForByASilentTurn_IsStillHeard()
    {
        var talk = Conversation.Detecting();
        int turn = Calling(talk);
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        SessionCommand.CreateResponse create = Assert.IsType<SessionCommand.CreateResponse>(talk.Sent()[^1]);
        talk.SpeechStarted();
        talk.Created("B", create.Token);
        Assert.Equal(new Reception(turn, IsDropped: false), talk.Audio("B", "mb", 4_800));
    }

    [Fact]
    public void CX04_NextResponseThatWaits_IsNotAskedFor_WhenTheUserSilencedItsTurn()
    {
        var talk = Conversation.Detecting();
        int turn = SpokenAndCalling(talk);
        int other = talk.CreateWith("x").Turn;
        talk.Created("B", talk.SentOnly<SessionCommand.CreateResponse>().Token);
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.SentOnly<SessionCommand.CreateToolOutput>(); // its create waits behind B
        talk.SpeechStarted();
        talk.Done("B", FactStatus.Cancelled, "turn_detected");
        AnswersTheUser(talk);
        talk.SentNothing();
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), talk.Outcome(turn));
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), talk.Outcome(other));
        Assert.Equal([turn, other], talk.Changes<SessionChange.PlaybackStopped>().Select(static stopped => stopped.Turn));
    }

    [Fact]
    public void CX04_NextResponseBeforeItsFirstAudio_IsInterruptedByTheServer_AndItsTurnIsToldOnce()
    {
        var talk = Conversation.Detecting();
        int turn = SpokenAndCalling(talk);
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Created("B", Assert.IsType<SessionCommand.CreateResponse>(talk.Sent()[^1]).Token);
        talk.SpeechStarted();
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.PlaybackStopped>()).Turn);
        Assert.True(talk.Audio("B", "mb", 4_800).IsDropped);
        talk.Done("B", FactStatus.Cancelled, "turn_detected");
        talk.SentNothing();
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), talk.Outcome(turn));
    }

    [Fact]
    public void CX04_WhatWaitsForItsFirstResponse_StaysWhenTheUserSpeaks()
    {
        var talk = Conversation.Detecting();
        int turn = SpokenAndCalling(talk);
        int waiting = talk.Say().Turn; // joins nothing: the model may be heard, but nothing runs
        SessionCommand.CreateResponse create = Assert.IsType<SessionCommand.CreateResponse>(talk.Sent()[^1]);
        talk.SpeechStarted();
        Assert.IsType<TurnOutcome.Interrupted>(talk.Outcome(turn));
        Assert.True(talk.IsOpen(waiting));
        talk.Created("B", create.Token);
        Assert.Equal(new Reception(waiting, IsDropped: false), talk.Audio("B", "mb", 4_800));
    }

    [Fact]
    public void TD08_SpeechThatDoesNotInterrupt_LeavesATurnThatWaitsAlone()
    {
        var talk = Conversation.Detecting(interrupts: false);
        int turn = SpokenAndCalling(talk);
        talk.SpeechStarted();
        Assert.Empty(talk.Changes<SessionChange.PlaybackStopped>());
        Assert.True(talk.IsOpen(turn));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FC06_TurnThatIsCancelledWhileItsToolRuns_IsOver_AndItsOutputAsksForNothing(bool hasSpoken)
    {
        var talk = Conversation.Detecting();
        int turn = hasSpoken ? SpokenAndCalling(talk) : Calling(talk);
        talk.Submit(SessionIntent.CancelTurn(turn));
        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.Application), talk.Outcome(turn));
        Assert.Equal(hasSpoken ? 1 : 0, talk.Changes<SessionChange.PlaybackStopped>().Length);
        Assert.Single(talk.Changes<SessionChange.ToolCallWithdrawn>());
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.SentOnly<SessionCommand.CreateToolOutput>();
        Assert.Single(talk.Changes<SessionChange.TurnEnded>());
    }

    [Fact]
    public void CX04_TurnThatIsOver_IsForgottenOnce()
    {
        var talk = Conversation.Detecting();
        int turn = SpokenAndCalling(talk);
        talk.Taken(turn, 2_000);
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.SpeechStarted();
        Assert.Equal(new SessionChange.TurnForgotten(turn), Assert.Single(talk.Changes<SessionChange.TurnForgotten>()));
    }

    /// <summary>A turn of the server's that called a tool without a word, and whose response is done.</summary>
    private static int Calling(Conversation talk)
    {
        talk.Created("A");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        return Assert.Single(talk.Changes<SessionChange.TurnBegan>()).Turn;
    }

    /// <summary>A turn of the server's that said something for two seconds, called a tool, and whose response is done.</summary>
    private static int SpokenAndCalling(Conversation talk)
    {
        talk.Created("A");
        talk.Message("A", "m");
        talk.Audio("A", "m", 96_000);
        talk.AudioDone("A", "m");
        talk.ItemDone("A", "m");
        talk.Call("A", "f", "call_1");
        talk.Done("A");
        return Assert.Single(talk.Changes<SessionChange.TurnBegan>()).Turn;
    }

    /// <summary>The user has spoken, and the server answers.</summary>
    private static void AnswersTheUser(Conversation talk)
    {
        talk.SpeechStopped();
        talk.Committed();
        talk.Created("W");
        talk.Done("W");
    }
}
