using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What a fact says of an event in which something is odd: the words that were sent, and nothing instead of what was not said.</summary>
public class OddFactTests
{
    [Theory]
    [InlineData("""{"code":"c","type":"t","message":"m","param":"p","event_id":"e"}""", "c t m p e")]
    [InlineData("""{"code":429,"type":7,"message":-1.5e3,"param":0,"event_id":12}""", "429 7 -1.5e3 0 12")]
    [InlineData("""{"code":null,"type":null,"message":null,"param":null,"event_id":null}""", "- - - - -")]
    [InlineData("""{"code":true,"type":["t"],"message":{"m":1},"param":false,"event_id":"e"}""", "- - - - e")]
    [InlineData("""{ "message" : 5 , "x":{"code":"no"}, "code" : 7, "code":8 }""", "7 - 5 - -")]
    [InlineData("""{"x":["a",{"code":1}],"code":7}""", "7 - - - -")]
    [InlineData("""{"message":9,"code":90,"param":["9"],"type":"x","event_id":null}""", "90 x 9 - -")]
    [InlineData("""{"message":"cut \ud83d","code":4}""", "4 - cut � - -")]
    [InlineData("{}", "- - - - -")]
    public void F04_ErrorObject_IsReadInWordsAndDigits(string error, string words) => AssertError($$"""{"type":"error","event_id":"own","error":{{error}}}""", words);

    [Theory]
    [InlineData("""{"type":"error","event_id":"own","error":"It broke.","code":"c","param":"p"}""", "c - It broke. p -")]
    [InlineData("""{"type":"error","error":"cut \ud83d","code":500}""", "500 - cut � - -")]
    [InlineData("""{"type":"error","event_id":"own","code":"c","message":"m","param":"p"}""", "c - m p -")]
    [InlineData("""{"type":"error","error":null,"message":"m"}""", "- - m - -")]
    [InlineData("""{"type":"error","error":[1],"message":"m \"quoted\""}""", "- - m \"quoted\" - -")]
    [InlineData("""{"type":"error","error":404}""", "- - 404 - -")]
    [InlineData("""{"type":"error"}""", "- - - - -")]
    public void F04_ErrorInAnotherShape_KeepsItsWords(string message, string words) => AssertError(message, words);

    [Theory]
    [InlineData("""{"type":"failed","error":"server overloaded"}""", "- - server overloaded")]
    [InlineData("""{"type":"failed","error":{"code":503,"type":"t","message":"m"}}""", "503 t m")]
    [InlineData("""{"type":"failed","error":[]}""", "- - -")]
    [InlineData("""{"type":7,"error":{"code":"c"}}""", "c - -")]
    public void F02_ErrorOfAFailedResponse_KeepsItsWords(string details, string words)
    {
        SessionFact fact = Of($$$"""{"type":"response.done","event_id":"e","response":{"id":"r","status":"failed","status_details":{{{details}}}}}""");

        Assert.Equal(words, $"{S(fact.ErrorCode)} {S(fact.ErrorType)} {S(fact.ErrorMessage)}");
        Assert.Equal(("r", FactStatus.Failed), (S(fact.ResponseId), fact.Status));
    }

    [Theory]
    [InlineData("\"status\":7,", "", FactStatus.Unknown, "-")]
    [InlineData("", """{"id":"a","type":"message","status":"completed"}""", FactStatus.Unknown, "-")]
    [InlineData("", """{"id":"a","type":"message","status":"completed"},{"id":"b","type":"function_call","status":"incomplete"}""", FactStatus.Incomplete, "unstated")]
    [InlineData("\"status\":{},", """{"id":"b","type":"message","status":"incomplete"}""", FactStatus.Incomplete, "unstated")]
    [InlineData("\"status\":\"completed\",", """{"id":"b","type":"message","status":"incomplete"}""", FactStatus.Completed, "-")]
    public void ResponseWithoutAStatus_IsJudgedByItsItems(string status, string output, FactStatus expected, string reason)
    {
        SessionFact fact = Of($$$"""{"type":"response.done","event_id":"e","response":{"id":"r",{{{status}}}"output":[{{{output}}}]}}""");

        Assert.Equal((expected, reason), (fact.Status, S(fact.StatusReason)));
    }

