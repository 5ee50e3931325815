using Realtime.Protocol.Testing.Grammar;
using static Realtime.Protocol.Testing.Tests.Grammar.Frames;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>Items: what was heard of them, outputs of calls, and those that are not there.</summary>
internal static class ItemCases
{
    private const string ThreeCalls = "call_1";

    // 48,000 bytes: one second.
    private static readonly string Second = new('A', 64_000);

    // An answer of one second, whole at 1,000.
    private static readonly string Spoken = Manual + Create("100", "e1") + Created("200", "resp_1") + Added("300", "resp_1", "item_1") + Sound("400", "resp_1", "item_1") + ItemDone("900", "resp_1", "item_1") + Done("1000", "resp_1");

    private static readonly string Speaking = Vad + Created("1000", "resp_1") + Added("1000", "resp_1", "item_1") + Sound("1000", "resp_1", "item_1");

    // An answer of three seconds, whole at 1,000 and heard at 3,400 at the earliest.
    private static readonly string Buffered = Vad + Created("200", "resp_1") + Added("300", "resp_1", "item_1") + Sound("400", "resp_1", "item_1") + Sound("500", "resp_1", "item_1") + Sound("600", "resp_1", "item_1") + ItemDone("900", "resp_1", "item_1") + Done("1000", "resp_1");

    // Two answers of one second each, both there at 500: the second can be heard from 1,400 to 2,400.
    private static readonly string Queued = Manual + Create("100", "e1") + Created("200", "resp_1") + Added("300", "resp_1", "item_1") + Sound("400", "resp_1", "item_1") + ItemDone("450", "resp_1", "item_1")
        + Added("450", "resp_1", "item_2") + Sound("500", "resp_1", "item_2") + ItemDone("600", "resp_1", "item_2") + Done("700", "resp_1");

    // The server found the turn that the calls answer, and finds the next one.
    private static readonly string CalledByItself = Vad + Created("200", "resp_1") + Call("300", "resp_1", "item_1", ThreeCalls, "stock") + Done("400", "resp_1") + Turn;

    private static readonly string Called = Manual + Create("100", "e1") + Created("200", "resp_1") + Call("300", "resp_1", "item_1", ThreeCalls, "stock") + Done("400", "resp_1");

    private static readonly string Aside = Manual + Create("100", "e1", ",\"response\":{\"conversation\":\"none\"}") + Created("200", "resp_1", "null") + Call("300", "resp_1", "item_1", ThreeCalls, "stock") + Done("400", "resp_1");

    private static string Turn => SpeechStarted("1400") + SpeechStopped("2400") + Committed("2400") + Created("2600", "resp_2") + Done("3000", "resp_2");

    // The client has something said while its tool runs.
    private static readonly string Meanwhile = Create("600", "e5", ",\"response\":{\"instructions\":\"Say that you are looking it up.\"}") + Created("700", "resp_2") + Done("800", "resp_2");

    private static readonly string MeanwhileInText = Create("600", "e5", ",\"response\":{\"output_modalities\":[\"text\"]}") + Created("700", "resp_2") + Done("800", "resp_2");

    private static readonly string Next = Create("6000", "e8") + Created("6100", "resp_9") + Done("6200", "resp_9");

