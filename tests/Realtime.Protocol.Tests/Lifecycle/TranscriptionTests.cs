using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A session that only transcribes (RC-24), and sessions of another kind than was asked for.</summary>
public class TranscriptionTests
{
    [Fact]
    public void RC24_NothingAsksForAResponse()
    {
        var talk = Conversation.Transcribing();
        talk.Submit(SessionIntent.AudioAppended(48_000));
        Assert.Equal("RC-24", talk.Submit(SessionIntent.EndTurn()).Rule);
        Assert.Equal("RC-24", talk.Submit(SessionIntent.TextTurn("one")).Rule);
        Assert.Equal("RC-24", talk.Submit(SessionIntent.CreateResponse()).Rule);
        Assert.Equal("RC-24", talk.Submit(SessionIntent.ToolOutput("call", "{}")).Rule);
        talk.SendsNothing();
        Assert.Empty(talk.Changes<SessionChange.TurnBegan>());
    }

    [Fact]
    public void RC24_ATurnThatTheServerDetected_IsOwedNoAnswer()
    {
        var talk = Conversation.Transcribing();
        talk.SpeechStarted();
        talk.SpeechStopped();
        talk.Committed();
        Assert.False(talk.Machine.Core.Slot.IsAnswerOwed(talk.Now));
        Assert.True(Assert.Single(talk.Changes<SessionChange.InputCommitted>()).ByServer);
        talk.Hear("session.updated", "session.type=transcription", "session.audio.input.turn_detection.type=semantic_vad");
        talk.Committed();
        Assert.False(talk.Machine.Core.Slot.IsAnswerOwed(talk.Now));
        Assert.True(talk.Machine.Core.Detection.IsEnabled);
    }

    [Fact]
    public void RC24_WhatAsksForNothing_IsTaken()
    {
        var talk = Conversation.Transcribing();
        talk.Submit(SessionIntent.ClearInput());
        talk.Sends("input_audio_buffer.clear");
        int update = talk.Submit(SessionIntent.Configure(new Events.Session { Type = Events.SessionType.Transcription })).Operation;
        talk.Sends("session.update", "session.type=transcription");
        talk.Hear("session.updated", "session.type=transcription");
        Assert.Equal(update, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        talk.Submit(SessionIntent.Interrupt());
        talk.SendsNothing();
        Assert.Empty(talk.Changes<SessionChange.SessionKindDiffers>());
    }

    [Fact]
    public void RC24_DetectionThatIsTurnedOffWhileSomebodySpeaks_LeavesTheSpeechToOurCommit()
    {
        var talk = Conversation.Transcribing();
        talk.Submit(SessionIntent.AudioAppended(48_000));
        talk.Hear("input_audio_buffer.speech_started", "item_id=u");
        talk.Hear("session.updated", "session.type=transcription", "session.audio.input.turn_detection:=null", "session.audio.input.transcription.model=m");
        talk.Submit(SessionIntent.CommitInput());
        talk.Sends("input_audio_buffer.commit");
        Assert.Equal(UtteranceOutcome.Discarded, Assert.Single(talk.Changes<SessionChange.UtteranceEnded>()).Result.Outcome);
        talk.Hear("input_audio_buffer.committed", "item_id=u");
        talk.Hear("conversation.item.input_audio_transcription.completed", "item_id=u", "transcript=Dear neighbour,");
        Assert.Equal("Dear neighbour,", talk.Changes<SessionChange.UtteranceEnded>()[^1].Result.Transcript);
        talk.Wait(600_000);
        Assert.Equal(2, talk.Changes<SessionChange.UtteranceEnded>().Length);
    }

    [Theory]
    [InlineData(SessionPurpose.Conversation, "transcription", true)]
    [InlineData(SessionPurpose.Conversation, "translation", true)]
    [InlineData(SessionPurpose.Conversation, "of_tomorrow", false)]
    [InlineData(SessionPurpose.Transcription, "translation", true)]
    [InlineData(SessionPurpose.Transcription, "realtime", false)]
    public void ASessionThatIsOpenedAsAnotherKind_IsNone(SessionPurpose asked, string stated, bool isAnother)
    {
        var talk = Conversation.Unopened(new MachineSettings { IdPrefix = "test", Purpose = asked });
        talk.Hear("session.created", $"session.type={stated}");
        Assert.Equal(isAnother, talk.Changes<SessionChange.SessionKindDiffers>().Length == 1);
        Assert.Equal(!isAnother, talk.Changes<SessionChange.SessionOpened>().Length == 1);
    }

    [Theory]
    [InlineData(SessionPurpose.Conversation, "transcription", true)]
    [InlineData(SessionPurpose.Conversation, "realtime", false)]
    [InlineData(SessionPurpose.Transcription, "realtime", true)]
    [InlineData(SessionPurpose.Transcription, "transcription", false)]
    [InlineData(SessionPurpose.Transcription, "of_tomorrow", false)]
    public void AnAcknowledgementThatStatesAnotherKind_SaysSo(SessionPurpose asked, string stated, bool isAnother)
    {
        var talk = Conversation.Unopened(new MachineSettings { IdPrefix = "test", Purpose = asked });
        talk.Hear("session.updated", $"session.type={stated}");
        Assert.Equal(isAnother, talk.Changes<SessionChange.SessionKindDiffers>().Length == 1);
    }
}
