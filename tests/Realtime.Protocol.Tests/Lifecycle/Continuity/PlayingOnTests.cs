using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Continuity;

/// <summary>What had come of an answer when its connection ended plays on: what is heard of it counts, it can be silenced, and the next connection silences it like its own.</summary>
public class PlayingOnTests
{
    private const int TwoSeconds = 2 * 48_000;

    [Fact]
    public void WhatIsHeardBehindTheEnd_Counts()
    {
        var talk = Conversation.Manual();
        int turn = Answered(talk);
        talk.Played(turn, 500);
        talk.Close();
        talk.Played(turn, 1_500);
        Assert.Equal("one two three", Words(talk.Machine.Checkpoint(talk.Now)));
        Assert.Equal("one two three four", Words(talk.Machine.Checkpoint(talk.Now, playsOn: true)));
        talk.Played(turn, 2_000);
        Assert.Equal("one two three four", Words(talk.Machine.Checkpoint(talk.Now)));
        talk.SendsNothing();
    }

    [Fact]
    public void WhatIsSilencedBehindTheEnd_IsCutWhereItWasHeard_AndTold_AndNothingIsSent()
    {
        var talk = Conversation.Manual();
        int turn = Answered(talk);
        talk.Played(turn, 1_000);
        talk.Close();
        talk.Interrupt();
        SessionChange.PlaybackStopped stopped = Assert.Single(talk.Changes<SessionChange.PlaybackStopped>());
        Assert.Equal((turn, InterruptionReason.Application, new HeardAudio(48_000, HeardBasis.Reported)), (stopped.Turn, stopped.Reason, stopped.Heard));
        talk.Interrupt();
        Assert.Single(talk.Changes<SessionChange.PlaybackStopped>());
        talk.Played(turn, 2_000); // too late
        Assert.Equal("one two", Words(talk.Machine.Checkpoint(talk.Now, playsOn: true)));
        Assert.Contains(talk.Changes<SessionChange.TurnForgotten>(), forgotten => forgotten.Turn == turn);
        Assert.Equal("SE-09", talk.Create().Rule);
        Assert.Equal("SE-09", talk.Submit(SessionIntent.CancelTurn(turn)).Rule);
        talk.SendsNothing();
    }

    [Fact]
    public void WhatWasReportedAsUnheard_IsLeftOut_WhenItIsSilenced()
    {
        var talk = Conversation.Manual();
        int turn = Answered(talk);
        talk.Played(turn, 0);
        talk.Close();
        talk.Interrupt();
        Assert.DoesNotContain(talk.Machine.Checkpoint(talk.Now, playsOn: true).Items, static item => item.Id == "a");
    }

    [Fact]
    public void OfARunningAnswer_WhatCame_PlaysOn()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "a", TwoSeconds);
        talk.Hear("response.output_audio_transcript.delta", "response_id=A", "item_id=a", "content_index:=0", "delta=one two three four");
        talk.Played(turn, 500);
        talk.Close();
        Assert.IsType<TurnOutcome.Disconnected>(talk.Outcome(turn));
        Assert.Equal("one two three four", Words(talk.Machine.Checkpoint(talk.Now, playsOn: true)));
        Assert.DoesNotContain(talk.Changes<SessionChange.TurnForgotten>(), forgotten => forgotten.Turn == turn);
    }

    [Fact]
    public void TheNextConnection_SilencesItWithItsOwn_AndTruncatesNothing()
    {
        var talk = Conversation.Detecting();
        int turn = Answered(talk);
        talk.Played(turn, 500);
        talk.Close();
        talk.Wait(10_000);
        var next = Conversation.Detecting();
        next.Machine.GoOnPlaying(talk.Machine, next.Now, talk.Now);
        next.Played(turn, 1_000);
        Assert.Equal(long.MaxValue, next.Machine.PlaysUntil); // it is reported short of its end
        next.SpeechStarted();
        SessionChange.PlaybackStopped stopped = Assert.Single(next.Changes<SessionChange.PlaybackStopped>());
        Assert.Equal((turn, InterruptionReason.UserSpeech, new HeardAudio(48_000, HeardBasis.Reported)), (stopped.Turn, stopped.Reason, stopped.Heard));
        Assert.Contains(next.Changes<SessionChange.TurnForgotten>(), forgotten => forgotten.Turn == turn);
        next.SendsNothing();
        talk.Interrupt();
        Assert.Empty(talk.Changes<SessionChange.PlaybackStopped>()); // there is nothing left
    }

    [Fact]
    public void TheNextConnection_IsQuietWhenItHasBeenPlayed_AndForgetsIt()
    {
        var talk = Conversation.Manual();
        int turn = Answered(talk);
        talk.Taken(turn, 2_000);
        talk.Wait(500);
        talk.Close();
        talk.Wait(500);
        var next = Conversation.Manual();
        next.Wait(60_000);
        next.Machine.GoOnPlaying(talk.Machine, next.Now, talk.Now);
        Assert.False(next.Machine.IsHeardOut(next.Now));
        next.Wait(900);
        Assert.False(next.Machine.IsHeardOut(next.Now));
        next.Wait(200);
        Assert.True(next.Machine.IsHeardOut(next.Now));
        next.Played(turn, 2_000);
        Assert.Contains(next.Changes<SessionChange.TurnForgotten>(), forgotten => forgotten.Turn == turn);
        Assert.Throws<ArgumentNullException>(() => next.Machine.GoOnPlaying(null!, 0, 0));
    }

    // Two seconds of four words.
    private static int Answered(Conversation talk)
    {
        int turn = talk.Speaking("A", "a", TwoSeconds);
        talk.Hear("response.output_audio_transcript.delta", "response_id=A", "item_id=a", "content_index:=0", "delta=one two three four");
        talk.AudioDone("A", "a");
        talk.ItemDone("A", "a");
        talk.Done("A");
        return turn;
    }

    private static string Words(SessionCheckpoint checkpoint) => Assert.IsType<ConversationItem.Message>(Assert.Single(checkpoint.Items, static item => item.Id == "a")).Text;
}
