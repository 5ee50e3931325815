using System.Text;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>What a peer may send and must not: each gives an error at its place, or is data, and never throws.</summary>
public class BadInputTests
{
    [Theory]
    [InlineData("{}", ReadErrorReason.MissingMember, "", "type")]
    [InlineData("[]", ReadErrorReason.NotAnObject, "", null)]
    [InlineData("\"error\"", ReadErrorReason.NotAnObject, "", null)]
    [InlineData("null", ReadErrorReason.NotAnObject, "", null)]
    [InlineData("{\"type\":1}", ReadErrorReason.WrongType, "type", null)]
    [InlineData("{\"type\":null}", ReadErrorReason.WrongType, "type", null)]
    [InlineData("{\"type\":\"response.cancel\",\"type\":\"response.cancel\"}", ReadErrorReason.DuplicateMember, "type", "type")]
    [InlineData("{\"type\":\"response.cancel\",\"response_id\":1}", ReadErrorReason.WrongType, "response_id", null)]
    [InlineData("{\"type\":\"response.cancel\",\"response_id\":{}}", ReadErrorReason.WrongType, "response_id", null)]
    [InlineData("{\"type\":\"response.cancel\"} x", ReadErrorReason.TrailingData, "", null)]
    [InlineData("{\"type\":\"conversation.item.delete\"}", ReadErrorReason.MissingMember, "", "item_id")]
    [InlineData("{\"type\":\"conversation.item.delete\",\"item_id\":null}", ReadErrorReason.WrongType, "item_id", null)]
    [InlineData("{\"type\":\"conversation.item.truncate\",\"item_id\":\"i\",\"content_index\":0,\"audio_end_ms\":1.5}", ReadErrorReason.NumberOutOfRange, "audio_end_ms", null)]
    [InlineData("{\"type\":\"conversation.item.truncate\",\"item_id\":\"i\",\"content_index\":0,\"audio_end_ms\":1e99}", ReadErrorReason.NumberOutOfRange, "audio_end_ms", null)]
    [InlineData("{\"type\":\"conversation.item.truncate\",\"item_id\":\"i\",\"content_index\":\"0\",\"audio_end_ms\":1}", ReadErrorReason.WrongType, "content_index", null)]
    [InlineData("{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\"format\":7}}}}", ReadErrorReason.WrongType, "session.audio.input.format", null)]
    [InlineData("{\"type\":\"session.update\",\"session\":{\"tools\":[{\"type\":\"function\",\"name\":1}]}}", ReadErrorReason.WrongType, "session.tools[0].name", null)]
    [InlineData("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"max_output_tokens\":\"many\"}}", ReadErrorReason.WrongType, "session.max_output_tokens", null)]
    [InlineData("{\"type\":\"session.update\",\"session\":{\"tool_choice\":3}}", ReadErrorReason.WrongType, "session.tool_choice", null)]
    [InlineData("{\"type\":\"response.create\",\"response\":{\"metadata\":{\"a\":1}}}", ReadErrorReason.WrongType, "response.metadata.a", null)]
    [InlineData("{\"type\":\"tomorrow's event\",\"x\":[}", ReadErrorReason.UnexpectedByte, "x[0]", null)]
    public void Fault_IsAnErrorAtItsPlace(string json, ReadErrorReason reason, string path, string? member)
    {
        Assert.False(ClientEvent.TryRead(Encoding.UTF8.GetBytes(json), out ClientEvent value, out ReadError error));
        Assert.Equal(ClientEventKind.Unknown, value.Kind);
        Assert.Equal(reason, error.Reason);
        Assert.Equal(path, error.Path);
        Assert.Equal(member, error.Member);
    }

    [Theory]
    [InlineData("""{"t\u0079pe":"response.cancel"}""")]
    [InlineData("""{"type":"respons\u0065.cancel"}""")]
    [InlineData("""{"response_id":"r","type":"response.cancel"}""")]
    [InlineData("""{"x":{"type":"other"},"type":"response.cancel"}""")]
    public void Type_IsFoundEscapedLastAndBehindOthers(string json)
    {
        Assert.True(ClientEvent.TryRead(Encoding.UTF8.GetBytes(json), out ClientEvent value, out ReadError error), error.ToString());
        Assert.Equal(ClientEventKind.ResponseCancel, value.Kind);
        Assert.Equal("response.cancel", value.TypeText.ToString());
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

    [Fact]
    public void StatusDetails_MayBeAnObjectOrAText()
    {
        Assert.True(ServerEvent.TryRead("""{"type":"response.done","event_id":"e","response":{"status_details":"cancelled"}}"""u8, out ServerEvent value, out _));
        Assert.True(value.TryGetResponseDone(out ResponseDoneView done));
        Assert.Equal(ResponseStatusDetailsKind.Text, done.Response.StatusDetails.Kind);
        Assert.Equal("cancelled", done.Response.StatusDetails.Text.ToString());
    }

    [Fact]
    public void MessageAboveTheLimit_IsRefusedUnread()
    {
        var reader = new ServerEventReader(maxMessageBytes: 16);
        Assert.False(reader.TryRead("{\"type\":\"a longer event\"}"u8, default, out _, out ReadError error));
        Assert.Equal(ReadErrorReason.TooLarge, error.Reason);
        Assert.Equal(16, error.Offset);
    }

    [Fact]
    public void AudioThatDoesNotFit_StaysEncodedAndCanBeDecodedLater()
    {
        byte[] json = """{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AQIDBA=="}"""u8.ToArray();
        Assert.True(new ServerEventReader().TryRead(json, new byte[2], out ServerEvent value, out _));
        Assert.True(value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta));
        Assert.False(delta.Delta.IsDecoded);
        Assert.Equal(4, delta.Delta.DecodedLength);
        byte[] audio = new byte[4];
        Assert.True(delta.Delta.TryDecode(audio, out int written));
        Assert.Equal(4, written);
        Assert.Equal([1, 2, 3, 4], audio);
    }

    [Fact]
    public void AudioThatFits_LiesInTheDestination()
    {
        byte[] json = """{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AQIDBA=="}"""u8.ToArray();
        byte[] destination = new byte[16];
        Assert.True(new ServerEventReader().TryRead(json, destination, out ServerEvent value, out _));
        Assert.True(value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta));
        Assert.True(delta.Delta.IsDecoded);
        Assert.Equal([1, 2, 3, 4], delta.Delta.Bytes.ToArray());
        Assert.True(delta.Delta.Bytes.Overlaps(destination));
    }
}
