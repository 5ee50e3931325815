namespace Realtime.Protocol.Tests.Schema;

/// <summary>
/// What a peer may send and must not: each gives an error with its reason, byte and path, the same on every way into the
/// reader, and none is thrown. In the texts, <c>§</c> marks the byte that the error names.
/// </summary>
public class BadInputTests
{
    private const string Audio = """{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":""";

    [Theory]
    [InlineData("§", "")]
    [InlineData("{§", "")]
    [InlineData("{\"typ§", "")]
    [InlineData("{\"type\"§", "")]
    [InlineData("{\"type\":\"response.cancel§", "type")]
    [InlineData("{\"type\":\"response.cancel\"§", "type")]
    [InlineData("{\"type\":\"response.cancel\",§", "")]
    [InlineData("{\"event_id\":\"e_1\"§", "event_id")]
    [InlineData("{\"type\":\"response.cancel\",\"response_id\":§", "response_id")]
    [InlineData("{\"type\":\"response.cancel\",\"response_id\":nul§", "response_id")]
    [InlineData("{\"type\":\"response.cancel\",\"response_id\":\"§\\u00", "response_id")]
    [InlineData("{\"type\":\"conversation.item.truncate\",\"content_index\":1§", "content_index")]
    [InlineData("{\"type\":\"session.update\",\"session\":{\"tools\":[{\"name\":\"a\"},{§", "session.tools[1]")]
    [InlineData("{\"type\":\"input_audio_buffer.append\",\"audio\":\"AAAA§", "audio")]
    public void MessageThatEndsEarly_IsRefusedAtItsEnd(string marked, string path) =>
        Refusal.Of("client", marked).AssertIs(ReadErrorReason.Truncated, path);

    [Theory]
    [InlineData("client", """{"type":"tomorrow.event","x":""", "*")]
    [InlineData("client", """{"type":"response.cancel","x":""", "*")]
    [InlineData("server", """{"type":"response.output_audio.delta","x":""", "*")]
    [InlineData("client", """{"type":"session.update","session":{"tools":[{"parameters":""", "session.tools[0].parameters")]
    public void NestingOf65_IsRefused(string direction, string before, string path)
    {
        int free = 64 - before.Count(static character => character is '{' or '[');
        string arrays = new('[', free);
        Refusal.Of(direction, before + arrays + "§[").AssertIs(ReadErrorReason.TooDeep, path + string.Concat(Enumerable.Repeat("[0]", free)));
        string objects = string.Concat(Enumerable.Repeat("""{"a":""", free));
        Refusal.Of(direction, before + objects + "§{").AssertIs(ReadErrorReason.TooDeep, path + string.Concat(Enumerable.Repeat(".*", free)));

        // One level less and the message merely ends too early.
        Refusal.Of(direction, before + arrays + "§").AssertReason(ReadErrorReason.Truncated);
    }

