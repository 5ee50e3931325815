using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Transcripts of what the user said find their utterances and items whenever they come.</summary>
public class TranscriptTests
{
    [Fact]
    public void TX01_TranscriptsFindTheirItems_InAnyOrder_AlsoBeforeThem()
    {
        Conversation talk = Listening();
        talk.Piece("b", "se");
        talk.Transcript("b", "second");
        talk.Transcript("a", "first");

        Say(talk, "a");
        Say(talk, "b");

        Assert.Equal((UtteranceOutcome.Transcribed, "first"), (talk.Said(1)!.Outcome, talk.Said(1)!.Transcript));
        Assert.Equal((UtteranceOutcome.Transcribed, "second"), (talk.Said(2)!.Outcome, talk.Said(2)!.Transcript));
        Assert.Equal(["a", "b"], talk.Changes<SessionChange.ItemTranscribed>().Select(written => written.ItemId));
    }

    [Fact]
    public void TX01_ATranscriptOfAnItemThatNeverComes_IsDropped_AndReportedOnce()
    {
        Conversation talk = Listening();
        talk.Piece("nowhere", "lost");
        talk.Transcript("nowhere", "lost words");

        talk.Wait(59_999);
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
        talk.Wait(1);

        Assert.Equal("TX-01", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
        Assert.Empty(talk.Changes<SessionChange.ItemTranscribed>());
        talk.Wait(600_000);
        Assert.Single(talk.Changes<SessionChange.ViolationTolerated>());
    }

    [Fact]
    public void TX01_OfManyItemsThatNeverCome_TheOldestTranscriptsAreDropped()
    {
        Conversation talk = Listening();
        for (int i = 0; i <= TranscriptTable.MaxUnawaited; i++)
        {
            talk.Transcript($"x{i}", "lost");
        }

        Assert.Equal("TX-01", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
        talk.ItemAdded("x0");
        talk.ItemAdded("x1");
        Assert.Equal("x1", Assert.Single(talk.Changes<SessionChange.ItemTranscribed>()).ItemId);
    }

    [Fact]
    public void TX01_ATranscriptAfterTheAnswerIsOver_StillFindsItsItem()
    {
        Conversation talk = Listening();
        Say(talk, "u");
        talk.Created("A");
        talk.Done("A");

        talk.Transcript("u", "hello");

        Assert.Equal("hello", talk.Said(1)!.Transcript);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TX01_TheConversationShowsTheWords_WhicheverComesFirst(bool isTranscriptFirst)
    {
        Conversation talk = Listening();
        Say(talk, "u");
        if (isTranscriptFirst)
        {
            talk.Transcript("u", "hello");
        }

        talk.Hear("conversation.item.added", "item:={\"id\":\"u\",\"type\":\"message\",\"role\":\"user\",\"status\":\"completed\",\"content\":[{\"type\":\"input_audio\",\"transcript\":null}]}");
        if (!isTranscriptFirst)
        {
            talk.Transcript("u", "hello");
        }

        var message = (ConversationItem.Message)Assert.Single(talk.Machine.Core.Items.Mirror.Snapshot);
        Assert.Equal("hello", Assert.IsType<ItemContent.Audio>(Assert.Single(message.Content)).Transcript);
    }

    [Fact]
    public void TX01_AnItemThatNobodySpoke_HasItsTranscript_AndIsNoUtterance()
    {
        Conversation talk = Listening();
        talk.ItemAdded("recorded");
        talk.Transcript("recorded", "old words");

        SessionChange.ItemTranscribed written = Assert.Single(talk.Changes<SessionChange.ItemTranscribed>());
        Assert.Equal(("recorded", 0, "old words"), (written.ItemId, written.ContentIndex, written.Result.Transcript));
        Assert.Empty(talk.Changes<SessionChange.UtteranceBegan>());
    }

    [Fact]
    public void TX01_EveryPartHasItsOwnTranscript()
    {
        Conversation talk = Listening();
        talk.ItemAdded("m");
        talk.Piece("m", "tw", contentIndex: 1);
        talk.Piece("m", "thr", contentIndex: 2);
        talk.Transcript("m", "one");
        talk.Transcript("m", "three", contentIndex: 2);
        talk.Transcript("m", "two", contentIndex: 1);
        talk.Transcript("m", "far", contentIndex: 16);
        talk.Transcript("m", "none", contentIndex: -1);

        Assert.Equal([(0, "one"), (2, "three"), (1, "two")], talk.Changes<SessionChange.ItemTranscribed>().Select(written => (written.ContentIndex, written.Result.Transcript)));
    }

    [Fact]
    public void TX02_PiecesAddUp_AndTheWholeHasTheLastWord_Once()
    {
        Conversation talk = Listening();
        Say(talk, "u");

        Assert.Equal((1, "hel"), Heard(talk, talk.Piece("u", "hel")));
        Assert.Equal((1, "o\n"), Heard(talk, talk.Piece("u", "o\n")));
        Assert.Equal(0, talk.Transcript("u", "Hello.").Utterance);
        Assert.Equal("Hello.", talk.Said(1)!.Transcript);

        Assert.Equal(0, talk.Piece("u", "!").Utterance);
        Assert.Equal(0, talk.Transcript("u", "other").Utterance);
        Assert.Single(talk.Changes<SessionChange.ItemTranscribed>());
    }

    [Fact]
    public void TX02_PiecesThatRepeatAllBefore_AreTheTextSoFar()
    {
        Conversation talk = Listening();
        Say(talk, "u");

        Assert.Equal((1, "what"), Heard(talk, talk.Piece("u", "what")));
        Assert.Equal((1, " a"), Heard(talk, talk.Piece("u", "what a")));
        Assert.Equal((1, " day"), Heard(talk, talk.Piece("u", "what a day")));
        talk.Hear("conversation.item.input_audio_transcription.completed", "item_id=u", "transcript=");

        Assert.Equal("what a day", talk.Said(1)!.Transcript);
    }

    [Fact]
    public void TX02_AWholeWithoutPieces_IsTheFirstThatThereIsToSee()
    {
        Conversation talk = Listening();
        Say(talk, "u");

        Assert.Equal((1, "hello"), Heard(talk, talk.Transcript("u", "hello")));
        Say(talk, "v");
        Assert.Equal(0, talk.Transcript("v", "").Utterance);
        Assert.Equal((UtteranceOutcome.Transcribed, ""), (talk.Said(2)!.Outcome, talk.Said(2)!.Transcript));
    }

    [Fact]
    public void TX02_TextBeyondAMebibyte_IsLeftOut()
    {
        Conversation talk = Listening();
        Say(talk, "u");
        string piece = new('x', 600_000);

        Assert.Equal(1, talk.Piece("u", piece).Utterance);
        Assert.Equal(0, talk.Piece("u", "y" + piece).Utterance);

        Assert.Contains(talk.Changes<SessionChange.ViolationTolerated>(), tolerated => tolerated.Rule == "LIMIT");
        talk.Close();
        Assert.Equal(600_000, talk.Said(1)!.Transcript.Length);
    }

    [Fact]
    public void TX03_AFailure_IsOneItems()
    {
        Conversation talk = Listening();
        Say(talk, "u");
        Say(talk, "v");
        talk.Piece("u", "hel");

        talk.TranscriptFailed("u");
        talk.Transcript("v", "fine");

        Assert.Equal((UtteranceOutcome.Failed, "hel", "audio_unintelligible"), (talk.Said(1)!.Outcome, talk.Said(1)!.Transcript, talk.Said(1)!.Error!.Code));
        Assert.Equal(UtteranceOutcome.Transcribed, talk.Said(2)!.Outcome);
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void TX03_AfterAMinuteWithoutAWord_NobodyWaitsAnyMore_AndALateOneLandsInTheItem()
    {
        Conversation talk = Listening();
        Say(talk, "u");
        talk.Wait(50_000);
        talk.Piece("u", "hel");
        talk.Wait(59_999);
        Assert.Null(talk.Said(1));
        talk.Wait(1);

        Assert.Equal((UtteranceOutcome.NotTranscribed, "hel"), (talk.Said(1)!.Outcome, talk.Said(1)!.Transcript));
        talk.Transcript("u", "hello");
        Assert.Equal("hello", Assert.Single(talk.Changes<SessionChange.ItemTranscribed>()).Result.Transcript);
        Assert.Single(talk.Changes<SessionChange.UtteranceEnded>());
    }

    [Fact]
    public void TX03_SpeechThatGoesOn_WaitsForNothing_AndSpeechThatIsNeverCommitted_EndsAtLast()
    {
        Conversation talk = Listening();
        talk.SpeechStarted();
        for (int i = 0; i < 30; i++)
        {
            talk.Wait(5_000);
            talk.Submit(SessionIntent.AudioAppended(4_800));
        }

        Assert.Null(talk.Said(1));
        talk.Wait(60_000);
        Assert.Equal(UtteranceOutcome.NotTranscribed, talk.Said(1)!.Outcome);
    }

    [Fact]
    public void TX05_WhatATranscriptionCosts_IsItsUtterances()
    {
        Conversation talk = Listening();
        Say(talk, "u");
        talk.Created("A");
        talk.Hear(
            "conversation.item.input_audio_transcription.completed", "item_id=u", "transcript=a",
            "usage:={\"type\":\"tokens\",\"total_tokens\":9,\"input_tokens\":5,\"input_token_details\":{\"audio_tokens\":5},\"output_tokens\":4}");
        Say(talk, "v");
        talk.Hear("conversation.item.input_audio_transcription.completed", "item_id=v", "transcript=b", "usage:={\"type\":\"duration\",\"seconds\":3.5}");
        talk.Done("A");

        Assert.Equal((new TokenUsage(new(0, 5, 0), default, new(4, 0, 0)), null), (talk.Said(1)!.Usage, talk.Said(1)!.BilledAudio));
        Assert.Equal((null, TimeSpan.FromSeconds(3.5)), (talk.Said(2)!.Usage, talk.Said(2)!.BilledAudio));
        Assert.All(talk.Changes<SessionChange.ResponseEnded>(), ended => Assert.NotEqual(9, ended.Usage?.Total));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("-1")]
    [InlineData("1e300")]
    public void TX05_AnyNumberOfSeconds_IsATime(string seconds)
    {
        Conversation talk = Listening();
        Say(talk, "u");
        talk.HearRaw($$$"""{"type":"conversation.item.input_audio_transcription.completed","event_id":"e","item_id":"u","transcript":"a","usage":{"type":"duration","seconds":{{{seconds}}}}}""");
        talk.Close();

        Assert.True(talk.Said(1)!.BilledAudio is null || talk.Said(1)!.BilledAudio >= TimeSpan.Zero);
    }

    [Fact]
    public void AnItemThatIsDeletedBeforeItsTranscript_IsDiscarded_AndALateTranscriptIsNothing()
    {
        Conversation talk = Listening();
        Say(talk, "u");
        talk.ItemAdded("u");
        talk.Piece("u", "hel");

        talk.ItemDeleted("u");
        talk.Transcript("u", "hello");
        talk.Wait(600_000);

        Assert.Equal(UtteranceOutcome.Discarded, Assert.Single(talk.Changes<SessionChange.UtteranceEnded>()).Result.Outcome);
        Assert.Empty(talk.Changes<SessionChange.ItemTranscribed>());
        Assert.DoesNotContain(talk.Changes<SessionChange.ViolationTolerated>(), tolerated => tolerated.Rule == "TX-01");
    }

    [Fact]
    public void SegmentsAndTheLanguage_AreInTheResult()
    {
        Conversation talk = Listening();
        Say(talk, "u");
        talk.Hear("conversation.item.input_audio_transcription.segment", "item_id=u", "content_index:=0", "text=hi", "speaker=A", "start:=0.5", "end:=1.25");
        talk.Hear("conversation.item.input_audio_transcription.completed", "item_id=u", "transcript=hi", "languages:=[{\"code\":\"en\"}]");

        UtteranceResult result = talk.Said(1)!;
        Assert.Equal(new TranscriptSegment("A", TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.25), "hi"), Assert.Single(result.Segments));
        Assert.Equal("en", result.Language);
    }

    [Fact]
    public void NothingThatWasSaid_IsInAText()
    {
        Conversation talk = Listening();
        Say(talk, "u");
        talk.Transcript("u", "secret words");

        Assert.DoesNotContain("secret", talk.Said(1)!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", new TranscriptSegment("secret", default, default, "secret").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TX01_ADiscardedUtterance_TakesNoWordsOfTheOneThatTookItsItem()
    {
        var talk = Conversation.Manual();
        talk.Transcribes();
        talk.Speak();
        talk.SpeechStarted("u");
        talk.Committed("u");
        talk.Piece("u", "hello ");
        talk.Hear("input_audio_buffer.cleared");
        talk.Piece("u", "you");
        talk.TranscriptFailed("u");
        UtteranceResult[] ends = [.. talk.Changes<SessionChange.UtteranceEnded>().Select(static ended => ended.Result)];
        Assert.Equal(["", "hello you"], ends.Select(static end => end.Transcript));
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

    private static (int Utterance, string Piece) Heard(Conversation talk, Reception reception) => (reception.Utterance, System.Text.Encoding.UTF8.GetString(talk.Machine.TranscriptPiece));
}