    public static RuleCase[] All { get; } =
    [
        new("truncate-beyond-sound", ViolationLevel.Refused, "audio_end_ms 1001, and item_1 has 1000 ms.",
            Spoken + Truncate("1100", "e2", "item_1", 1001) + Error("1101", "e2", "invalid_value", message: "Audio content of 1000ms is already shorter than 1001ms"),
            Spoken + Truncate("1100", "e2", "item_1", 700)),
        new("truncate-beyond-sound", ViolationLevel.Race, "audio_end_ms 1000, and item_1 has 1000 ms.",
            Spoken + Truncate("1100", "e2", "item_1", 1000) + Error("1101", "e2", "invalid_value", message: "Audio content of 915ms is already shorter than 1000ms"),
            Spoken + Truncate("1100", "e2", "item_1", 915)),
        new("truncate-before-sound", ViolationLevel.Refused, "item_1 has no sound yet, so there is nothing to truncate.",
            Vad + Created("1000", "resp_1") + Added("1000", "resp_1", "item_1") + Truncate("1100", "e2", "item_1", 0) + Error("1101", "e2", "unsupported_content_type") + Done("2000", "resp_1"),
            Speaking + Truncate("1100", "e2", "item_1", 100) + Done("2000", "resp_1")),
        new("truncate-not-model-audio", ViolationLevel.Refused, "Only the model's audio can be truncated; item_u is of the role user.",
            Manual + UserItem("100", "item_u") + Truncate("1100", "e2", "item_u", 0) + Error("1101", "e2", "unsupported_content_type"),
            Manual + UserItem("100", "item_u")),
        new("truncate-unknown", ViolationLevel.Refused, "There is no item item_9 in this conversation.",
            Manual + Truncate("1100", "e2", "item_9", 10) + Error("1101", "e2", "item_truncate_invalid_item_id"),
            Spoken + Truncate("1100", "e2", "item_1", 10)),
        new("truncate-unknown", ViolationLevel.Race, "item_1 was deleted 100 ms ago.",
            Spoken + Delete("1100", "e2", "item_1") + Deleted("1150", "item_1") + Truncate("1250", "e3", "item_1", 10) + Error("1251", "e3", "item_truncate_invalid_item_id"),
            Spoken + Delete("1100", "e2", "item_1") + Deleted("1150", "item_1")),
        new("truncate-twice", ViolationLevel.Wasteful, "item_1 was truncated before, by conversation.item.truncate (e2).",
            Spoken + Truncate("1100", "e2", "item_1", 500) + Truncate("1110", "e3", "item_1", 400),
            Spoken + Truncate("1100", "e2", "item_1", 1500) + Error("1101", "e2", "server_busy", message: "No.").Replace("invalid_request_error", "server_error", StringComparison.Ordinal)),
        new("truncate-heard-to-the-end", ViolationLevel.Harmful, "item_1 was whole and its 1000 ms could have been heard",
            Spoken + Truncate("1400", "e2", "item_1", 1000),
            Spoken + Truncate("1400", "e2", "item_1", 999)),
        new("interrupted-not-truncated", ViolationLevel.Harmful, "The user interrupted item_1 after 400 ms of 1.0 s and you did not truncate it",
            Speaking + SpeechStarted("1400") + Interrupted("1401", "resp_1") + SpeechStopped("2400") + Committed("2400") + Created("2600", "resp_2") + Done("3000", "resp_2"),
            Speaking + SpeechStarted("1400") + Interrupted("1401", "resp_1") + Truncate("1410", "e1", "item_1", 390) + SpeechStopped("2400") + Committed("2400") + Created("2600", "resp_2") + Done("3000", "resp_2")),
        new("interrupted-not-truncated", ViolationLevel.Race, "The user interrupted item_1",
            Speaking + SpeechStarted("1400") + Interrupted("1401", "resp_1") + SpeechStopped("1600") + Committed("1600") + Created("1700", "resp_2") + Done("3000", "resp_2"),
            Speaking + SpeechStarted("1400") + Interrupted("1401", "resp_1") + Delete("1410", "e1", "item_1") + SpeechStopped("1600") + Committed("1600") + Created("1700", "resp_2") + Done("3000", "resp_2")),
        new("interrupted-not-truncated", ViolationLevel.Harmful, "The user interrupted item_1 after 1.0 s of 3.0 s and you did not truncate it",
            Buffered + Turn, Buffered + Turn.Replace("1400 <", "3000 <", StringComparison.Ordinal)),
        new("interrupted-not-truncated", ViolationLevel.Harmful, "The user interrupted item_1 after 1.0 s of 3.0 s and you did not truncate it",
            Buffered + Turn, Buffered + SpeechStarted("1400") + Truncate("1410", "e1", "item_1", 1_000) + SpeechStopped("2400") + Committed("2400") + Created("2600", "resp_2") + Done("3000", "resp_2")),
        new("truncate-heard-to-the-end", ViolationLevel.Harmful, "item_2 was whole and its 1000 ms could have been heard",
            Queued + Truncate("2400", "e2", "item_2", 1000), Queued + Truncate("2399", "e2", "item_2", 1000)),
        new("truncate-heard-to-the-end", ViolationLevel.Harmful, "item_1 was whole and its 3000 ms could have been heard",
            Buffered + Truncate("3400", "e2", "item_1", 3000), Buffered + SpeechStarted("1400") + Truncate("1410", "e2", "item_1", 1000)),
        new("delete-while-made", ViolationLevel.Harmful, "item_1 is still being made",
            Speaking + Delete("1100", "e2", "item_1") + Done("2000", "resp_1"),
            Spoken + Delete("1100", "e2", "item_1")),
        new("delete-unknown", ViolationLevel.Refused, "item_1 was deleted 2.0 s ago.",
            Spoken + Delete("1100", "e2", "item_1") + Deleted("1200", "item_1") + Delete("3200", "e3", "item_1") + Error("3201", "e3", "item_delete_invalid_item_id"),
            Spoken + Delete("1100", "e2", "item_1") + Deleted("1200", "item_1")),
        new("retrieve-unknown", ViolationLevel.Refused, "There is no item item_9 in this conversation.",
            Manual + Retrieve("100", "e1", "item_9") + Error("101", "e1", "item_retrieve_invalid_item_id"),
            Spoken + Retrieve("1100", "e2", "item_1")),
        new("retrieve-again", ViolationLevel.Wasteful, "A retrieve of item_1 is under way (conversation.item.retrieve (e2)); one answers all.",
            Spoken + Retrieve("1100", "e2", "item_1") + Retrieve("1101", "e3", "item_1"),
            Spoken + Retrieve("1100", "e2", "item_1") + Line("1150", '<', """{"type":"conversation.item.retrieved","item":{"id":"item_1","type":"message","role":"assistant"}}""") + Retrieve("1200", "e3", "item_1")),
        new("item-id-taken", ViolationLevel.Refused, "The id of this item is in use.",
            Manual + Write("100", "e1", "user", "input_text") + Error("101", "e1", "item_create_duplicate_item_id"), Manual + Write("100", "e1", "user", "input_text")),
        new("item-after-unknown", ViolationLevel.Refused, "previous_item_id names an item that is not in this conversation.",
            Manual + Write("100", "e1", "user", "input_text") + Error("101", "e1", "item_create_invalid_previous_item_id"), Manual + Write("100", "e1", "user", "input_text")),
        new("item-model-sound", ViolationLevel.Refused, "Sound of the model cannot be put back (content[0] is output_audio).",
            Manual + Write("100", "e1", "assistant", "output_audio") + Error("101", "e1", "missing_required_parameter", "\"item.content[0].text\""), Manual + Write("100", "e1", "assistant", "output_text")),
        new("item-content-for-role", ViolationLevel.Refused, "A message of the role system takes input_text, not input_audio.",
            Manual + Write("100", "e1", "system", "input_audio") + Error("101", "e1", "invalid_value", "\"item.content[0].type\""), Manual + Write("100", "e1", "system", "input_text")),
        new("output-unknown-call", ViolationLevel.Refused, "call_7 is no call of this connection.",
            Manual + Output("100", "e1", "call_7") + Error("101", "e1", "invalid_tool_call_id"), Called + Output("500", "e2", ThreeCalls) + Next),
        new("output-again", ViolationLevel.Harmful, "call_1 was answered before, by conversation.item.create (e2).",
            Called + Output("500", "e2", ThreeCalls) + Output("501", "e3", ThreeCalls) + Create("600", "e8") + Created("700", "resp_9") + Done("800", "resp_9"),
            Called + Output("500", "e2", ThreeCalls) + OutputAdded("510", "item_7", ThreeCalls) + Delete("520", "e3", "item_7") + Deleted("530", "item_7") + Output("540", "e4", ThreeCalls)
                + Create("600", "e8") + Created("700", "resp_9") + Done("800", "resp_9")),
        new("output-out-of-band", ViolationLevel.Refused, "call_1 belongs to an out-of-band response.",
            Aside + Output("500", "e2", ThreeCalls) + Error("501", "e2", "invalid_tool_call_id"),
            Aside + Create("500", "e2", ",\"response\":{\"conversation\":\"none\",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"7\"}]}") + Created("600", "resp_2", "null") + Done("700", "resp_2")),
        new("output-missing", ViolationLevel.Harmful, "resp_1 called stock; no output was given, and you asked for the next response.",
            Called + Create("600", "e8") + Created("700", "resp_9") + Done("800", "resp_9"),
            Called + Delete("500", "e2", "item_1") + Create("600", "e8") + Created("700", "resp_9") + Done("800", "resp_9")),
        new("output-missing", ViolationLevel.Harmful, "resp_1 called stock; no output was ever given, and the server answered the user's next words without it.",
            CalledByItself, CalledByItself + Output("4000", "e2", ThreeCalls) + Create("4001", "e3") + Created("4100", "resp_3") + Done("4200", "resp_3")),
        new("output-missing", ViolationLevel.Harmful, "resp_1 called stock; no output was ever given, and the server answered the user's next words without it.",
            CalledByItself + Created("5000", "resp_3") + Output("5100", "e2", ThreeCalls) + Done("6000", "resp_3") + Create("6001", "e3") + Created("6100", "resp_4") + Done("6200", "resp_4"),
            CalledByItself + Delete("4000", "e2", "item_1")),
        new("output-missing", ViolationLevel.Harmful, "resp_1 called stock; no output was ever given, and you went on without it.",
            Called + Meanwhile, Called + Meanwhile + Output("4000", "e2", ThreeCalls) + Next),
        new("output-missing", ViolationLevel.Harmful, "resp_1 called stock; no output was ever given, and you went on without it.",
            Called + Meanwhile + Next + Output("7000", "e2", ThreeCalls), Called + Meanwhile + Delete("4000", "e2", "item_1")),
        new("output-missing", ViolationLevel.Harmful, "resp_1 called stock; no output was ever given, and you went on without it.",
            Called + MeanwhileInText, Called + MeanwhileInText + Output("4000", "e2", ThreeCalls) + Next),
        new("output-missing", ViolationLevel.Harmful, "resp_1 called stock; no output was given, and you asked for the next response.",
            Called + Create("600", "e5", ",\"response\":{\"metadata\":{\"a\":\"b\"}}") + Created("700", "resp_2") + Done("800", "resp_2"), Called + Output("500", "e2", ThreeCalls) + Next),
        new("output-missing", ViolationLevel.Harmful, "resp_1 called stock; no output was ever given, and you went on without it.",
            Called + Write("500", "e5", "user", "input_text") + Next, Called + Write("500", "e5", "user", "input_text") + Next + Output("7000", "e2", ThreeCalls) + Create("7001", "e9") + Created("7100", "resp_10") + Done("7200", "resp_10")),
        new("output-of-unfinished-call", ViolationLevel.Harmful, "call_1 was cut off (incomplete)",
            Vad + Created("200", "resp_1") + Call("300", "resp_1", "item_1", ThreeCalls, "stock", "incomplete") + Done("400", "resp_1", "incomplete") + Output("1000", "e2", ThreeCalls),
            Vad + Created("200", "resp_1") + Call("300", "resp_1", "item_1", ThreeCalls, "stock") + Done("400", "resp_1", "incomplete") + Output("1000", "e2", ThreeCalls)),
        new("waits-for-nothing", ViolationLevel.Harmful, "30.0 s since your function_call_output, and no response.create",
            Called + Output("500", "e2", ThreeCalls) + Line("31000", '<', """{"type":"rate_limits.updated","event_id":"event_r","rate_limits":[]}"""),
            Called + Output("500", "e2", ThreeCalls) + Create("600", "e8") + Created("700", "resp_9") + Done("800", "resp_9") + Line("31000", '<', """{"type":"rate_limits.updated","event_id":"event_r","rate_limits":[]}""")),
        new("out-of-band-in-conversation", ViolationLevel.Refused, "resp_1 was out of band and you expected item_1 of it in the conversation: it is not there.",
            Aside + Retrieve("500", "e2", "item_1") + Error("501", "e2", "item_retrieve_invalid_item_id"),
            Called + Retrieve("500", "e2", "item_1")),
        new("mcp-used-before-listed", ViolationLevel.Harmful, "You asked for a response before the tools of an MCP server were listed",
            Manual + Listing("100", "in_progress") + Create("200", "e1") + Created("300", "resp_1") + Done("400", "resp_1") + Listing("500", "completed"),
            Manual + Listing("100", "in_progress") + Listing("150", "completed") + Create("200", "e1") + Created("300", "resp_1") + Done("400", "resp_1")),
        new("mcp-approval-unknown", ViolationLevel.Refused, "No approval request mcpr_7 waits for an answer.",
            Manual + Approve("100", "e1") + Error("101", "e1", "invalid_value", "\"item.approval_request_id\""), Manual + Approve("100", "e1")),
    ];