    [Theory]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":§9223372036854775808}""", "audio_end_ms")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":§-9223372036854775809}""", "audio_end_ms")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":§1e99}""", "audio_end_ms")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":§1e99999999999}""", "audio_end_ms")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":§1.5}""", "audio_end_ms")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":§1e-1}""", "audio_end_ms")]
    [InlineData("""{"type":"session.update","session":{"audio":{"output":{"speed":§1e400}}}}""", "session.audio.output.speed")]
    [InlineData("""{"type":"session.update","session":{"max_output_tokens":§-1}}""", "session.max_output_tokens")]
    [InlineData("""{"type":"session.update","session":{"max_output_tokens":§99999999999999999999}}""", "session.max_output_tokens")]
    public void NumberThatDoesNotFit_IsRefused(string marked, string path) =>
        Refusal.Of("client", marked).AssertIs(ReadErrorReason.NumberOutOfRange, path);

    [Theory]
    [InlineData("client", """{"type":"conversation.item.truncate","item_id":"i","content_index":0§0,"audio_end_ms":1}""", "content_index")]
    [InlineData("client", """{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":0§7}""", "audio_end_ms")]
    [InlineData("server", """{"type":"response.output_text.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0§1,"content_index":0,"delta":"a"}""", "output_index")]
    public void NumberWithLeadingZeros_IsRefused(string direction, string marked, string path) =>
        Refusal.Of(direction, marked).AssertIs(ReadErrorReason.UnexpectedByte, path);

    [Theory]
    [InlineData("""{"type":"response.cancel","response_id":§1}""", "response_id")]
    [InlineData("""{"type":"response.cancel","response_id":§{}}""", "response_id")]
    [InlineData("""{"type":"conversation.item.delete","item_id":§null}""", "item_id")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":§"0","audio_end_ms":1}""", "content_index")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":§true,"audio_end_ms":1}""", "content_index")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":§null,"audio_end_ms":1}""", "content_index")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":§[1,2]}""", "audio")]
    [InlineData("""{"type":"session.update","session":§[]}""", "session")]
    [InlineData("""{"type":"session.update","session":{"audio":{"input":{"format":§7}}}}""", "session.audio.input.format")]
    [InlineData("""{"type":"session.update","session":{"audio":{"output":{"speed":§"fast"}}}}""", "session.audio.output.speed")]
    [InlineData("""{"type":"session.update","session":{"tools":§{}}}""", "session.tools")]
    [InlineData("""{"type":"session.update","session":{"tools":[{"type":"function","name":"a"},{"type":"function","name":§1}]}}""", "session.tools[1].name")]
    [InlineData("""{"type":"session.update","session":{"type":"realtime","max_output_tokens":§"many"}}""", "session.max_output_tokens")]
    [InlineData("""{"type":"session.update","session":{"tool_choice":§3}}""", "session.tool_choice")]
    [InlineData("""{"type":"session.update","session":{"output_modalities":["audio",§1]}}""", "session.output_modalities[1]")]
    [InlineData("""{"type":"session.update","session":{"audio":{"input":{"turn_detection":{"type":"server_vad","create_response":§"yes"}}}}}""", "session.audio.input.turn_detection.create_response")]
    [InlineData("""{"type":"response.create","response":{"metadata":{"a":§1}}}""", "response.metadata.*")]
    [InlineData("""{"type":"response.cancel","response_id":§}""", "response_id")]
    [InlineData("""{"type":"session.update","session":{"audio":§}}""", "session.audio")]
    [InlineData("{\"type\":\"session.update\",\"session\":§\0}", "session")]
    [InlineData("""{"type":§1}""", "type")]
    [InlineData("""{"type":§null}""", "type")]
    public void KnownMemberOfAnotherType_IsRefused(string marked, string path) =>
        Refusal.Of("client", marked).AssertIs(ReadErrorReason.WrongType, path);

    [Theory]
    [InlineData("""{"type":"response.cancel","response_id":§1}""", "wrong type of value: expected a string, found a number at byte § in response_id")]
    [InlineData("""{"type":"conversation.item.delete","item_id":§null}""", "wrong type of value: expected a string, found null at byte § in item_id")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":§"0","audio_end_ms":1}""", "wrong type of value: expected a whole number of 64 bits, found a string at byte § in content_index")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":§1.5}""", "number out of range: expected a whole number of 64 bits at byte § in audio_end_ms")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":§[1,2]}""", "wrong type of value: expected a string, found an array at byte § in audio")]
    [InlineData("""{"type":"session.update","session":§[]}""", "wrong type of value: expected an object, found an array at byte § in session")]
    [InlineData("""{"type":"session.update","session":§null}""", "wrong type of value: expected an object, found null at byte § in session")]
    [InlineData("""{"type":"session.update","session":{"audio":{"output":{"speed":§"fast"}}}}""", "wrong type of value: expected a number, found a string at byte § in session.audio.output.speed")]
    [InlineData("""{"type":"session.update","session":{"tools":§{}}}""", "wrong type of value: expected an array, found an object at byte § in session.tools")]
    [InlineData("""{"type":"session.update","session":{"max_output_tokens":§"many"}}""", "wrong type of value: expected a whole number of 64 bits or \"inf\", found a string at byte § in session.max_output_tokens")]
    [InlineData("""{"type":"session.update","session":{"max_output_tokens":§[]}}""", "wrong type of value: expected a whole number of 64 bits or \"inf\", found an array at byte § in session.max_output_tokens")]
    [InlineData("""{"type":"session.update","session":{"tool_choice":§3}}""", "wrong type of value: expected a string or an object, found a number at byte § in session.tool_choice")]
    [InlineData("""{"type":"session.update","session":{"audio":{"input":{"turn_detection":{"type":"server_vad","create_response":§"yes"}}}}}""", "wrong type of value: expected true or false, found a string at byte § in session.audio.input.turn_detection.create_response")]
    [InlineData("""{"type":"session.update","session":{"audio":{"input":{"turn_detection":§false}}}}""", "wrong type of value: expected an object, found true or false at byte § in session.audio.input.turn_detection")]
    [InlineData("""{"type":§x}""", "wrong type of value: expected a string at byte § in type")]
    public void KnownMemberOfAnotherType_IsRefusedSayingWhatWasExpectedAndWhatCame(string marked, string text) =>
        Refusal.Of("client", marked).AssertSays(text);

    [Theory]
    [InlineData("client", """{§}""", "", "type")]
    [InlineData("client", """{"event_id":"e","x":{"type":"response.cancel"}§}""", "", "type")]
    [InlineData("client", """{"type":"conversation.item.delete"§}""", "", "item_id")]
    [InlineData("client", """{"type":"conversation.item.truncate","item_id":"i","content_index":0§}""", "", "audio_end_ms")]
    [InlineData("client", """{"type":"input_audio_buffer.append"§}""", "", "audio")]
    [InlineData("server", """{"type":"input_audio_buffer.cleared"§}""", "", "event_id")]
    [InlineData("server", """{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0§}""", "", "delta")]
    [InlineData("server", """{"type":"response.output_text.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"delta":"a"§}""", "", "content_index")]
    [InlineData("server", """{"type":"error","event_id":"e","error":{"type":"invalid_request_error"§}}""", "error", "message")]
    public void RequiredMemberThatIsMissing_IsNamedAtTheEndOfItsObject(string direction, string marked, string path, string member) =>
        Refusal.Of(direction, marked).AssertIs(ReadErrorReason.MissingMember, path, member);

    [Theory]
    [InlineData("client", """{"type":"response.cancel","type":§"response.cancel"}""", "type", "type")]
    [InlineData("client", """{"type":"response.cancel","t\u0079pe":§"other"}""", "*", "*")]
    [InlineData("client", """{"type":"response.cancel","response_id":"r","response_id":§"r"}""", "response_id", "response_id")]
    [InlineData("client", """{"type":"response.cancel","response_id":null,"response_id":§"r"}""", "response_id", "response_id")]
    [InlineData("client", """{"type":"session.update","session":{"audio":{},"audio":§{}}}""", "session.audio", "audio")]
    [InlineData("client", """{"type":"session.update","session":{"tools":[{"type":"function","name":"a","parameters":{},"parameters":§1}]}}""", "session.tools[0].parameters", "parameters")]
    [InlineData("server", """{"type":"response.output_audio.delta","delta":"AAAA","delta":§"AAAA"}""", "delta", "delta")]
    [InlineData("server", """{"type":"tomorrow.event","type":§"tomorrow.event"}""", "type", "type")]
    public void KnownMemberGivenTwice_IsRefusedAtItsSecondValue(string direction, string marked, string path, string member) =>
        Refusal.Of(direction, marked).AssertIs(ReadErrorReason.DuplicateMember, path, member);

    [Theory]
    [InlineData("§\"AA AA===\"")]
    [InlineData("§\"AAAA\\nAAAA\"")]
    [InlineData("§\"AAAA \"")]
    [InlineData("§\"A\"")]
    [InlineData("§\"AAA\"")]
    [InlineData("§\"AAAAA\"")]
    [InlineData("§\"AAA=AAAA\"")]
    [InlineData("§\"AA*A\"")]
    [InlineData("§\"AAé\"")]
    [InlineData("§\"AB==\"")]
    [InlineData("§\"AAB=\"")]
    [InlineData("§\"AA-_\"")]
    [InlineData("§\"AA\\u002D\\u005F\"")]
    public void AudioThatIsNotBase64_IsRefused(string text)
    {
        Refusal.Of("server", Audio + text + "}").AssertIs(ReadErrorReason.InvalidBase64, "delta");
        Refusal.Of("client", $$"""{"type":"input_audio_buffer.append","audio":{{text}}}""").AssertIs(ReadErrorReason.InvalidBase64, "audio");
        Refusal.Of("client", $$$"""{"type":"conversation.item.create","item":{"content":[{"audio":{{{text}}},"type":"input_audio"}],"type":"message","role":"user"}}""")
            .AssertIs(ReadErrorReason.InvalidBase64, "item.content[0].audio");
    }

    [Theory]
    [InlineData("""{"type":"response.cancel","response_id":"a§\u12"}""", ReadErrorReason.InvalidEscape, "response_id")]
    [InlineData("""{"type":"response.cancel","response_id":"a§\u"}""", ReadErrorReason.InvalidEscape, "response_id")]
    [InlineData("""{"type":"response.cancel","response_id":"a§\u12g4"}""", ReadErrorReason.InvalidEscape, "response_id")]
    [InlineData("""{"type":"response.cancel","response_id":"a§\x"}""", ReadErrorReason.InvalidEscape, "response_id")]
    [InlineData("""{"type":"response.cancel","x":["a§\u12"]}""", ReadErrorReason.InvalidEscape, "*[0]")]
    [InlineData("""{"type":"response.cancel","§\u12":1}""", ReadErrorReason.InvalidEscape, "")]
    [InlineData("""{"type":"response.cance§\u006"}""", ReadErrorReason.InvalidEscape, "type")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"AAA§\u00"}""", ReadErrorReason.InvalidEscape, "audio")]
    [InlineData("""{"type":"response.cancel","response_id":"a§\ud83d"}""", ReadErrorReason.LoneSurrogate, "response_id")]
    [InlineData("""{"type":"response.cancel","response_id":"a§\ude00"}""", ReadErrorReason.LoneSurrogate, "response_id")]
    [InlineData("""{"type":"response.cancel","response_id":"a§\ud83d\u0041"}""", ReadErrorReason.LoneSurrogate, "response_id")]
    [InlineData("""{"type":"response.cancel","response_id":"§\ude00\ud83d"}""", ReadErrorReason.LoneSurrogate, "response_id")]
    [InlineData("""{"type":"response.cancel","x":{"y":"§\ud83d"}}""", ReadErrorReason.LoneSurrogate, "*.*")]
    [InlineData("""{"type":"response.cancel","§\ud83d":1}""", ReadErrorReason.LoneSurrogate, "")]
    public void EscapeThatStandsForNothing_IsRefusedAtItsBackslash(string marked, ReadErrorReason reason, string path) =>
        Refusal.Of("client", marked).AssertIs(reason, path);

    /// <summary>Here <c>�</c> stands for the bytes under test. The error names the first of them.</summary>
    [Theory]
    [InlineData("client", """{"type":"response.cancel","response_id":"a§�"}""", "response_id")]
    [InlineData("client", """{"type":"response.cancel","response_id":"a\n§�"}""", "response_id")]
    [InlineData("client", """{"type":"response.cancel","x":["b",{"y":"§�"}]}""", "*[1].*")]
    [InlineData("client", """{"type":"response.cancel","§�":1}""", "")]
    [InlineData("client", """{"type":"response.cancel","response_id":"aé😀\u00e9§�b"}""", "response_id")]
    [InlineData("client", """{"type":"§�"}""", "type")]
    [InlineData("client", """{"type":"input_audio_buffer.append","audio":"AAAA§�"}""", "audio")]
    [InlineData("server", """{"type":"response.output_audio.delta","delta":"AAAA§�"}""", "delta")]
    [InlineData("server", """{"type":"response.output_text.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"a§�"}""", "delta")]
    public void TextThatIsNotUtf8_IsRefused(string direction, string marked, string path)
    {
        byte[][] faults = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98]];
        Assert.All(faults, bytes => Refusal.Of(direction, marked, bytes).AssertIs(ReadErrorReason.InvalidUtf8, path));
    }

    [Theory]
    [InlineData("§[]", ReadErrorReason.NotAnObject, "")]
    [InlineData(" §\"error\"", ReadErrorReason.NotAnObject, "")]
    [InlineData("§null", ReadErrorReason.NotAnObject, "")]
    [InlineData("§not json", ReadErrorReason.NotAnObject, "")]
    [InlineData("§\0", ReadErrorReason.NotAnObject, "")]
    [InlineData(" §\0{}", ReadErrorReason.NotAnObject, "")]
    [InlineData("{\"type\":\"response.cancel\"} §x", ReadErrorReason.TrailingData, "")]
    [InlineData("{\"type\":\"response.cancel\"}§{}", ReadErrorReason.TrailingData, "")]
    [InlineData("{\"type\":\"response.cancel\",§}", ReadErrorReason.UnexpectedByte, "")]
    [InlineData("{\"type\":\"response.cancel\",\"x\":§NaN}", ReadErrorReason.UnexpectedByte, "*")]
    [InlineData("{\"type\":\"tomorrow's event\",\"x\":[§}", ReadErrorReason.UnexpectedByte, "*[0]")]
    [InlineData("{\"type\":\"response.cancel\",\"response_id\":\"a§\nb\"}", ReadErrorReason.ControlCharacter, "response_id")]
    public void MessageThatIsNotOneJsonObject_IsRefused(string marked, ReadErrorReason reason, string path) =>
        Refusal.Of("client", marked).AssertIs(reason, path);

    /// <summary>Which alternative of a union came is looked up ahead of reading it, and a fault behind it must not hide the one that comes first.</summary>
    [Theory]
    [InlineData("""{"id":§5,"content":[1,],"type":"message"}""", ReadErrorReason.WrongType, "item.id")]
    [InlineData("""{"id":§5,"content":[{"a":"\q"}],"type":"message"}""", ReadErrorReason.WrongType, "item.id")]
    [InlineData("""{"role":§1,"x":{"a" 1},"type":"message"}""", ReadErrorReason.WrongType, "item.role")]
    [InlineData("""{"role":1,"content":[§}],"type":"message"}""", ReadErrorReason.UnexpectedByte, "item.content[0]")]
    [InlineData("""{"id":5,"object":tru§,"type":"message"}""", ReadErrorReason.UnexpectedByte, "item.object")]
    public void ErrorInAUnion_IsTheSameFastAndStrict(string item, ReadErrorReason reason, string path)
    {
        string marked = $$"""{"type":"conversation.item.added","event_id":"e","previous_item_id":null,"item":{{item}}}""";
        Refusal.Of("server", marked).AssertIs(reason, path);
        byte[] message = System.Text.Encoding.UTF8.GetBytes(marked.Replace("§", "", StringComparison.Ordinal));
        Assert.False(ServerEvent.TryRead(message, default, strict: true, out _, out ReadError strict));
        Assert.False(ServerEvent.TryRead(message, out _, out ReadError fast));
        Assert.Equal(strict, fast);
    }

    /// <summary>A name that the protocol does not have is content: it may be a key, a token, somebody's name.</summary>
    [Theory]
    [InlineData("""{"type":"response.cancel","sk-proj-4f9a8c77AliceSmith":tru§x}""", "*")]
    [InlineData("""{"sk-proj-4f9a8c77AliceSmith":{"AliceSmith":tru§,"type":"response.cancel"}}""", "*.*")]
    [InlineData("""{"type":"session.update","session":{"tools":[{"AliceSmith":§x}]}}""", "session.tools[0].*")]
    [InlineData("""{"type":"session.update","session":{"prompt":{"id":"p","variables":{"AliceSmith":§x}}}}""", "session.prompt.variables.*")]
    [InlineData("""{"type":"response.create","response":{"metadata":{"AliceSmith":§7}}}""", "response.metadata.*")]
    public void Error_NamesNoUnknownMembers(string marked, string path)
    {
        string[] quoted = marked.Split('§');
        byte[] message = System.Text.Encoding.UTF8.GetBytes(string.Concat(quoted));
        Assert.False(ClientEvent.TryRead(message, out _, out ReadError error));
        Assert.Equal((quoted[0].Length, path), (error.Offset, error.Path));
        Assert.DoesNotContain("Alice", error.ToString(), StringComparison.Ordinal);
    }
}
