using System.Buffers;
using System.Text;
using Realtime.Protocol.Tests.Schema;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>What is mended, how much of it, and what never is. Each text is what the service would send if it were odd in this way.</summary>
public class MessageMenderTests
{
    private const string Metadata = """{"type":"response.done","event_id":"e","response":{"id":"r","object":"realtime.response","output":[],"metadata":{§}}}""";

    [Theory]
    [InlineData("""{"type":"response.done","event_id":"e","response":{"id":"r","usage":{"total_tokens":10.5,"input_tokens":7}}}""", """{"type":"response.done","event_id":"e","response":{"id":"r","usage":{"input_tokens":7}}}""")]
    [InlineData("""{"type":"response.done","event_id":"e","response":{"id":"r","usage":{"total_tokens": 10.5}}}""", """{"type":"response.done","event_id":"e","response":{"id":"r","usage":{}}}""")]
    [InlineData("""{"type":"response.done","event_id":"e","response":{"id":"r","output":[17 , {"id":"i","type":"message"},"x" ]}}""", """{"type":"response.done","event_id":"e","response":{"id":"r","output":[{"id":"i","type":"message"}]}}""")]
    [InlineData("""{"type":"error","event_id":7,"error":{"message":"m","code":["x",{"y":"]"}],"type":true}}""", """{"type":"error","error":{"message":"m"}}""")]
    [InlineData("""{"type":"error","event_id":"e","error":{"message":"m","\u0063ode":false,"code":"second","type":"t"}}""", """{"type":"error","event_id":"e","error":{"message":"m","code":"second","type":"t"}}""")]
    [InlineData("""{"event_id":"\udc00","delta":"\ud83d\ude00 \ud83d","type":"response.output_text.delta"}""", """{"event_id":"\ufffd","delta":"\ud83d\ude00 \ufffd","type":"response.output_text.delta"}""")]
    [InlineData("""{"type":"input_audio_buffer.cleared","event_id":"a","event_id":"b","x":1,"event_id":"c"}""", """{"type":"input_audio_buffer.cleared","event_id":"a","x":1}""")]
    [InlineData("""{"type":"input_audio_buffer.cleared","event_id":"a","event_id":"b","event_id":3,"x":1,"\u0065vent_id":4,"y":2}""", """{"type":"input_audio_buffer.cleared","event_id":"a","x":1,"y":2}""")]
    public void OddMember_IsBlankedWithOneComma(string odd, string meant)
    {
        TolerantReading mended = Read(odd);

        Assert.True(mended.WasRead, mended.Error.ToString());
        Assert.Equal(meant, mended.Text);
        Assert.Equal(odd, mended.Json);
        Assert.Equal(Read(meant).Members, mended.Members);
    }

    [Theory]
    [InlineData("""{"type":"error","event_id":"e","error":{"message":17,"type":"t"}""", ReadErrorReason.WrongType)]
    [InlineData("""{"type":"error","event_id":"e","error":{"message":[1,2,],"type":"t"}}""", ReadErrorReason.WrongType)]
    [InlineData("""{"type":"error","event_id":"e","error":{"message":{"a":nul},"type":"t"}}""", ReadErrorReason.WrongType)]
    [InlineData("""{"type":"error","event_id":"e","error":{"message":["\x"],"type":"t"}}""", ReadErrorReason.WrongType)]
    [InlineData("""{"type":"error","event_id":"e","event_id":"f","event_id":[1,],"error":{"message":"m","type":"t"}}""", ReadErrorReason.DuplicateMember)]
    [InlineData("""{"type":"error","error":{"message":"m","type":"t"}} x""", ReadErrorReason.MissingMember)]
    [InlineData("""{"type":"error","error":{"message":"m","type":"\u00"}}""", ReadErrorReason.InvalidEscape)]
    [InlineData("""{"type":7,"error":{"message":"m","type":"t"}}""", ReadErrorReason.WrongType)]
    [InlineData("""{"type":"error\ud83d","error":{"message":"m","type":"t"}}""", ReadErrorReason.LoneSurrogate)]
    [InlineData("""{"error":{"message":"m","type":"\ud83d"}}""", ReadErrorReason.LoneSurrogate)]
    [InlineData("""{"type":"error","type":"session.created","event_id":"e","error":{"message":"m","type":"t"}}""", ReadErrorReason.DuplicateMember)]
    [InlineData("""[{"type":"error"}]""", ReadErrorReason.NotAnObject)]
    public void Syntax_AndTheType_AreNeverMended(string message, ReadErrorReason reason)
    {
        TolerantReading mended = Read(message);

        Assert.False(mended.WasRead);
        Assert.Equal(reason, mended.Error.Reason);
        Assert.Equal(TolerantReading.Of("realtime", "server", Encoding.UTF8.GetBytes(message), ReadTolerance.Strict).Error, mended.Error);
    }

