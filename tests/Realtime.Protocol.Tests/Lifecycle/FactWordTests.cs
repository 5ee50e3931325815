using System.Globalization;
using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Every word of an event that a rule asks about is in its fact, and no other.</summary>
public class FactWordTests
{
    private const string Place = "\"response_id\":\"r\",\"item_id\":\"i\",\"output_index\":2,\"content_index\":3";

    [Theory]
    [InlineData("response.output_audio.delta", Place + ",\"delta\":\"AAAA\"", "OutputAudioDelta r=r i=i part=3 bytes=3")]
    [InlineData("response.output_audio.delta", "\"response_id\":\"r\",\"item_id\":\"i\",\"output_index\":\"2\",\"content_index\":3,\"delta\":\"AAAA\"", "OutputAudioDelta r=r i=i part=3 bytes=3 odd")]
    [InlineData("response.output_text.delta", Place + ",\"delta\":\"x\"", "OutputTextDelta r=r i=i part=3 text=x")]
    [InlineData("response.output_text.delta", "\"response_id\":\"r\",\"item_id\":\"i\",\"output_index\":\"2\",\"content_index\":3,\"delta\":\"x\"", "OutputTextDelta r=r i=i part=3 text=x odd")]
    [InlineData("response.output_audio_transcript.delta", Place + ",\"delta\":\"x\"", "ResponseProgress r=r i=i part=3 said=x")]
    [InlineData("response.output_audio_transcript.delta", "\"response_id\":\"r\",\"item_id\":\"i\",\"output_index\":\"2\",\"content_index\":3,\"delta\":\"x\"", "ResponseProgress r=r i=i part=3 said=x odd")]
    [InlineData("response.function_call_arguments.delta", Place + ",\"call_id\":\"c\",\"delta\":\"x\"", "ResponseProgress r=r i=i")]
    [InlineData("response.mcp_call_arguments.delta", Place + ",\"delta\":\"x\"", "ResponseProgress r=r i=i")]
    [InlineData("response.output_audio.done", Place, "OutputAudioDone r=r i=i place=2 part=3")]
    [InlineData("response.output_audio.done", "\"response_id\":7,\"item_id\":\"i\",\"output_index\":2,\"content_index\":3", "OutputAudioDone i=i place=2 part=3 odd")]
    [InlineData("response.output_audio_transcript.done", Place + ",\"transcript\":\"x\"", "ResponseProgress r=r i=i place=2 part=3 said=x whole")]
    [InlineData("response.output_text.done", Place + ",\"text\":\"x\"", "ResponseProgress r=r i=i place=2 part=3 text=x whole")]
    [InlineData("response.content_part.added", Place + ",\"part\":{\"type\":\"audio\"}", "ResponseProgress r=r i=i place=2")]
    [InlineData("response.content_part.done", Place + ",\"part\":{\"type\":\"audio\"}", "ResponseProgress r=r i=i place=2")]
    [InlineData("response.mcp_call_arguments.done", Place + ",\"arguments\":\"{}\"", "McpArgumentsDone r=r i=i place=2 McpCall arguments={}")]
    [InlineData("response.mcp_call.in_progress", "\"item_id\":\"i\",\"output_index\":2", "McpCallChanged i=i place=2 InProgress")]
    [InlineData("response.mcp_call.completed", "\"item_id\":\"i\",\"output_index\":2", "McpCallChanged i=i place=2 Completed")]
    [InlineData("response.mcp_call.failed", "\"item_id\":\"i\",\"output_index\":2", "McpCallChanged i=i place=2 Failed")]
    [InlineData("mcp_list_tools.in_progress", "\"item_id\":\"i\"", "McpListChanged i=i InProgress")]
    [InlineData("mcp_list_tools.completed", "\"item_id\":\"i\"", "McpListChanged i=i Completed")]
    [InlineData("mcp_list_tools.failed", "\"item_id\":\"i\"", "McpListChanged i=i Failed")]
    [InlineData(
        "response.function_call_arguments.done", Place + ",\"call_id\":\"c\",\"name\":\"n\",\"arguments\":\"{\\\"a\\\":1}\"", "CallArgumentsDone r=r i=i place=2 FunctionCall call=c name=n arguments={\"a\":1}")]
    public void AnEventOfAResponse(string type, string members, string words) => AssertWords(type, members, words);

