using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>What the fast path takes and what it leaves; that it finds what the strict reader finds is for the differential tests.</summary>
public class OrderedReaderTests
{
    private const string Usage = """{"total_tokens":253,"input_tokens":132,"output_tokens":121,"input_token_details":{"text_tokens":119,"audio_tokens":13,"image_tokens":0,"cached_tokens":64,"cached_tokens_details":{"text_tokens":64,"audio_tokens":0,"image_tokens":0}},"output_token_details":{"text_tokens":30,"audio_tokens":91}}""";

    private const string Message = """{"id":"item_1","object":"realtime.item","type":"message","status":"completed","role":"assistant","content":[{"type":"output_audio","transcript":"Es öffnet um \"neun\"."}]}""";

    private const string Response = $$$"""{"object":"realtime.response","id":"resp_1","status":"completed","status_details":null,"output":[{{{Message}}}],"conversation_id":"conv_1","output_modalities":["audio"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin"}},"usage":{{{Usage}}},"metadata":{"order":"1"}}""";

    [Fact]
    public void WhatServicesSend_IsTaken()
    {
        Assert.Equal(Bytes(Usage).Length, OrderedReader.Pass<UsageView>(Bytes(Usage), 0, 1));
        Assert.Equal(Bytes(Message).Length, OrderedReader.Pass<MessageItemView>(Bytes(Message), 0, 1));
        Assert.Equal(Bytes(Message).Length, OrderedReader.Pass<ItemView>(Bytes(Message), 0, 1));
        Assert.Equal(Bytes(Response).Length, OrderedReader.Pass<ResponseView>(Bytes(Response), 0, 1));
        byte[] done = Bytes($$"""{"type":"response.done","event_id":"event_1","response":{{Response}}}""");
        Assert.Equal(done.Length, ResponseDoneView.ReadInOrder(done, 0, 1, nested: null, new Slot[3]));
    }

    [Theory]
    [InlineData("""{"text_tokens":30}""")]
    [InlineData("""{"audio_tokens":91}""")]
    [InlineData("""{"text_tokens":null,"audio_tokens":91}""")]
    [InlineData("""{"text_tokens":1.0,"audio_tokens":9223372036854775807}""")]
    public void MembersThatNeedNotBeThere_MayBeLeftOutOrUnusual(string json) =>
        Assert.Equal(json.Length, OrderedReader.Pass<OutputTokenDetailsView>(Bytes(json), 0, 1));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "text_tokens":30}""")]
    [InlineData("""{"text_tokens": 30}""")]
    [InlineData("""{"text_tokens" :30}""")]
    [InlineData("""{"text_tokens":30 }""")]
    [InlineData("""{"text_tokens":30, "audio_tokens":91}""")]
    [InlineData("""{"audio_tokens":91,"text_tokens":30}""")]
    [InlineData("""{"text_tokens":30,"text_tokens":30}""")]
    [InlineData("""{"text_tokens":30,"more":1}""")]
    [InlineData("""{"text_tokens":30,}""")]
    [InlineData("""{"text_tokens":030}""")]
    [InlineData("""{"text_tokens":"30"}""")]
    [InlineData("""{"text_tokens":true}""")]
    [InlineData("""{"text_tokens":30"audio_tokens":91}""")]
    [InlineData("""["text_tokens":30]""")]
    [InlineData("null")]
    [InlineData("")]
    public void WhatIsUnusualInStructure_IsLeftToTheStrictReader(string json) =>
        Assert.Equal(OrderedReader.Declined, OrderedReader.Pass<OutputTokenDetailsView>(Bytes(json), 0, 1));

    [Theory]
    [InlineData("""{"type":"item_reference"}""", false)]
    [InlineData("""{"id":"item_1"}""", false)]
    [InlineData("""{"id":"item_1","type":"item_reference"}""", true)]
    public void WhatLacksAMemberThatMustBeThere_IsLeft(string json, bool isWhole)
    {
        var strict = new JsonCursor(Bytes(json)) { IsStrict = true };
        Assert.Equal(isWhole, strict.Validate<ItemReferenceView>());
        Assert.Equal(isWhole ? json.Length : OrderedReader.Declined, OrderedReader.Pass<ItemReferenceView>(Bytes(json), 0, 1));
    }

    [Fact]
    public void WhateverIsCutOff_IsLeft()
    {
        byte[] json = Bytes(Response);
        for (int length = 0; length < json.Length; length++)
        {
            Assert.True(OrderedReader.Pass<ResponseView>(json.AsSpan(0, length), 0, 1) < 0, $"{length} bytes of {json.Length}");
        }
    }

    /// <summary>Read strictly there and then, a value would be read again by all that lies around it, twice as often for each union.</summary>
    [Fact]
    public void AnAlternativeThatIsUnusual_IsLeftByEverythingAroundIt()
    {
        byte[] item = Bytes(Message.Replace(",\"role\"", ", \"role\"", StringComparison.Ordinal));
        var strict = new JsonCursor(item) { IsStrict = true };
        Assert.True(strict.Validate<ItemView>());
        Assert.Equal(OrderedReader.Declined, OrderedReader.Pass<ItemView>(item, 0, 1));
        Assert.Equal(OrderedReader.Declined, OrderedReader.Pass<ResponseView>(Bytes(Response.Replace(Message, Encoding.UTF8.GetString(item), StringComparison.Ordinal)), 0, 1));
    }

    [Theory]
    [InlineData("""{"type":"future","more":[{"a":1}]}""")]
    [InlineData("""{"type":5}""")]
    [InlineData("""{"id":"item_1"}""")]
    public void AnAlternativeThatIsNotKnown_IsTaken(string json) =>
        Assert.Equal(json.Length, OrderedReader.Pass<ItemView>(Bytes(json), 0, 1));

    [Theory]
    [InlineData("\"marin\"", 7)]
    [InlineData("\"mar\\u0069n\"", 12)]
    [InlineData("""{"id":"voice_1"}""", 16)]
    [InlineData("7", OrderedReader.Declined)]
    [InlineData("\"mar", OrderedReader.Declined)]
    public void AUnionWithText_IsTakenAsEither(string json, int end) =>
        Assert.Equal(end, OrderedReader.Pass<VoiceView>(Bytes(json), 0, 1));

    [Fact]
    public void TheDepthThatIsAllowed_IsTheStrictReaders()
    {
        byte[] json = Bytes("""{"text_tokens":30}""");
        Assert.Equal(json.Length, OrderedReader.Pass<OutputTokenDetailsView>(json, 0, JsonCursor.MaxDepth - 1));
        Assert.Equal(OrderedReader.Declined, OrderedReader.Pass<OutputTokenDetailsView>(json, 0, JsonCursor.MaxDepth));
        Slot slot = default;
        Assert.Equal(4, OrderedReader.List<TextView>("[\"\"]"u8, 0, JsonCursor.MaxDepth - 1, nested: null, nullable: false, ref slot));
        Assert.Equal(OrderedReader.Declined, OrderedReader.List<TextView>("[\"\"]"u8, 0, JsonCursor.MaxDepth, nested: null, nullable: false, ref slot));
    }

    [Fact]
    public void NothingBehindTheText_IsRead()
    {
        byte[] json = Bytes(Message);
        using var memory = new GuardedMemory(json.Length);
        Span<byte> guarded = memory.AtEnd(json.Length);
        json.CopyTo(guarded);
        Assert.Equal(json.Length, OrderedReader.Pass<MessageItemView>(guarded, 0, 1));
        Assert.Equal(json.Length, JsonNested.End(guarded, 0));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
