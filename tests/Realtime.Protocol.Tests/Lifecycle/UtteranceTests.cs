using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Where an utterance begins, what it is, and that it ends once.</summary>
public class UtteranceTests
{
    [Fact]
    public void WhereNothingIsTranscribed_AnUtteranceEndsWithItsCommit()
    {
        Conversation talk = Conversation.Detecting();
        talk.Hear("session.updated", "session.type=realtime", "session.audio.input.transcription:=null");
        talk.SpeechStarted();
        talk.SpeechStopped();
        Assert.Null(talk.Said(1));
        talk.Committed();

        Assert.Equal(UtteranceOutcome.NotTranscribed, talk.Said(1)!.Outcome);
    }

    [Fact]
    public void AClearedInput_DiscardsWhatWasSpoken_AndLeavesWhatIsCommitted()
    {
        Conversation talk = Listening();
        Say(talk, "u");
        talk.SpeechStarted("v");

        talk.Hear("input_audio_buffer.cleared");

        Assert.Null(talk.Said(1));
        Assert.Equal(UtteranceOutcome.Discarded, talk.Said(2)!.Outcome);
    }

    [Fact]
    public void ACommit_IsAnUtterance_AndAsksForNothing()
    {
        Conversation talk = Conversation.Manual();
        talk.Transcribes();
        talk.Submit(SessionIntent.AudioAppended(48_000));
        SubmitResult result = talk.Submit(SessionIntent.CommitInput());
        talk.Sends("input_audio_buffer.commit");
        Assert.Equal((SubmitVerdict.Accepted, 0), (result.Verdict, result.Turn));

        talk.Committed("u");
        talk.SendsNothing();
        Assert.Equal(result.Operation, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        talk.Transcript("u", "hello");

        Assert.Equal("hello", talk.Said(1)!.Transcript);
        Assert.Equal(0, Assert.Single(talk.Changes<SessionChange.UtteranceBegan>()).Turn);
        Assert.Equal("TD-03", talk.Submit(SessionIntent.CommitInput()).Rule);
    }

    [Fact]
    public void TD03_ACommit_IsRefused_WhereTheServerTakesTheTurns()
    {
        Conversation talk = Listening();
        talk.Submit(SessionIntent.AudioAppended(48_000));

        Assert.Equal("TD-03", talk.Submit(SessionIntent.CommitInput()).Rule);
        talk.SendsNothing();
        Assert.Empty(talk.Changes<SessionChange.UtteranceBegan>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ACommitThatIsRefused_FailsAndDiscards(bool isNamed)
    {
        Conversation talk = Conversation.Manual();
        talk.Transcribes();
        talk.Submit(SessionIntent.AudioAppended(48_000));
        int operation = talk.Submit(SessionIntent.CommitInput()).Operation;
        string eventId = talk.SentOnly<SessionCommand.CommitInput>().EventId;

        talk.Error("input_audio_buffer_commit_empty", isNamed ? eventId : null);

        Assert.Equal(operation, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        Assert.Equal((UtteranceOutcome.Discarded, "input_audio_buffer_commit_empty"), (talk.Said(1)!.Outcome, talk.Said(1)!.Error!.Code));
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void ACommitThatNothingAnswers_FailsInTime_AndItsUtteranceEnds()
    {
        Conversation talk = Conversation.Manual();
        talk.Transcribes();
        talk.Submit(SessionIntent.AudioAppended(48_000));
        talk.Submit(SessionIntent.CommitInput());

        talk.Wait(10_000);
        Assert.Null(Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Error);
        talk.Wait(50_000);
        Assert.Equal(UtteranceOutcome.NotTranscribed, talk.Said(1)!.Outcome);
    }

    [Fact]
    public void ASpokenTurn_KnowsItsUtterance_AndARefusedOneIsDiscarded()
    {
        Conversation talk = Conversation.Manual();
        talk.Transcribes();
        int turn = talk.Speak().Turn;
        Assert.Equal(turn, Assert.Single(talk.Changes<SessionChange.UtteranceBegan>()).Turn);

        talk.Error("input_audio_buffer_commit_empty");

        Assert.Equal(UtteranceOutcome.Discarded, talk.Said(1)!.Outcome);
    }

    [Fact]
    public void AServerThatCommitsAnotherItemThanItNamed_MeansTheLastThatItHeard()
    {
        Conversation talk = Listening();
        talk.SpeechStarted("draft");
        talk.SpeechStopped("u");
        talk.Committed("w");
        talk.Transcript("w", "hello");

        Assert.Equal("hello", talk.Said(1)!.Transcript);
        Assert.Single(talk.Changes<SessionChange.UtteranceBegan>());
        Assert.Equal([1], talk.Changes<SessionChange.InputCommitted>().Select(committed => committed.Utterance));
    }

    [Fact]
    public void SpeechThatIsToldTwice_OrWithoutItsBeginning_IsOneUtterance()
    {
        Conversation talk = Listening();
        talk.SpeechStarted("u");
        talk.SpeechStarted("u");
        talk.SpeechStopped("u");
        talk.Committed("u");
        talk.SpeechStopped("v");
        talk.Committed("v");
        talk.Committed("x");

        Assert.Equal([1, 2, 3], talk.Changes<SessionChange.UtteranceBegan>().Select(began => began.Utterance));
        Assert.Equal([1, 2, 3], talk.Changes<SessionChange.InputCommitted>().Select(committed => committed.Utterance));
    }

    [Fact]
    public void TheSilenceOfTheUser_IsNoUtterance()
    {
        Conversation talk = Listening();
        talk.IdleTimeout("silent");
        talk.Committed("silent");
        talk.Transcript("silent", "");

        Assert.Empty(talk.Changes<SessionChange.UtteranceBegan>());
        Assert.Equal(0, Assert.Single(talk.Changes<SessionChange.InputCommitted>()).Utterance);
    }

    [Fact]
    public void WithTheConnection_EveryUtteranceEnds_Once()
    {
        Conversation talk = Listening();
        Say(talk, "u");
        talk.Transcript("u", "hello");
        Say(talk, "v");
        talk.SpeechStarted("w");
        talk.Close();
        talk.Close();

        Assert.Equal([UtteranceOutcome.Transcribed, UtteranceOutcome.Disconnected, UtteranceOutcome.Disconnected], talk.Changes<SessionChange.UtteranceEnded>().Select(ended => ended.Result.Outcome));
    }

    [Fact]
    public void MoreUtterancesThanAnySessionHas_EndTheOldest()
    {
        Conversation talk = Listening();
        for (int i = 0; i <= UtteranceTable.MaxLive; i++)
        {
            talk.SpeechStarted($"u{i}");
        }

        Assert.Equal(1, Assert.Single(talk.Changes<SessionChange.UtteranceEnded>()).Utterance);
    }

    private static Conversation Listening()
    {
        Conversation talk = Conversation.Detecting();
        talk.Transcribes();
        return talk;
    }

    private static void Say(Conversation talk, string item)
    {
        talk.SpeechStarted(item);
        talk.SpeechStopped(item);
        talk.Committed(item);
    }
}