    [Theory]
    [InlineData("input_audio_buffer.speech_started", "\"audio_start_ms\":1,\"item_id\":\"i\"", "SpeechStarted i=i at=1")]
    [InlineData("input_audio_buffer.speech_stopped", "\"audio_end_ms\":1,\"item_id\":\"i\"", "SpeechStopped i=i at=1")]
    [InlineData("input_audio_buffer.speech_stopped", "\"audio_end_ms\":\"x\",\"item_id\":\"i\"", "SpeechStopped i=i")]
    [InlineData("input_audio_buffer.speech_started", "\"audio_start_ms\":0,\"item_id\":\"i\"", "SpeechStarted i=i at=0")]
    [InlineData("input_audio_buffer.speech_started", "\"audio_start_ms\":-1,\"item_id\":\"i\"", "SpeechStarted i=i")]
    [InlineData("input_audio_buffer.timeout_triggered", "\"audio_start_ms\":1,\"audio_end_ms\":2,\"item_id\":\"i\"", "InputTimeoutTriggered i=i")]
    [InlineData("input_audio_buffer.committed", "\"previous_item_id\":\"p\",\"item_id\":\"i\"", "InputCommitted i=i previous=p Value")]
    [InlineData("input_audio_buffer.committed", "\"previous_item_id\":null,\"item_id\":\"i\"", "InputCommitted i=i previous= Null")]
    [InlineData("conversation.item.input_audio_transcription.delta", "\"item_id\":\"i\",\"content_index\":3,\"delta\":\"a\\n\"", "InputTranscriptDelta i=i part=3 text=a\n")]
    [InlineData("conversation.item.input_audio_transcription.delta", "\"item_id\":\"i\",\"delta\":\"a\",\"logprobs\":[{\"token\":\"a\",\"logprob\":-1,\"bytes\":[97]}]", "InputTranscriptDelta i=i text=a")]
    [InlineData("conversation.item.input_audio_transcription.segment", "\"item_id\":\"i\",\"content_index\":3,\"text\":\"a\",\"id\":\"s\",\"speaker\":\"A\",\"start\":1.5,\"end\":2", "InputTranscriptSegment i=i part=3 text=a speaker=A 1.5-2")]
    [InlineData("conversation.item.input_audio_transcription.completed", "\"item_id\":\"i\",\"transcript\":\"a\",\"languages\":[{\"code\":\"en\"},{\"code\":\"de\"}],\"usage\":{\"type\":\"duration\",\"seconds\":3.5}", "InputTranscriptCompleted i=i text=a language=en seconds=3.5")]
    [InlineData("conversation.item.input_audio_transcription.completed", "\"item_id\":\"i\",\"transcript\":\"\",\"usage\":{\"type\":\"tokens\",\"total_tokens\":10,\"input_tokens\":7,\"input_token_details\":{\"audio_tokens\":5},\"output_tokens\":3}", "InputTranscriptCompleted i=i text= tokens=10 5 3")]
    [InlineData("conversation.item.input_audio_transcription.failed", "\"item_id\":\"i\",\"content_index\":0,\"error\":{\"code\":\"c\",\"type\":\"t\",\"message\":\"m\"}", "InputTranscriptFailed i=i error=c t m")]
    [InlineData("input_audio_buffer.cleared", "\"x\":1", "InputCleared")]
    [InlineData("conversation.item.truncated", "\"item_id\":\"i\",\"content_index\":3,\"audio_end_ms\":250", "ItemTruncated i=i part=3 ms=250")]
    [InlineData("conversation.item.truncated", "\"item_id\":7,\"content_index\":3,\"audio_end_ms\":250", "ItemTruncated part=3 ms=250 odd")]
    [InlineData("conversation.item.deleted", "\"item_id\":\"i\"", "ItemDeleted i=i")]
    [InlineData("conversation.item.deleted", "\"item_id\":7", "ItemDeleted odd")]
    public void AnEventOfTheInput_OrOfTheConversation(string type, string members, string words) => AssertWords(type, members, words);