    [Fact]
    public void OddMetadata_LeavesTheTokenWhereItIs()
    {
        SessionFact fact = Of("""{"type":"response.created","event_id":"e","response":{"id":"r","metadata":{"n":1,"realtime.token":"t","m":null}}}""");
        Assert.Equal(("r", "t", true), (S(fact.ResponseId), S(fact.Token), fact.IsMended));

        fact = Of("""{"type":"response.created","event_id":"e","response":{"id":"r","metadata":"t"}}""");
        Assert.Equal(("r", "-"), (S(fact.ResponseId), S(fact.Token)));
    }

    [Theory]
    [InlineData("null", Presence.Null)]
    [InlineData("\"c\"", Presence.Value)]
    [InlineData("17", Presence.Absent)]
    public void OddConversation_IsNotStated(string conversation, Presence expected) =>
        Assert.Equal(expected, Of($$$"""{"type":"response.created","event_id":"e","response":{"id":"r","conversation_id":{{{conversation}}}}}""").Conversation);

    [Theory]
    [InlineData("""{"id":"i","type":"function_call","call_id":"c","name":"n","arguments":null}""", "{}")]
    [InlineData("""{"id":"i","type":"function_call","call_id":"c","name":"n","arguments":{"a": [1, "\ud83d"]}}""", """{"a": [1, "\ud83d"]}""")]
    [InlineData("""{"id":"i","type":"function_call","call_id":"c","name":"n","arguments":"{\"a\":1}","status":7}""", """{"a":1}""")]
    [InlineData("""{"id":"i","type":"function_call","call_id":"c","name":"n"}""", "-")]
    public void F12_Arguments_AreWhatTheyMean(string item, string arguments)
    {
        foreach (string message in new[]
        {
            $$"""{"type":"response.output_item.done","event_id":"e","response_id":"r","output_index":1,"item":{{item}}}""",
            $$"""{"type":"conversation.item.done","event_id":"e","item":{{item}}}""",
        })
        {
            SessionFact fact = Of(message);
            Assert.Equal(("i", "c", "n", arguments), (S(fact.ItemId), S(fact.CallId), S(fact.Name), S(fact.Arguments)));
        }

        // The last witness of a call: the output of its response, wherever in it the item stands.
        SessionFact done = Of($$$"""{"type":"response.done","event_id":"e","response":{"id":"r","output":[{"id":"m","type":"message","role":7},{{{item}}}]}}""");
        List<string> calls = [];
        foreach (SessionFact fact in done.Output)
        {
            calls.Add($"{S(fact.ResponseId)} {S(fact.ItemId)} {S(fact.CallId)} {S(fact.Arguments)} {fact.OutputIndex}");
        }

        Assert.Equal(["r m - - 0", $"r i c {arguments} 1"], calls);
    }

    [Theory]
    [InlineData("\"arguments\":null", "{}")]
    [InlineData("\"arguments\":{\"a\":1}", "{\"a\":1}")]
    [InlineData("\"arguments\":\"{}\"", "{}")]
    [InlineData("\"x\":1", "-")]
    public void F12_WholeArguments_AreWhatTheyMean(string arguments, string expected)
    {
        SessionFact fact = Of($$"""{"type":"response.function_call_arguments.done","event_id":"e","call_id":"c","name":"n",{{arguments}}}""");
        Assert.Equal((SessionFactKind.CallArgumentsDone, "-", "-", "c", "n", expected), (fact.Kind, S(fact.ResponseId), S(fact.ItemId), S(fact.CallId), S(fact.Name), S(fact.Arguments)));
    }

