using System.Text;
using System.Text.Json;
using Realtime.Protocol.Tests.Schema;

namespace Realtime.Protocol.Tests.Lifecycle.Frames;

/// <summary>The vocabulary says what it is told to say, and nothing else.</summary>
public class FrameTests
{
    [Fact]
    public void EveryServerEvent_HasABaseThatIsRead()
    {
        foreach (Example example in Example.All.Where(static example => example is { Family: "realtime", Direction: "server", Index: 0 }))
        {
            Assert.True(ServerEvent.TryRead(Frame.Server(example.Type, 7, new FrameNames()), out ServerEvent e, out ReadError error), $"{example}: {error}");
            Assert.Equal(example.Type, e.TypeText.ToString());
            Assert.Equal("event_7", e.EventId.ToString());
        }
    }

    [Theory]
    [InlineData("response.id=A", """{"response":{"id":"A"}}""")]
    [InlineData("response.id=say \"x\"\\\n", """{"response":{"id":"say \"x\"\\\u000a"}}""")]
    [InlineData("response.usage.total_tokens:=10.5", """{"response":{"usage":{"total_tokens":10.5}}}""")]
    [InlineData("response.metadata.'realtime.token'=t", """{"response":{"metadata":{"realtime.token":"t"}}}""")]
    [InlineData("response:=null", """{"response":null}""")]
    [InlineData("response:=\"\\ud83d\"", """{"response":"\ud83d"}""")]
    [InlineData("+response:=1", """{"response":{},"response":1}""")]
    [InlineData("response=", """{"response":""}""")]
    public void AChange_IsWrittenAsItStands(string change, string members) =>
        Assert.Equal("""{"type":"response.created","event_id":"event_1",""" + members[1..], Said("response.created", change));

    [Fact]
    public void Elements_AreNamedByNumber_AndTheOneAfterTheLastIsAdded() =>
        Assert.Equal(
            """{"type":"response.done","event_id":"event_1","response":{"output":[{"id":"f","status":"completed"},{"id":"m"}]}}""",
            Said("response.done", """response.output:=[{"id":"f"}]""", "response.output.0.status=completed", "response.output.1.id=m"));

    [Fact]
    public void AMemberThatIsTakenOut_IsGone_AndOneThatWasNotThereIsAMistake()
    {
        Assert.Equal("""{"type":"input_audio_buffer.speech_started","event_id":"event_1","audio_start_ms":0}""", Said("input_audio_buffer.speech_started", "-item_id"));
        Assert.Throws<ArgumentException>(() => Said("input_audio_buffer.speech_started", "-item"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=x")]
    [InlineData("a..b=x")]
    [InlineData("'a=x")]
    [InlineData("-a=x")]
    [InlineData("+a=x")]
    public void WhatIsNoChange_IsAMistake(string change) => Assert.Throws<ArgumentException>(() => FrameChange.Parse(change));

    [Fact]
    public void AName_TakesItsValueOnce_AndStandsForItLater()
    {
        var names = new FrameNames();
        FrameNode frame = FrameNode.Raw("""{"event_id":"e","item":{"id":"i"}}""");
        Assert.Throws<ArgumentException>(() => names.Resolve("$e"));
        Assert.Null(FrameChange.Parse("event_id=$e").FindFault(frame, names));
        Assert.Equal("e", names.Resolve("$e"));
        Assert.NotNull(FrameChange.Parse("item.id=$e").FindFault(frame, names));
    }

    [Theory]
    [InlineData("a=1")] // a number is no string
    [InlineData("a:=2")]
    [InlineData("b=x")]
    [InlineData("b:=null")] // absent is not null
    [InlineData("-a")]
    [InlineData("b")]
    public void WhatAFrameDoesNotSay_IsAFault(string check) =>
        Assert.NotNull(FrameChange.Parse(check).FindFault(FrameNode.Raw("""{"a":1}"""), new FrameNames()));

    [Theory]
    [InlineData("a:=1")]
    [InlineData("a")]
    [InlineData("-b")]
    [InlineData("c:={\"y\":2,\"x\":1}")]
    [InlineData("c.x:=1")]
    public void WhatAFrameSays_IsNone(string check) =>
        Assert.Null(FrameChange.Parse(check).FindFault(FrameNode.Raw("""{"a":1,"c":{"x":1,"y":2}}"""), new FrameNames()));

    [Fact]
    public void ACommand_IsJudgedByItsBytes()
    {
        var talk = Conversation.Manual();
        talk.Say("hello");
        talk.Sends("conversation.item.create", "event_id=$e1", "item.role=user", "item.content.0.text=hello", "-previous_item_id");
        talk.Sends("response.create", $"{Frame.Token}=$t1");
        talk.SendsNothing();
        talk.Hear("response.created", "response.id=A", $"{Frame.Token}=$t1");
        talk.Hear("error", "error.event_id=$e1");
        Assert.Equal("A", Assert.Single(talk.Changes<Realtime.Protocol.Lifecycle.SessionChange.ResponseStarted>()).ResponseId);
    }

    [Fact]
    public void AnAudioFrame_CarriesAsManyBytesAsWereAsked()
    {
        using JsonDocument frame = JsonDocument.Parse(Said("response.output_audio.delta", $"delta={Frame.Audio(47)}"));
        Assert.Equal(47, frame.RootElement.GetProperty("delta").GetBytesFromBase64().Length);
    }

    private static string Said(string type, params string[] changes) => Encoding.UTF8.GetString(Frame.Server(type, 1, new FrameNames(), changes));
}