    [Fact]
    public void NestingOf65InABlankedMember_IsRefused()
    {
        string deep = new string('[', 63) + new string(']', 63);
        string text = $$$"""{"type":"error","event_id":"e","error":{"message":{{{deep}}},"type":"t"}}""";

        Assert.False(Read(text).WasRead);
        Assert.True(Read(text.Replace("[[", "[", StringComparison.Ordinal).Replace("]]", "]", StringComparison.Ordinal)).WasRead);
    }

    [Fact]
    public void InvalidUtf8InABlankedMember_IsRefused()
    {
        byte[] message = Encoding.UTF8.GetBytes("""{"type":"error","event_id":"e","error":{"message":["§"],"type":"t"}}""");
        message[message.AsSpan().IndexOf((byte)0xC2)] = 0xFF;

        Assert.False(TolerantReading.Of("realtime", "server", message, ReadTolerance.Mend).WasRead);
    }

    [Fact]
    public void EightOddMembers_AreBlankedAlone_AndTheNinthTakesWhatItIsIn()
    {
        Assert.Equal(Metadata.Replace("§", "", StringComparison.Ordinal), Read(Metadata.Replace("§", Numbers(8), StringComparison.Ordinal)).Text);

        TolerantReading nine = Read(Metadata.Replace("§", Numbers(9), StringComparison.Ordinal));
        Assert.Equal(Metadata.Replace(""","metadata":{§}""", "", StringComparison.Ordinal), nine.Text);
        Assert.Equal(9, nine.Oddities.Count);

        // What stands in the top member itself takes that with it; the event still says its kind and its id.
        Assert.Equal("""{"type":"response.done","event_id":"e"}""", Read(Metadata.Replace("§", Numbers(8), StringComparison.Ordinal).Replace("\"id\":\"r\",", "", StringComparison.Ordinal).Replace("}}}", "},\"id\":1}}", StringComparison.Ordinal)).Text);
    }

    [Fact]
    public void ThreeOddElements_AreBlankedAlone_AndTheFourthTakesTheArray()
    {
        const string Done = """{"type":"response.done","event_id":"e","response":{"id":"r","output":[§],"usage":{"total_tokens":"x"}}}""";

        Assert.Equal("""{"type":"response.done","event_id":"e","response":{"id":"r","output":[{"id":"i"}],"usage":{}}}""", Read(Done.Replace("§", """1,{"id":"i"},2,3""", StringComparison.Ordinal)).Text);
        Assert.Equal("""{"type":"response.done","event_id":"e","response":{"id":"r","usage":{}}}""", Read(Done.Replace("§", """1,{"id":"i"},2,3,4""", StringComparison.Ordinal)).Text);
    }

    [Fact]
    public void ManyOddItems_KeepTheResponseAndItsId()
    {
        string items = string.Join(',', Enumerable.Range(0, 1_000).Select(static i => $$$"""{"id":"i{{{i}}}","type":"message","role":"user","content":[{"type":"text","text":7}]}"""));

        Assert.Equal("""{"type":"response.done","event_id":"e","response":{"id":"r"}}""", Read($$$"""{"type":"response.done","event_id":"e","response":{"id":"r","output":[{{{items}}}]}}""").Text);
    }

    [Fact]
    public void LongMessage_LosesOneMember_ThenAllOfItsTop()
    {
        string padding = new('x', MessageMender.LongMessageBytes);
        string one = $$$"""{"type":"session.updated","event_id":"e","session":{"id":"s","model":1,"instructions":"{{{padding}}}"}}""";

        Assert.Equal(one.Replace("\"model\":1,", "", StringComparison.Ordinal), Read(one).Text);
        Assert.Equal("""{"type":"session.updated","event_id":"e"}""", Read(one.Replace("\"id\":\"s\"", "\"id\":2", StringComparison.Ordinal)).Text);
    }

    [Theory]
    [InlineData("\"event_id\":\"again\",")]
    [InlineData("\"x\":\"\\ud83d\",")]
    [InlineData("\"event_id\":\"\\ud83d\",")]
    public void MillionOfOneFault_CostsAFewReadings(string member)
    {
        string text = "{\"type\":\"input_audio_buffer.cleared\",\"event_id\":\"e\"," + string.Concat(Enumerable.Repeat(member, 500_000)) + "\"last\":1}";

        TolerantReading mended = Read(text);

        Assert.True(mended.WasRead);
        Assert.InRange(mended.Oddities.Count, 1, 2);
    }

    [Fact]
    public void SoundMessage_HasNoOddities()
    {
        TolerantReading sound = Read("""{"type":"input_audio_buffer.cleared","event_id":"e"}""");

        Assert.Equal(default, sound.Oddities);
        Assert.Equal("nothing odd", sound.Oddities.ToString());
    }