    [Theory]
    [InlineData("\"output_index\":3,", 3)]
    [InlineData("\"output_index\":0,", 0)]
    [InlineData("\"output_index\":-1,", -1)]
    [InlineData("\"output_index\":\"3\",", null)]
    [InlineData("", null)]
    public void OutputIndex_IsStatedOrNot(string index, int? expected) =>
        Assert.Equal(expected, Of($$$"""{"type":"response.output_item.added","event_id":"e","response_id":"r",{{{index}}}"item":{"id":"i","type":"message","role":"assistant"}}""").OutputIndex);

    [Theory]
    [InlineData("\"previous_item_id\":\"p\",", "p", Presence.Value)]
    [InlineData("\"previous_item_id\":null,", "-", Presence.Null)]
    [InlineData("\"previous_item_id\":17,", "-", Presence.Absent)]
    [InlineData("", "-", Presence.Absent)]
    public void PreviousItem_IsStatedOrNot(string member, string expected, Presence presence)
    {
        foreach (string type in new[] { "added", "created", "done" })
        {
            SessionFact fact = Of($$$"""{"type":"conversation.item.{{{type}}}","event_id":"e",{{{member}}}"item":{"id":"i","type":"message","role":"user"}}""");
            Assert.Equal((expected, presence, ItemFactKind.UserMessage), (S(fact.PreviousItemId), fact.PreviousItem, fact.ItemKind));
        }
    }

    [Theory]
    [InlineData("\"item_id\":\"i\",\"audio_end_ms\":250,\"content_index\":1", "i 250 1", false)]
    [InlineData("\"item_id\":\"i\",\"audio_end_ms\":\"250\",\"content_index\":1", "i 0 1", true)]
    [InlineData("\"item_id\":7,\"audio_end_ms\":250,\"content_index\":0", "- 250 0", true)]
    [InlineData("\"audio_end_ms\":250,\"content_index\":[0]", "- 250 0", true)]
    [InlineData("\"item_id\":null", "- 0 0", true)]
    public void AcknowledgementOfATruncationOrADeletion_SaysWhatIsLeftOfIt(string members, string words, bool isMended)
    {
        SessionFact cut = Of($$"""{"type":"conversation.item.truncated","event_id":"e",{{members}}}""");
        Assert.Equal((SessionFactKind.ItemTruncated, words, isMended), (cut.Kind, $"{S(cut.ItemId)} {cut.AudioEndMilliseconds} {cut.ContentIndex}", cut.IsMended));

        SessionFact deleted = Of($$"""{"type":"conversation.item.deleted","event_id":"e",{{members}}}""");
        Assert.Equal((SessionFactKind.ItemDeleted, words.Split(' ')[0]), (deleted.Kind, S(deleted.ItemId)));
    }

    [Fact]
    public void F10_HalfACharacter_IsOneOfItsOwn_UntilTheWholeTextComes()
    {
        byte[] message = Encoding.UTF8.GetBytes("""{"type":"response.output_audio_transcript.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"\ud83d"}""");
        Assert.True(new ServerEventReader(tolerance: ReadTolerance.Mend).TryRead(message, default, out ServerEvent e, out _));
        Assert.True(e.TryGetResponseOutputAudioTranscriptDelta(out ResponseOutputAudioTranscriptDeltaView delta));

        Assert.Equal("�", delta.Delta.ToString());
        Assert.Equal(SessionFactKind.ResponseProgress, FactOf.Of(in e).Kind);
    }

    private static void AssertError(string message, string words)
    {
        SessionFact fact = Of(message);
        Assert.Equal(SessionFactKind.Error, fact.Kind);
        Assert.Equal(words, $"{S(fact.ErrorCode)} {S(fact.ErrorType)} {S(fact.ErrorMessage)} {S(fact.ErrorParameter)} {S(fact.ErrorEventId)}");
    }

    private static SessionFact Of(string message)
    {
        Assert.True(new ServerEventReader(tolerance: ReadTolerance.Mend).TryRead(Encoding.UTF8.GetBytes(message), default, out ServerEvent e, out ReadError error), error.ToString());
        return FactOf.Of(in e);
    }

    private static string S(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? "-" : Encoding.UTF8.GetString(utf8);
}
