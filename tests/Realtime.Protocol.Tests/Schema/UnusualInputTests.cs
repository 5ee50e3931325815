using System.Buffers;
using System.Text;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>What a peer may send although few do: it is read, and means what the other spelling means or is kept as it came.</summary>
public class UnusualInputTests
{
    [Theory]
    [InlineData("""{"t\u0079pe":"response.cancel"}""")]
    [InlineData("""{"type":"respons\u0065.cancel"}""")]
    [InlineData("""{"\u0074\u0079\u0070\u0065":"\u0072esponse.cance\u006C"}""")]
    [InlineData("""{"response_id":"r","type":"response.cancel"}""")]
    [InlineData("""{"x":{"type":"other"},"type":"response.cancel"}""")]
    [InlineData("""{"x":[{"type":"other"},"type"],"response_id":"type","t\u0079pe":"response.cancel"}""")]
    public void Type_IsFoundEscapedLastAndBehindOthers(string json)
    {
        Assert.True(ClientEvent.TryRead(Encoding.UTF8.GetBytes(json), out ClientEvent value, out ReadError error), error.ToString());
        Assert.Equal(ClientEventKind.ResponseCancel, value.Kind);
        Assert.Equal("response.cancel", value.TypeText.ToString());
    }

    /// <summary>The same for an event that many a second arrive of, with its audio in front of its type.</summary>
    [Theory]
    [InlineData("""{"delta":"AQIDBA==","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"type":"response.output_audio.delta"}""")]
    [InlineData("""{"delta":"AQIDBA==","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"t\u0079pe":"response.output_audio.delt\u0061"}""")]
    [InlineData("""{"t\u0079pe":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0e0,"content_index":0.0,"d\u0065lta":"AQIDBA\u003D\u003d"}""")]
    public void AudioInAnySpelling_IsDecoded(string json)
    {
        byte[] audio = new byte[16];
        Assert.True(new ServerEventReader().TryRead(Encoding.UTF8.GetBytes(json), audio, out ServerEvent value, out ReadError error), error.ToString());
        Assert.True(value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta));
        Assert.True(delta.Delta.IsDecoded);
        Assert.Equal([1, 2, 3, 4], delta.Delta.Bytes.ToArray());
        Assert.Equal((0, 0, "i"), (delta.OutputIndex, delta.ContentIndex, delta.ItemId.ToString()));
    }

    [Theory]
    [InlineData("1.0", 1)]
    [InlineData("10e-1", 1)]
    [InlineData("1e2", 100)]
    [InlineData("-0", 0)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void WholeNumber_IsReadInAnySpelling(string number, long expected)
    {
        byte[] json = Encoding.UTF8.GetBytes($$"""{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":{{number}}}""");
        Assert.True(ClientEvent.TryRead(json, out ClientEvent value, out ReadError error), error.ToString());
        Assert.True(value.TryGetConversationItemTruncate(out ConversationItemTruncateView truncate));
        Assert.Equal(expected, truncate.AudioEndMs);
    }

    [Fact]
    public void UnknownMembers_MayRepeat()
    {
        Assert.True(ClientEvent.TryRead("""{"x":1,"type":"response.cancel","x":{"x":1,"x":2},"type ":1}"""u8, out ClientEvent value, out ReadError error), error.ToString());
        Assert.Equal(ClientEventKind.ResponseCancel, value.Kind);
    }

    [Fact]
    public void UnknownEvent_IsDataWithItsTypeAndId()
    {
        byte[] json = """{"event_id":"event_1","type":"response.tomorrow","x":[1,{"y":null}]}"""u8.ToArray();
        Assert.True(ServerEvent.TryRead(json, out ServerEvent value, out _));
        Assert.Equal(ServerEventKind.Unknown, value.Kind);
        Assert.Equal("response.tomorrow", value.TypeText.ToString());
        Assert.Equal("event_1", value.EventId.ToString());
        Assert.True(value.Json.SequenceEqual(json));
    }

    [Fact]
    public void UnknownEnumValueAndUnknownItem_AreDataWithTheirText()
    {
        byte[] json = """{"type":"response.done","event_id":"e","response":{"status":"dreaming","output":[{"type":"hologram","id":"i","depth":3},{"type":null},{}]}}"""u8.ToArray();
        Assert.True(ServerEvent.TryRead(json, out ServerEvent value, out ReadError error), error.ToString());
        Assert.True(value.TryGetResponseDone(out ResponseDoneView done));
        Assert.Equal(ResponseStatus.Unknown, done.Response.Status.Value);
        Assert.Equal("dreaming", done.Response.Status.Raw.ToString());
        int count = 0;
        foreach (ItemView item in done.Response.Output)
        {
            Assert.Equal(ItemKind.Unknown, item.Kind);
            Assert.False(item.TryGetMessage(out _));
            if (count++ == 0)
            {
                Assert.Equal("""{"type":"hologram","id":"i","depth":3}""", Encoding.UTF8.GetString(item.Json));
            }
        }

        Assert.Equal(3, count);
    }

    [Fact]
    public void NullInAnOptionalMember_IsReadAsNull()
    {
        byte[] json = """{"type":"response.done","event_id":"e","response":{"usage":null,"status_details":null,"metadata":null,"output":null}}"""u8.ToArray();
        Assert.True(ServerEvent.TryRead(json, out ServerEvent value, out ReadError error), error.ToString());
        Assert.True(value.TryGetResponseDone(out ResponseDoneView done));
        Assert.Equal(Presence.Null, done.Response.Usage.Presence);
        Assert.Equal(Presence.Null, done.Response.StatusDetails.Presence);
        Assert.Equal(Presence.Null, done.Response.Metadata.Presence);
        Assert.Equal(Presence.Null, done.Response.Output.Presence);
        Assert.Equal(Presence.Absent, done.Response.ConversationId.Presence);
    }

    /// <summary>Compatible services say null for what they leave open: the state of an item, the parts of a usage, the end of a session.</summary>
    [Theory]
    [InlineData("""{"type":"conversation.item.added","event_id":"e","previous_item_id":null,"item":{"type":"message","role":"user","status":null,"content":[{"type":"input_audio","transcript":null}]}}""", """{"type":"conversation.item.added","event_id":"e","previous_item_id":null,"item":{"type":"message","role":"user","content":[{"type":"input_audio","transcript":null}]}}""")]
    [InlineData("""{"type":"response.done","event_id":"e","response":{"id":"r","output":null,"status_details":null,"usage":{"total_tokens":3,"input_token_details":null}}}""", """{"type":"response.done","event_id":"e","response":{"id":"r","status_details":null,"usage":{"total_tokens":3}}}""")]
    [InlineData("""{"type":"session.created","event_id":"e","session":{"type":"realtime","instructions":null,"expires_at":null,"parallel_tool_calls":null,"tools":null}}""", """{"type":"session.created","event_id":"e","session":{"type":"realtime"}}""")]
    public void NullThatTheProtocolDoesNotHave_IsKeptByTheViewAndLeftOutByTheCopy(string json, string copy)
    {
        EventFamily events = EventFamily.Of("realtime", "server");
        byte[] message = Encoding.UTF8.GetBytes(json);
        Assert.True(events.TryRead(message, default, out EventFacts facts, out ReadError error), error.ToString());
        Assert.True(facts.IsKnown);
        var output = new ArrayBufferWriter<byte>();
        events.WriteTo(message, output);
        Assert.Equal(json, Encoding.UTF8.GetString(output.WrittenSpan));
        JsonEquality.AssertEqual(Encoding.UTF8.GetBytes(copy), events.Rewrite(message));
    }

    [Fact]
    public void StatusDetails_MayBeAnObjectOrAText()
    {
        Assert.True(ServerEvent.TryRead("""{"type":"response.done","event_id":"e","response":{"status_details":"cancelled"}}"""u8, out ServerEvent value, out _));
        Assert.True(value.TryGetResponseDone(out ResponseDoneView done));
        Assert.Equal(ResponseStatusDetailsKind.Text, done.Response.StatusDetails.Kind);
        Assert.Equal("cancelled", done.Response.StatusDetails.Text.ToString());
    }
}