    [Fact]
    public void OwnedCopy_OutlivesTheReadersNextMessage()
    {
        byte[] odd = Encoding.UTF8.GetBytes("""{"type":"error","event_id":"e","error":{"message":"m","code":17,"type":"t"}}""");
        var reader = new ServerEventReader(tolerance: ReadTolerance.Mend);
        Assert.True(reader.TryRead(odd, default, out ServerEvent value, out _));
        OwnedServerEvent owned = value.ToOwned();
        var written = new ArrayBufferWriter<byte>();
        value.WriteTo(written);

        string message = Encoding.UTF8.GetString(odd);
        odd.AsSpan().Clear();
        reader.TryRead(Encoding.UTF8.GetBytes("""{"type":"error","event_id":9,"error":{"message":"other","type":"t"}}"""), default, out _, out _);

        Assert.Equal(message, Encoding.UTF8.GetString(owned.View.Json));
        Assert.Equal(message, Encoding.UTF8.GetString(written.WrittenSpan));
        Assert.True(owned.View.TryGetError(out ErrorView error));
        Assert.True(error.Details.TryGetErrorDetails(out ErrorDetailsView details));
        Assert.Equal("m", details.Message.ToString());
        Assert.False(details.Code.HasValue);
        Assert.Equal("error.code", owned.View.Oddities.First.Path);
        Assert.Equal(message, Encoding.UTF8.GetString(owned.View.ToOwned().View.Json));
    }

    [Fact]
    public void AudioOfAnOddMessage_IsDecoded_AndStandsInTheOriginal()
    {
        byte[] odd = Encoding.UTF8.GetBytes("""{"type":"response.output_audio.delta","event_id":"e","response_id":["r"],"item_id":"i","output_index":0.5,"content_index":0,"delta":"AQID"}""");
        byte[] audio = new byte[16];

        Assert.True(new ServerEventReader(tolerance: ReadTolerance.Mend).TryRead(odd, audio, out ServerEvent value, out _));
        Assert.True(value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta));

        Assert.Equal([1, 2, 3], delta.Delta.Bytes.ToArray());
        Assert.Equal("AQID", delta.Delta.Encoded.ToString());
        Assert.Equal("i", delta.ItemId.ToString());
        Assert.False(delta.ResponseId.HasValue);
        Assert.Equal(0, delta.OutputIndex);
    }

    [Fact]
    public void OddMessageInPieces_IsJoinedFirst()
    {
        byte[] odd = Encoding.UTF8.GetBytes("""{"type":"error","event_id":"e","error":{"message":"m","code":17,"type":"t"}}""");
        ReadOnlySequence<byte> pieces = Segments.Of(odd.AsMemory(0, 60), odd.AsMemory(60));

        Assert.True(new ServerEventReader(tolerance: ReadTolerance.Mend).TryRead(in pieces, default, out ServerEvent value, out _));

        Assert.Equal(odd, value.Json);
        Assert.True(value.TryGetError(out ErrorView error));
        Assert.True(error.Details.TryGetErrorDetails(out ErrorDetailsView details));
        Assert.Equal("m", details.Message.ToString());
    }

    [Fact]
    public void OddDeltas_AreNeverLearned()
    {
        var reader = new ServerEventReader(tolerance: ReadTolerance.Mend);
        for (int i = 0; i < 100; i++)
        {
            byte[] odd = Encoding.UTF8.GetBytes($$$"""{"type":"response.output_text.delta","event_id":"e{{{i}}}","response_id":"r","item_id":"i","output_index":0.5,"content_index":0,"delta":"d{{{i}}}"}""");
            Assert.True(reader.TryRead(odd, default, out ServerEvent value, out _));
            Assert.False(value.SameItemAsPrevious);
            Assert.Equal(1, value.Oddities.Count);
        }
    }

    /// <summary>The previous one of its kind is the mended one: of another item, or of the same one.</summary>
    [Theory]
    [InlineData("other")]
    [InlineData("i")]
    public void BehindAnOddDelta_NoneIsTakenForOneOfTheSameItem(string odd)
    {
        var reader = new ServerEventReader(tolerance: ReadTolerance.Mend);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(i > 1, IsSame("i", "0"));
        }

        Assert.False(IsSame(odd, "0.5"));
        Assert.False(IsSame("i", "0"));
        Assert.True(IsSame("i", "0"));

        bool IsSame(string item, string index)
        {
            byte[] message = Encoding.UTF8.GetBytes($$"""{"type":"response.output_text.delta","event_id":"e","response_id":"r","item_id":"{{item}}","output_index":{{index}},"content_index":0,"delta":"d"}""");
            Assert.True(reader.TryRead(message, default, out ServerEvent value, out _));
            return value.SameItemAsPrevious;
        }
    }

    private static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"k{i}\":{i}"));

    private static TolerantReading Read(string message) => TolerantReading.Of("realtime", "server", Encoding.UTF8.GetBytes(message), ReadTolerance.Mend);
}
