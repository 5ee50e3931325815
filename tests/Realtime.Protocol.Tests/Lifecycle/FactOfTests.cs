using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>What of an event reaches the machine.</summary>
public class FactOfTests
{
    [Fact]
    public void Created_TellsItsTokenFormatAndConversation()
    {
        SessionFact fact = Of("""
            {"type":"response.created","event_id":"event_1","response":{"id":"resp_1","object":"realtime.response","status":"in_progress","status_details":null,"output":[],
            "conversation_id":"conv_1","output_modalities":["audio"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcmu"},"voice":"marin"}},"usage":null,
            "metadata":{"k":"v","realtime.token":"token_1"}}}
            """);
        Assert.Equal(SessionFactKind.ResponseCreated, fact.Kind);
        Assert.Equal("resp_1", S(fact.ResponseId));
        Assert.Equal("token_1", S(fact.Token));
        Assert.Equal(AudioEncoding.G711MuLaw, fact.OutputFormat);
        Assert.False(fact.IsOutOfBand);
        Assert.False(fact.IsTextOnly);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(""","conversation_id":null""", true)]
    [InlineData(""","conversation_id":"conv_1" """, false)]
    public void RC22_OnlyANullConversation_IsOutOfBand(string member, bool expected) =>
        Assert.Equal(expected, Of($$$"""{"type":"response.created","event_id":"e","response":{"id":"r"{{{member}}},"output_modalities":["text"]}}""").IsOutOfBand);

    [Theory]
    [InlineData("""{"type":"cancelled","reason":"turn_detected"}""", "turn_detected")]
    [InlineData("\"cancelled\"", "cancelled")]
    [InlineData("null", "")]
    public void CX06_StatusDetails_MayBeAnObjectAStringOrNull(string details, string expected)
    {
        SessionFact fact = Of("""{"type":"response.done","event_id":"e","response":{"id":"r","status":"cancelled","status_details":DETAILS,"usage":null}}""".Replace("DETAILS", details, StringComparison.Ordinal));
        Assert.Equal(FactStatus.Cancelled, fact.Status);
        Assert.Equal(expected, S(fact.StatusReason));
    }

    [Fact]
    public void ER02_FailedResponse_TellsItsCode_WithOrWithoutAMessage()
    {
        SessionFact fact = Of("""{"type":"response.done","event_id":"e","response":{"id":"r","status":"failed","status_details":{"type":"failed","error":{"type":"server_error","code":"insufficient_quota"}}}}""");
        Assert.Equal(FactStatus.Failed, fact.Status);
        Assert.Equal("insufficient_quota", S(fact.ErrorCode));
        Assert.Equal("", S(fact.ErrorMessage));
    }

    [Fact]
    public void AudioDelta_CountsDecodedBytes()
    {
        string base64 = Convert.ToBase64String(new byte[960]);
        SessionFact fact = Of($$"""{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":2,"delta":"{{base64}}"}""");
        Assert.Equal((SessionFactKind.OutputAudioDelta, 960, 2), (fact.Kind, fact.AudioBytes, fact.ContentIndex));
        Assert.Equal(("r", "i"), (S(fact.ResponseId), S(fact.ItemId)));
    }

    [Fact]
    public void FunctionCall_TellsUnescapedArguments()
    {
        SessionFact fact = Of("""
            {"type":"response.output_item.done","event_id":"e","response_id":"r","output_index":0,
            "item":{"id":"i","type":"function_call","status":"completed","name":"clock","call_id":"call_1","arguments":"{\"zone\":\"UTC\"}"}}
            """);
        Assert.Equal((SessionFactKind.OutputItemDone, ItemFactKind.FunctionCall, FactStatus.Completed), (fact.Kind, fact.ItemKind, fact.Status));
        Assert.Equal(("clock", "call_1", """{"zone":"UTC"}"""), (S(fact.Name), S(fact.CallId), S(fact.Arguments)));
    }

    [Theory]
    [InlineData("null", true, false, false, false)]
    [InlineData("""{"type":"server_vad"}""", true, true, true, true)]
    [InlineData("""{"type":"server_vad","create_response":false,"interrupt_response":true}""", true, true, false, true)]
    [InlineData("""{"type":"semantic_vad","create_response":true,"interrupt_response":false}""", true, true, true, false)]
    [InlineData("""{"type":"later_vad"}""", true, true, true, true)]
    public void Session_TellsWhoTakesTheTurns(string detection, bool stated, bool enabled, bool creates, bool interrupts)
    {
        SessionFact fact = Of("""
            {"type":"session.updated","event_id":"e","session":{"type":"realtime","audio":{
            "input":{"format":{"type":"audio/pcm","rate":24000},"turn_detection":DETECTION},"output":{"format":{"type":"audio/pcma"}}}}}
            """.Replace("DETECTION", detection, StringComparison.Ordinal));
        Assert.Equal((stated, enabled, creates, interrupts), (fact.ServerTurns.IsStated, fact.ServerTurns.IsEnabled, fact.ServerTurns.CreatesResponse, fact.ServerTurns.InterruptsResponse));
        Assert.Equal<(StatedFormat, StatedFormat)>((AudioEncoding.Pcm16, AudioEncoding.G711ALaw), (fact.InputFormat, fact.OutputFormat));
    }

    [Fact]
    public void Session_ThatSaysNothing_StatesNothing() => Assert.False(Of("""{"type":"session.updated","event_id":"e","session":{"type":"realtime"}}""").ServerTurns.IsStated);

    [Fact]
    public void Error_TellsWhatItAnswers()
    {
        SessionFact fact = Of("""{"type":"error","event_id":"event_9","error":{"type":"invalid_request_error","code":"invalid_value","message":"Say \"please\".","param":"response.voice","event_id":"event_1"}}""");
        Assert.Equal(("invalid_value", "Say \"please\".", "response.voice", "event_1"), (S(fact.ErrorCode), S(fact.ErrorMessage), S(fact.ErrorParameter), S(fact.ErrorEventId)));
    }

    [Fact]
    public void RL01_RateLimits_DecideNothing() =>
        Assert.Equal(SessionFactKind.None, Of("""{"type":"rate_limits.updated","event_id":"e","rate_limits":[]}""").Kind);

    [Fact]
    public void UNK01_EventsOfTomorrow_DecideNothing() => Assert.Equal(SessionFactKind.None, Of("""{"type":"of_tomorrow","event_id":"e"}""").Kind);

    private static SessionFact Of(string json)
    {
        Assert.True(ServerEvent.TryRead(Encoding.UTF8.GetBytes(json), out ServerEvent e, out ReadError error), error.ToString());
        return FactOf.Of(e);
    }

    private static string S(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
