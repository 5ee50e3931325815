using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What the machine makes of events that do not name their response or their item: the table of what each event needs, row by row.</summary>
public class LeftOutNameTests
{
    [Fact]
    public void RC27_EndWithoutAName_EndsTheOneThatRuns()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        Assert.True(talk.HearRaw("""{"type":"response.done","event_id":"e","response":{"id":7,"status":"completed","output":[]}}"""));
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Fact]
    public void RC27_EndWithoutAName_EndsNothing_WhenNothingRuns()
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Sends("response.create");
        Assert.True(talk.HearRaw("""{"type":"response.done","event_id":"e","response":{"status":"completed","output":[]}}"""));
        Assert.True(talk.IsOpen(turn));
        talk.SendsNothing();
    }

    [Fact]
    public void RC27_NameThatIsGiven_Stands()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        Assert.True(talk.HearRaw("""{"type":"response.done","event_id":17,"response":{"id":"other","status":"completed","output":[]}}"""));
        Assert.True(talk.IsOpen(turn));
    }

    [Theory]
    [InlineData("""{"type":"response.output_audio.delta","event_id":"e","item_id":"m","delta":"AAAA"}""")]
    [InlineData("""{"type":"response.output_audio.delta","event_id":"e","response_id":"A","delta":"AAAA"}""")]
    [InlineData("""{"type":"response.output_audio.delta","event_id":"e","response_id":["A"],"item_id":5,"output_index":0,"content_index":"0","delta":"AAAA"}""")]
    [InlineData("""{"type":"response.output_audio_transcript.delta","event_id":"e","delta":"x"}""")]
    [InlineData("""{"type":"response.output_text.delta","event_id":"e","item_id":"m","delta":"x"}""")]
    [InlineData("""{"type":"response.function_call_arguments.delta","event_id":"e","delta":"x"}""")]
    public void RC27_DeltaWithoutNames_IsLife_AndBelongsToTheTurn(string delta)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Hear("response.output_item.added", "response_id=A", "item.id=m", "item.role=assistant");
        for (int i = 0; i < 10; i++)
        {
            talk.Wait(5_000);
            Assert.True(talk.HearRaw(delta));
        }

        talk.SendsNothing();
        Assert.True(talk.IsOpen(turn));
    }

    [Fact]
    public void RC27_ItemWithoutAnId_IsFoundByItsPlace()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.output_item.added", "response_id=A", "output_index:=0", "item.id=m0", "item.role=assistant");
        talk.Hear("response.output_item.added", "response_id=A", "output_index:=1", "item.id=m1", "item.role=assistant");
        Assert.True(talk.HearRaw("""{"type":"response.output_item.done","event_id":"e","response_id":7,"output_index":1,"item":{"id":{},"type":"message","status":"completed","role":"assistant"}}"""));
        Assert.Equal("m1", Assert.Single(talk.Changes<SessionChange.ItemDone>()).ItemId);

        Assert.True(talk.HearRaw("""{"type":"response.output_item.done","event_id":"e","response_id":7,"output_index":5,"item":{"id":{},"type":"message","status":"completed","role":"assistant"}}"""));
        Assert.Equal("RC-27", Assert.Single(talk.Changes<SessionChange.ViolationTolerated>()).Rule);
    }

    [Fact]
    public void RC27_EventsOfTheInput_NeedNoNames()
    {
        var talk = Conversation.Detecting();
        Assert.True(talk.HearRaw("""{"type":"input_audio_buffer.speech_started","event_id":1}"""));
        Assert.True(talk.HearRaw("""{"type":"input_audio_buffer.speech_stopped","event_id":1,"item_id":[]}"""));
        Assert.True(talk.HearRaw("""{"type":"input_audio_buffer.committed"}"""));
        Assert.Single(talk.Changes<SessionChange.SpeechStarted>());
        Assert.Single(talk.Changes<SessionChange.SpeechStopped>());
        Assert.Single(talk.Changes<SessionChange.InputCommitted>());
    }

    [Fact]
    public void AnAcknowledgement_CountsByComing()
    {
        var talk = Conversation.Manual();
        int configured = talk.Submit(SessionIntent.Configure(new Session())).Operation;
        Assert.True(talk.HearRaw("""{"type":"session.updated","event_id":"e","session":"thanks"}"""));
        Assert.Equal(configured, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Theory]
    [InlineData("-item_id")]
    [InlineData("item_id:=null")]
    [InlineData("item_id:=7")]
    [InlineData("item_id=")]
    public void RC27_DeletionWithoutAName_IsTheOneThatWaits(string left)
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m");
        talk.ItemAdded("n");
        int deleted = talk.Submit(SessionIntent.DeleteItem("n")).Operation;
        talk.Hear("conversation.item.deleted", left);

        Assert.Equal(deleted, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        Assert.Equal("n", Assert.Single(talk.Changes<SessionChange.ItemDeleted>()).ItemId);
        Assert.Empty(talk.Changes<SessionChange.ViolationTolerated>());
    }

    [Fact]
    public void RC27_DeletionWithoutAName_DecidesNothing_WhenNoneWaitsOrTwoDo()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m");
        talk.ItemAdded("n");
        talk.Hear("conversation.item.deleted", "-item_id");
        Assert.Single(talk.Changes<SessionChange.ViolationTolerated>(), static told => told.Rule == "RC-27");

        talk.Submit(SessionIntent.DeleteItem("m"));
        int second = talk.Submit(SessionIntent.DeleteItem("n")).Operation;
        talk.Hear("conversation.item.deleted", "-item_id");
        Assert.Empty(talk.Changes<SessionChange.ItemDeleted>());
        Assert.Empty(talk.Changes<SessionChange.OperationCompleted>());

        // One that was answered by name, or refused, waits no longer.
        talk.ItemDeleted("m");
        talk.Hear("conversation.item.deleted", "-item_id");
        Assert.Equal(second, talk.Changes<SessionChange.OperationCompleted>()[^1].Operation);
    }

    [Theory]
    [InlineData("-item_id", "audio_end_ms:=200", 200)]
    [InlineData("-item_id", "-audio_end_ms", 250)]
    [InlineData("item_id:=null", "audio_end_ms=soon", 250)]
    [InlineData("item_id=", "audio_end_ms:=250", 250)]
    [InlineData("item_id=m", "-audio_end_ms", 250)]
    [InlineData("item_id=m", "audio_end_ms:=0", 0)]
    public void RC27_TruncationWithoutAName_IsTheOneThatWaits_WhereItWasAskedFor(string name, string end, long expected)
    {
        var talk = Conversation.Manual();
        Interrupted(talk, "m");
        talk.Hear("conversation.item.truncated", name, end);

        SessionChange.ItemTruncated told = Assert.Single(talk.Changes<SessionChange.ItemTruncated>());
        Assert.Equal(("m", expected), (told.ItemId, told.AudioEndMilliseconds));
    }

    [Fact]
    public void RC27_TruncationWithoutAName_DecidesNothing_WhenNoneWaitsOrTwoDo()
    {
        var talk = Conversation.Manual();
        Interrupted(talk, "m", "$e1");
        Interrupted(talk, "n");
        talk.Hear("conversation.item.truncated", "-item_id");
        Assert.Empty(talk.Changes<SessionChange.ItemTruncated>());

        talk.Error("invalid_value", talk.Names["$e1"], "Audio content of 200ms is already shorter than 250ms");
        talk.Hear("conversation.item.truncated", "-item_id");
        talk.Hear("conversation.item.truncated", "-item_id");
        Assert.Equal("n", Assert.Single(talk.Changes<SessionChange.ItemTruncated>()).ItemId);
    }

    [Fact]
    public void RC27_TruncationOfWhatIsGone_WaitsNoLonger()
    {
        var talk = Conversation.Manual();
        Interrupted(talk, "m");
        talk.ItemDeleted("m");
        Interrupted(talk, "n");
        talk.Hear("conversation.item.truncated", "-item_id");
        Assert.Equal("n", Assert.Single(talk.Changes<SessionChange.ItemTruncated>()).ItemId);
    }

    [Fact]
    public void RC27_AudioThatNamesNoItem_BelongsToTheOneAtItsPlace_NotToTheNewest()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Hear("response.output_item.added", "response_id=A", "output_index:=1", "item.id=first", "item.type=message");
        talk.Hear("response.output_item.added", "response_id=A", "output_index:=2", "item.id=second", "item.type=message");

        talk.Hear("response.output_audio.delta", "response_id=A", "-item_id", "output_index:=1", $"delta={Frame.Audio(4_800)}");

        SoundPart part = Assert.Single(talk.Machine.Core.Playback.Find(turn)!.Parts);
        Assert.Equal("first", part.Item.Id);
    }

    [Fact]
    public void AudioOfNoItem_IsHeard_AndIsNoNameForAnythingElse()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        Assert.Equal(new Reception(turn, IsDropped: false), talk.Hear("response.output_audio.delta", "response_id=A", "-item_id", $"delta={Frame.Audio(4_800)}"));
        Assert.Equal(4_800, talk.Machine.Core.Playback.Find(turn)!.Received);
        Assert.Equal(default, talk.Hear("session.updated", "session.type=realtime"));
        talk.Wait(20_000);
        talk.Updated(); // the server lives, and the response is silent all the same
        talk.Wait(10_000);
        talk.Sends("response.cancel", "response_id=A");
    }

    [Fact]
    public void RC27_ResponseThatIsNamed_ButUnknown_IsNotTheOneThatRuns()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        Assert.Equal(0, talk.Hear("response.output_audio.delta", "response_id=B", "item_id:=null", $"delta={Frame.Audio(960)}").Turn);
    }

    [Theory]
    [InlineData("response_id:=null", "item_id=m")] // the item is named
    [InlineData("response_id=A", "item_id:=null")] // the one that is not final yet
    public void RC27_AudioIsOfTheItemThatIsNamed_OrThatIsNotFinal(string response, string item)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.Message("A", "n");
        talk.ItemDone("A", "n");
        talk.Hear("response.output_audio.delta", response, item, "-output_index", $"delta={Frame.Audio(48_000)}");
        talk.Played(turn, 200);
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", "item_id=m", "audio_end_ms:=200");
    }

    [Fact]
    public void RC27_ArgumentsAreOfTheCallThatIsNamed()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        foreach (string call in new[] { "1", "2", "3" })
        {
            talk.Hear("response.output_item.added", "response_id=A", $"output_index:={call}", $$"""item:={"id":"f{{call}}","type":"function_call","status":"in_progress","call_id":"call_{{call}}","name":"clock","arguments":""}""");
        }

        talk.Hear("response.function_call_arguments.done", "response_id=A", "item_id:=null", "call_id=call_2", "-output_index", """arguments={"a":1}""");
        talk.Done("A");
        SessionChange.ToolCallReady call2 = Assert.Single(talk.Changes<SessionChange.ToolCallReady>());
        Assert.Equal(("f2", "call_2", """{"a":1}"""), (call2.ItemId, call2.CallId, call2.Arguments));
    }

    /// <summary>An answer of which 250 ms were heard, cut there.</summary>
    private static void Interrupted(Conversation talk, string item, string name = "$_")
    {
        int turn = talk.Answering($"of {item}");
        talk.Message($"of {item}", item);
        talk.Audio($"of {item}", item, 48_000);
        talk.Played(turn, 250);
        talk.Interrupt();
        talk.Sends("response.cancel");
        talk.Sends("conversation.item.truncate", $"item_id={item}", "audio_end_ms:=250", name == "$_" ? "event_id" : $"event_id={name}");
        talk.Done($"of {item}", FactStatus.Cancelled);
    }
}
