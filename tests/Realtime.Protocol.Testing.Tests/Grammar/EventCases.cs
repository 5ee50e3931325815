using Realtime.Protocol.Testing.Grammar;
using static Realtime.Protocol.Testing.Tests.Grammar.Frames;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>Events as such: their names, members and ids, and what is no event.</summary>
internal static class EventCases
{
    private static readonly string LongId = new('e', 600);

    public static RuleCase[] All { get; } =
    [
        new("event-unknown", ViolationLevel.Refused, "'response.cancelled' is not a client event. Did you mean response.cancel?",
            Manual + Line("100", '>', """{"type":"response.cancelled","event_id":"e1"}""") + Error("101", "e1", "invalid_value", "\"type\""),
            Manual + Line("100", '>', """{"type":"response.later","event_id":"e1"}""")),
        new("event-webrtc-only", ViolationLevel.Refused, "output_audio_buffer.clear is for WebRTC.",
            Manual + Line("100", '>', """{"type":"output_audio_buffer.clear","event_id":"e1"}""") + Error("101", "e1", "invalid_value", "\"type\""),
            Manual + Line("100", '>', """{"type":"output_audio_buffer.clear","event_id":"e1"}""") + Line("110", '<', """{"type":"output_audio_buffer.cleared","response_id":"resp_1"}""")),
        new("event-unknown-member", ViolationLevel.Refused, "'item.contnet' is unknown. Did you mean item.content?",
            Manual + Line("100", '>', """{"type":"conversation.item.create","event_id":"e1","item":{"type":"message","role":"user","contnet":[]}}""") + Error("101", "e1", "unknown_parameter", "\"item.contnet\""),
            Manual + Line("100", '>', """{"type":"conversation.item.create","event_id":"e1","item":{"type":"message","role":"user","contnet":[]}}""")),
        new("event-wrong-type", ViolationLevel.Refused, "'response.instructions' has the wrong type.",
            Manual + Create("100", "e1", ",\"response\":{\"instructions\":7}") + Error("101", "e1", "invalid_type", "\"response.instructions\""),
            Manual + Create("100", "e1", ",\"response\":{\"instructions\":\"7\"}") + Created("101", "resp_1") + Done("200", "resp_1")),
        new("event-missing-member", ViolationLevel.Refused, "'item_id' is missing.",
            Manual + Line("100", '>', """{"type":"conversation.item.delete","event_id":"e1"}""") + Error("101", "e1", "missing_required_parameter", "\"item_id\""),
            Manual + Line("100", '>', """{"type":"input_audio_buffer.clear","event_id":"e1"}""") + Line("101", '<', """{"type":"input_audio_buffer.cleared","event_id":"event_1"}""")),
        new("event-missing-member", ViolationLevel.Refused, "'type' is missing.",
            Manual + Line("100", '>', """{"event_id":"e1"}""") + Error("101", "e1", "invalid_event"),
            Manual + Line("100", '>', """{"event_id":"e1"}""")),
        new("event-bad-value", ViolationLevel.Refused, "'response.tool_choice' has a value that is not taken.",
            Manual + Create("100", "e1", ",\"response\":{\"tool_choice\":\"maybe\"}") + Error("101", "e1", "invalid_value", "\"response.tool_choice\""),
            Manual + Create("100", "e1", ",\"response\":{\"tool_choice\":\"auto\"}") + Created("101", "resp_1") + Done("200", "resp_1")),
        new("event-refused", ViolationLevel.Refused, "response.create (e1) was refused with the code no_such_thing.",
            Manual + Create("100", "e1") + Error("101", "e1", "no_such_thing"),
            Manual + Create("100", "e1") + Line("101", '<', """{"type":"error","event_id":"event_1","error":{"type":"server_error","code":"overloaded","message":"Later.","param":null,"event_id":"e1"}}""")),
        new("event-id-missing", ViolationLevel.Wasteful, "An error could not name this event.",
            Manual + Line("100", '>', """{"type":"input_audio_buffer.commit"}""") + Error("101", null, "no_such_thing"),
            Manual + Line("100", '>', """{"type":"input_audio_buffer.clear"}""") + Line("101", '<', """{"type":"input_audio_buffer.cleared","event_id":"event_1"}""")),
        new("event-id-again", ViolationLevel.Harmful, "e1 was used for two events.",
            Manual + Line("100", '>', """{"type":"input_audio_buffer.clear","event_id":"e1"}""") + Line("200", '>', """{"type":"input_audio_buffer.clear","event_id":"e1"}"""),
            Manual + Line("100", '>', """{"type":"input_audio_buffer.clear","event_id":"e1"}""") + Line("200", '>', """{"type":"input_audio_buffer.clear","event_id":"e2"}""")),
        new("event-id-too-long", ViolationLevel.Refused, "600 characters in event_id; 512 is the limit.",
            Manual + Create("100", LongId) + Error("101", LongId, "string_above_max_length", "\"event_id\""),
            Manual + Create("100", LongId[..512]) + Created("101", "resp_1") + Done("200", "resp_1")),
        new("message-not-json", ViolationLevel.Refused, "Line 1, byte 19: this is not JSON.",
            Manual + Line("100", '>', """{"type":"response",,}""") + Error("101", null, "invalid_event"),
            Manual + Line("100", '<', """{"type":"response",,}""")),
        new("message-not-json", ViolationLevel.Refused, "This is JSON, and no object.",
            Manual + Line("100", '>', "7"), Manual + Line("100", '<', "7")),
        new("message-twice-member", ViolationLevel.Refused, "A member occurs twice in one object.",
            Manual + Line("100", '>', """{"type":"response.create","type":"response.create","event_id":"e1"}""") + Error("101", null, "invalid_event"),
            Manual + Line("100", '<', """{"type":"response.later","type":"response.later"}""")),
    ];
}
