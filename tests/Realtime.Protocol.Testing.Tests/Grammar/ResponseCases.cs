using Realtime.Protocol.Testing.Grammar;
using static Realtime.Protocol.Testing.Tests.Grammar.Frames;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>Asking for responses and cancelling them.</summary>
internal static class ResponseCases
{
    private const string Busy = "conversation_already_has_active_response";
    private const string Nothing = "response_cancel_not_active";

    public static RuleCase[] All { get; } =
    [
        new("create-while-active", ViolationLevel.Refused, "response.create (e2) while resp_1 is active.",
            Manual + Create("100", "e1") + Created("200", "resp_1") + Create("900", "e2") + Error("910", "e2", Busy) + Done("2000", "resp_1"),
            Manual + Create("100", "e1") + Created("200", "resp_1") + Done("890", "resp_1") + Create("900", "e2") + Created("1000", "resp_2") + Done("2000", "resp_2")),
        new("create-while-active", ViolationLevel.Refused, "response.create (e2) when response.create (e1) has no answer yet.",
            Manual + Create("100", "e1") + Create("101", "e2") + Created("200", "resp_1") + Error("201", "e2", Busy) + Done("2000", "resp_1"),
            Manual + Create("100", "e1") + Create("101", "e2", ",\"response\":{\"conversation\":\"none\"}") + Created("200", "resp_1") + Created("201", "resp_2", "null") + Done("2000", "resp_1") + Done("2000", "resp_2")),
        new("create-while-active", ViolationLevel.Race, "response.create (e1) while resp_v is active.",
            Vad + Created("1000", "resp_v") + Create("1100", "e1") + Error("1101", "e1", Busy) + Done("2000", "resp_v"),
            Vad + Created("1000", "resp_v") + Done("1090", "resp_v") + Create("1100", "e1") + Created("1200", "resp_1") + Done("2000", "resp_1")),
        new("create-in-server-window", ViolationLevel.Refused, "You asked for a response 120 ms after the server took the user's speech: it was about to answer by itself.",
            Vad + SpeechStarted("1000") + SpeechStopped("2000") + Committed("2000") + Create("2120", "e1") + Created("2300", "resp_v") + Error("2301", "e1", Busy) + Done("3000", "resp_v"),
            Vad + SpeechStarted("1000") + SpeechStopped("2000") + Committed("2000") + Created("2300", "resp_v") + Done("3000", "resp_v") + Create("3001", "e1") + Created("3100", "resp_1") + Done("4000", "resp_1")),
        new("create-null-response", ViolationLevel.Refused, "\"response\": null.",
            Manual + Create("100", "e1", ",\"response\":null") + Error("110", "e1", "invalid_type", "\"response\""),
            Manual + Create("100", "e1", ",\"response\":null") + Created("110", "resp_1") + Done("200", "resp_1")),
        new("create-per-tool-output", ViolationLevel.Harmful, "response.create after 1 of 2 outputs for resp_1: the model answers without knowing price.",
            Manual + Create("100", "e1") + Created("200", "resp_1") + Call("300", "resp_1", "item_1", "call_1", "stock") + Call("310", "resp_1", "item_2", "call_2", "price") + Done("400", "resp_1")
                + Output("500", "e2", "call_1") + Create("501", "e3") + Created("600", "resp_2") + Done("700", "resp_2") + Output("800", "e4", "call_2") + Create("801", "e5") + Created("900", "resp_3") + Done("950", "resp_3"),
            Manual + Create("100", "e1") + Created("200", "resp_1") + Call("300", "resp_1", "item_1", "call_1", "stock") + Call("310", "resp_1", "item_2", "call_2", "price") + Done("400", "resp_1")
                + Output("500", "e2", "call_2") + Output("800", "e4", "call_1") + Create("801", "e5") + Created("900", "resp_3") + Done("950", "resp_3")),
        new("create-before-call-done", ViolationLevel.Refused, "You answered call_1 and asked for a response while resp_1, which made the call, is still active.",
            Manual + Create("100", "e1") + Created("200", "resp_1") + Call("300", "resp_1", "item_1", "call_1", "stock") + Output("310", "e2", "call_1") + Create("311", "e3") + Error("312", "e3", Busy) + Done("1000", "resp_1") + Create("1001", "e4") + Created("1100", "resp_2") + Done("1200", "resp_2"),
            Manual + Create("100", "e1") + Created("200", "resp_1") + Call("300", "resp_1", "item_1", "call_1", "stock") + Output("310", "e2", "call_1") + Done("1000", "resp_1") + Create("1001", "e4") + Created("1100", "resp_2") + Done("1200", "resp_2")),
        new("create-while-user-speaks", ViolationLevel.Harmful, "The user has been speaking for 900 ms: this answer talks over them and is cancelled by their turn.",
            Vad + SpeechStarted("1000") + Create("1900", "e1") + Created("2000", "resp_1") + SpeechStopped("3000") + Done("3000", "resp_1"),
            Session("""{"type":"server_vad","create_response":false,"interrupt_response":false}""") + SpeechStarted("1000") + Create("1900", "e1") + Created("2000", "resp_1") + SpeechStopped("3000") + Done("3000", "resp_1")),
        new("create-on-transcription", ViolationLevel.Refused, "This session only transcribes; it has no responses.",
            Session("null", type: "transcription") + Create("100", "e1") + Error("110", "e1", "invalid_event", "\"type\""),
            Session("null", type: "transcription") + Line("100", '>', """{"type":"input_audio_buffer.clear","event_id":"e1"}""")),
        new("cancel-nothing", ViolationLevel.Refused, "response.cancel, but nothing is active: resp_1 was done 4.1 s ago.",
            Manual + Create("100", "e1") + Created("200", "resp_1") + Done("900", "resp_1") + Cancel("5000", "e2") + Error("5001", "e2", Nothing),
            Manual + Create("100", "e1") + Created("200", "resp_1") + Cancel("800", "e2") + Done("900", "resp_1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""")),
        new("cancel-nothing", ViolationLevel.Race, "response.cancel, but nothing is active: resp_1 was done 100 ms ago.",
            Manual + Create("100", "e1") + Created("200", "resp_1") + Done("900", "resp_1") + Cancel("1000", "e2", "resp_1") + Error("1001", "e2", Nothing),
            Manual + Create("100", "e1") + Created("200", "resp_1") + Cancel("850", "e2", "resp_1") + Done("900", "resp_1")),
        new("cancel-twice", ViolationLevel.Refused, "A second cancel for resp_1.",
            Manual + Create("100", "e1") + Created("200", "resp_1") + Cancel("800", "e2") + Cancel("801", "e3") + Done("900", "resp_1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""") + Error("901", "e3", Nothing),
            Manual + Create("100", "e1") + Created("200", "resp_1") + Cancel("800", "e2") + Done("900", "resp_1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""")
                + Create("1000", "e3") + Created("1100", "resp_2") + Cancel("1200", "e4") + Done("1300", "resp_2", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""")),
        new("cancel-after-barge-in", ViolationLevel.Wasteful, "The server cancelled resp_1 itself when the user began to speak (interrupt_response is true).",
            Vad + Created("1000", "resp_1") + SpeechStarted("2000") + Interrupted("2001", "resp_1") + Cancel("3000", "e1") + Error("3001", "e1", Nothing),
            Session("""{"type":"server_vad","interrupt_response":false}""") + Created("1000", "resp_1") + SpeechStarted("2000") + Cancel("2010", "e1") + Done("2020", "resp_1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""")),
        new("cancel-without-id", ViolationLevel.Harmful, "Several responses run and your cancel names none: it ended resp_1 of the conversation, not resp_2.",
            Manual + Create("100", "e1") + Created("200", "resp_1") + Create("300", "e2", ",\"response\":{\"conversation\":\"none\"}") + Created("400", "resp_2", "null") + Cancel("1000", "e3") + Done("1001", "resp_1", "cancelled") + Done("2000", "resp_2"),
            Manual + Create("100", "e1") + Created("200", "resp_1") + Create("300", "e2", ",\"response\":{\"conversation\":\"none\"}") + Created("400", "resp_2", "null") + Cancel("1000", "e3", "resp_2") + Done("1001", "resp_2", "cancelled") + Done("2000", "resp_1")),
    ];
}