    [Theory]
    [InlineData("\"type\":\"message\",\"role\":\"user\",\"status\":\"completed\"", "UserMessage Completed")]
    [InlineData("\"type\":\"message\",\"role\":\"assistant\",\"status\":\"in_progress\"", "AssistantMessage InProgress")]
    [InlineData("\"type\":\"message\",\"role\":\"system\",\"status\":\"incomplete\"", "SystemMessage Incomplete")]
    [InlineData("\"type\":\"message\",\"role\":\"of_tomorrow\",\"status\":\"of_tomorrow\"", "")]
    [InlineData("\"type\":\"function_call\",\"status\":\"incomplete\",\"call_id\":\"c\",\"name\":\"n\",\"arguments\":\"{\"", "FunctionCall Incomplete call=c name=n arguments={")]
    [InlineData("\"type\":\"function_call_output\",\"status\":\"completed\",\"call_id\":\"c\",\"output\":\"x\"", "FunctionCallOutput Completed call=c")]
    [InlineData("\"type\":\"of_tomorrow\",\"status\":\"completed\"", "")]
    public void AnItem(string members, string words)
    {
        string item = $$"""{"id":"i",{{members}}}""";
        string rest = words.Length > 0 ? " " + words : "";
        AssertWords("response.output_item.added", $"\"response_id\":\"r\",\"output_index\":2,\"item\":{item}", $"OutputItemAdded r=r i=i place=2{rest}");
        AssertWords("response.output_item.done", $"\"response_id\":\"r\",\"output_index\":2,\"item\":{item}", $"OutputItemDone r=r i=i place=2{rest}");
        AssertWords("conversation.item.added", $"\"previous_item_id\":\"p\",\"item\":{item}", $"ItemAdded i=i previous=p Value{rest}");
        AssertWords("conversation.item.created", $"\"previous_item_id\":null,\"item\":{item}", $"ItemAdded i=i previous= Null{rest}");
        AssertWords("conversation.item.done", $"\"item\":{item}", $"ItemDone i=i{rest}");
        AssertWords("conversation.item.retrieved", $"\"item\":{item}", $"ItemRetrieved i=i{rest}");
        AssertWords("conversation.item.added", $"\"previous_item_id\":7,\"item\":{item}", $"ItemAdded i=i{rest} odd");
        AssertWords("response.output_item.done", $"\"response_id\":7,\"output_index\":2,\"item\":{item}", $"OutputItemDone i=i place=2{rest} odd");
    }

    [Theory]
    [InlineData("\"status\":\"in_progress\"", "InProgress")]
    [InlineData("\"status\":\"completed\",\"conversation_id\":null", "Completed conversation=Null outside")]
    [InlineData("\"status\":\"incomplete\",\"conversation_id\":\"c\",\"status_details\":{\"reason\":\"max_output_tokens\"}", "Incomplete reason=max_output_tokens conversation=Value")]
    [InlineData("\"status\":\"cancelled\",\"status_details\":{\"reason\":\"turn_detected\"}", "Cancelled reason=turn_detected")]
    [InlineData("\"status\":\"failed\",\"status_details\":{\"error\":{\"code\":\"c\",\"type\":\"t\",\"message\":\"m\"}}", "Failed error=c t m")]
    [InlineData("\"status\":\"of_tomorrow\",\"metadata\":{\"realtime.token\":\"t\"}", "token=t")]
    [InlineData("\"output_modalities\":[\"text\"]", "text")]
    [InlineData("\"output_modalities\":[\"text\",\"of_tomorrow\"]", "text")]
    [InlineData("\"output_modalities\":[\"of_tomorrow\",\"text\"]", "text")]
    [InlineData("\"output_modalities\":[\"audio\"]", "")]
    [InlineData("\"output_modalities\":[\"text\",\"audio\"]", "")]
    [InlineData("\"output_modalities\":[\"audio\",\"text\"]", "")]
    [InlineData("\"output_modalities\":[\"of_tomorrow\"]", "")]
    [InlineData("\"output_modalities\":[]", "")]
    [InlineData("\"audio\":{\"output\":{\"format\":{\"type\":\"audio/pcm\",\"rate\":16000}}}", "output=audio/pcm 16000")]
    [InlineData("\"audio\":{\"output\":{\"format\":{\"type\":\"audio/pcma\"}}}", "output=audio/pcma 8000")]
    public void AResponse(string members, string words)
    {
        string rest = words.Length > 0 ? " " + words : "";
        AssertWords("response.created", $$$"""  "response":{"id":"r",{{{members}}}}""", $"ResponseCreated r=r{rest}");
        AssertWords("response.done", $$$"""  "response":{"id":"r",{{{members}}}}""", $"ResponseDone r=r{rest}");
        AssertWords("response.done", $$$"""  "response":{"id":"r","object":7,{{{members}}}}""", $"ResponseDone r=r{rest} odd");
    }