    private static string Added(string at, string response, string item) =>
        Line(at, '<', $$$"""{"type":"response.output_item.added","response_id":"{{{response}}}","output_index":0,"item":{"id":"{{{item}}}","type":"message","status":"in_progress","role":"assistant","content":[]}}""");

    private static string Sound(string at, string response, string item) =>
        Line(at, '<', $$$"""{"type":"response.output_audio.delta","response_id":"{{{response}}}","item_id":"{{{item}}}","output_index":0,"content_index":0,"delta":"{{{Second}}}"}""");

    private static string ItemDone(string at, string response, string item) =>
        Line(at, '<', $$$"""{"type":"response.output_item.done","response_id":"{{{response}}}","output_index":0,"item":{"id":"{{{item}}}","type":"message","status":"completed","role":"assistant","content":[]}}""");

    private static string UserItem(string at, string item) =>
        Line(at, '<', $$$"""{"type":"conversation.item.done","previous_item_id":null,"item":{"id":"{{{item}}}","type":"message","status":"completed","role":"user","content":[]}}""");

    private static string Truncate(string at, string id, string item, int milliseconds) =>
        Line(at, '>', $$$"""{"type":"conversation.item.truncate","event_id":"{{{id}}}","item_id":"{{{item}}}","content_index":0,"audio_end_ms":{{{milliseconds}}}}""");