    [Theory]
    [InlineData("""{"total_tokens":1,"input_tokens":9,"output_tokens":8,"input_token_details":{"cached_tokens":4,"audio_tokens":5},"output_token_details":{"audio_tokens":6}}""", "usage=17 9 8 4 5 6")]
    [InlineData("""{"total_tokens":1}""", "")]
    [InlineData("""{"input_tokens":2,"output_tokens":3}""", "usage=5 2 3 0 0 0")]
    [InlineData("null", "")]
    public void TheUsageOfAResponse(string usage, string words) =>
        AssertWords("response.done", $$$"""  "response":{"id":"r","status":"completed","usage":{{{usage}}}}""", $"ResponseDone r=r Completed{(words.Length > 0 ? " " + words : "")}");

    [Fact]
    public void TheEndAlone_TellsWhatItsItemsAre_AndWhatItCost()
    {
        const string Response = """  "response":{"id":"r","usage":{"input_tokens":1,"output_tokens":0},"output":[{"id":"i","type":"message","role":"assistant","status":"incomplete"}]}""";
        AssertWords("response.created", Response, "ResponseCreated r=r");
        AssertWords("response.done", Response, "ResponseDone r=r Incomplete reason=unstated usage=1 1 0 0 0 0 items=1");
        AssertWords(
            "response.done",
            """  "response":{"id":"r","status_details":{"reason":"max_output_tokens"},"output":[{"id":"i","type":"message","role":"assistant","status":"incomplete"}]}""",
            "ResponseDone r=r Incomplete reason=max_output_tokens items=1");
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("0", 0)]
    [InlineData("-1", -1)]
    [InlineData("-5", -1)]
    [InlineData("-4294967296", -1)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("2147483648", int.MaxValue)]
    [InlineData("4294967296", int.MaxValue)]
    public void ANumberThatNoPlaceHas_StaysOne(string number, int expected)
    {
        SessionFact fact = Of("response.output_audio.done", $"\"response_id\":\"r\",\"item_id\":\"i\",\"output_index\":{number},\"content_index\":{number}");
        Assert.Equal((expected, expected), (fact.ContentIndex, fact.OutputIndex));
    }

    [Theory]
    [InlineData("""{"type":"realtime","audio":{"input":{"format":{"type":"audio/pcm","rate":48000}},"output":{"format":{"type":"audio/pcmu"}}}}""", " input=audio/pcm 48000 output=audio/pcmu 8000")]
    [InlineData("""{"type":"realtime","audio":{"input":{"format":{"type":"of_tomorrow"}},"output":{"format":{"type":"audio/pcm"}}}}""", " output=audio/pcm 24000")]
    [InlineData("""{"type":"realtime","audio":{"input":{"turn_detection":{"type":"semantic_vad","create_response":false,"interrupt_response":true}}}}""", " turns=True False True")]
    [InlineData("""{"type":"realtime","audio":{"input":{"turn_detection":null}}}""", " turns=False False False")]
    public void ASession(string session, string words)
    {
        AssertWords("session.created", $"\"session\":{session}", "SessionCreated" + words);
        AssertWords("session.updated", $"\"session\":{session}", "SessionUpdated" + words);
    }

    private static void AssertWords(string type, string members, string words)
    {
        SessionFact fact = Of(type, members);
        Assert.Equal(words, Words(in fact));
    }

    private static SessionFact Of(string type, string members)
    {
        byte[] message = Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","event_id":"e",{{members}}}""");
        Assert.True(new ServerEventReader(tolerance: ReadTolerance.Mend).TryRead(message, default, out ServerEvent e, out ReadError error), error.ToString());
        return FactOf.Of(in e);
    }

    private static string Words(in SessionFact fact)
    {
        var words = new StringBuilder().Append(fact.Kind);
        Say(words, "r=", fact.ResponseId);
        Say(words, "i=", fact.ItemId);
        words.Append(fact.OutputIndex is { } place ? $" place={place}" : "");
        words.Append(fact.ContentIndex != 0 ? $" part={fact.ContentIndex}" : "");
        words.Append(fact.Words.Text.HasValue ? $" {(fact.Words.IsTranscript ? "said" : "text")}={fact.Words.Text.ToString()}{(fact.Words.IsWhole ? " whole" : "")}" : "");
        words.Append(fact.PreviousItem is not Presence.Absent ? $" previous={Encoding.UTF8.GetString(fact.PreviousItemId)} {fact.PreviousItem}" : "");
        words.Append(fact.AudioBytes != 0 ? $" bytes={fact.AudioBytes}" : "");
        words.Append(fact.AudioEndMilliseconds != 0 ? $" ms={fact.AudioEndMilliseconds}" : "");
        words.Append(fact.SpeechMilliseconds is { } at ? $" at={at}" : "");
        TranscriptWords said = fact.Transcript;
        words.Append(said.Text.HasValue ? $" text={said.Text.ToString()}" : "");
        words.Append(said.Speaker.HasValue ? $" speaker={said.Speaker.ToString()} {said.Start.ToString(CultureInfo.InvariantCulture)}-{said.End.ToString(CultureInfo.InvariantCulture)}" : "");
        words.Append(said.Language.HasValue ? $" language={said.Language.ToString()}" : "");
        words.Append(said.BilledSeconds is { } seconds ? $" seconds={seconds.ToString(CultureInfo.InvariantCulture)}" : "");
        words.Append(said.Usage is { } tokens ? $" tokens={tokens.Total} {tokens.Input.Audio} {tokens.Output.Text}" : "");
        words.Append(fact.ItemKind is not ItemFactKind.Other ? $" {fact.ItemKind}" : "");
        words.Append(fact.Status is not FactStatus.Unknown ? $" {fact.Status}" : "");
        Say(words, "reason=", fact.StatusReason);
        Say(words, "token=", fact.Token);
        words.Append(fact.Conversation is not Presence.Absent ? $" conversation={fact.Conversation}" : "");
        words.Append(fact.IsOutOfBand ? " outside" : "");
        words.Append(fact.IsTextOnly ? " text" : "");
        Say(words, "call=", fact.CallId);
        Say(words, "name=", fact.Name);
        Say(words, "arguments=", fact.Arguments);
        Say(words, "server=", fact.Server);
        Say(words, "approval=", fact.ApprovalId);
        foreach (McpToolDescriptionView tool in fact.Tools)
        {
            words.Append($" tool={tool.Name.ToString()}");
        }

        words.Append(fact.Usage is { } usage ? $" usage={usage.Total} {usage.Input.Total} {usage.Output.Total} {usage.CachedInput.Total} {usage.Input.Audio} {usage.Output.Audio}" : "");
        words.Append(fact.InputFormat.IsStated ? $" input={fact.InputFormat.Over(AudioEncoding.Pcm16)}" : "");
        words.Append(fact.OutputFormat.IsStated ? $" output={fact.OutputFormat.Over(AudioEncoding.Pcm16)}" : "");
        words.Append(fact.ServerTurns is { IsStated: true } turns ? $" turns={turns.IsEnabled} {turns.CreatesResponse} {turns.InterruptsResponse}" : "");
        words.Append(fact.ErrorCode.IsEmpty ? "" : $" error={Encoding.UTF8.GetString(fact.ErrorCode)} {Encoding.UTF8.GetString(fact.ErrorType)} {Encoding.UTF8.GetString(fact.ErrorMessage)}");
        int items = 0;
        foreach (SessionFact item in fact.Output)
        {
            items += item.Kind is SessionFactKind.OutputItemDone ? 1 : 0;
        }

        words.Append(items > 0 ? $" items={items}" : "");
        return words.Append(fact.IsMended ? " odd" : "").ToString();
    }

    private static void Say(StringBuilder words, string name, ReadOnlySpan<byte> utf8) => words.Append(utf8.IsEmpty ? "" : $" {name}{Encoding.UTF8.GetString(utf8)}");
}