    private static string Delete(string at, string id, string item) => Line(at, '>', $$$"""{"type":"conversation.item.delete","event_id":"{{{id}}}","item_id":"{{{item}}}"}""");

    private static string OutputAdded(string at, string item, string call) =>
        Line(at, '<', $$$"""{"type":"conversation.item.added","event_id":"event_x","item":{"id":"{{{item}}}","type":"function_call_output","status":"completed","call_id":"{{{call}}}","output":"7"}}""");

    private static string Deleted(string at, string item) => Line(at, '<', $$$"""{"type":"conversation.item.deleted","event_id":"event_x","item_id":"{{{item}}}"}""");

    private static string Retrieve(string at, string id, string item) => Line(at, '>', $$$"""{"type":"conversation.item.retrieve","event_id":"{{{id}}}","item_id":"{{{item}}}"}""");

    private static string Write(string at, string id, string role, string part) =>
        Line(at, '>', $$$"""{"type":"conversation.item.create","event_id":"{{{id}}}","item":{"type":"message","role":"{{{role}}}","content":[{"type":"{{{part}}}"}]}}""");

    private static string Approve(string at, string id) =>
        Line(at, '>', $$$"""{"type":"conversation.item.create","event_id":"{{{id}}}","item":{"type":"mcp_approval_response","approval_request_id":"mcpr_7","approve":true}}""");

    private static string Listing(string at, string what) => Line(at, '<', $$$"""{"type":"mcp_list_tools.{{{what}}}","event_id":"event_m{{{at}}}","item_id":"mcpl_1"}""");
}
