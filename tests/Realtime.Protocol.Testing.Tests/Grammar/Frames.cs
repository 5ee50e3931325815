namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>Lines of a wire that many cases share; see <see cref="Support.WatchedWire"/>.</summary>
internal static class Frames
{
    public const string Pcm = "\"format\":{\"type\":\"audio/pcm\",\"rate\":24000}";

    /// <summary>A session that finds the user's turns, answers them and is interrupted by them.</summary>
    public static string Vad { get; } = Session("""{"type":"server_vad","create_response":true,"interrupt_response":true}""");

    /// <summary>A session in which the client takes the turns.</summary>
    public static string Manual { get; } = Session("null");

    public static string Session(string detection, string format = Pcm, string type = "realtime", string name = "session.created", string at = "0") =>
        $"{at} < {{\"type\":\"{name}\",\"event_id\":\"event_s{at}\",\"session\":{{\"type\":\"{type}\",\"model\":\"gpt-realtime\",\"audio\":{{\"input\":{{{format},\"turn_detection\":{detection}}},\"output\":{{{Pcm},\"voice\":\"marin\"}}}}}}}}\n";

    public static string Line(string at, char who, string json) => $"{at} {who} {json}\n";

    public static string Create(string at, string id, string more = "") => Line(at, '>', $$"""{"type":"response.create","event_id":"{{id}}"{{more}}}""");

    public static string Created(string at, string response, string conversation = "\"conv_1\"") =>
        Line(at, '<', $$$"""{"type":"response.created","event_id":"event_c{{{response}}}","response":{"id":"{{{response}}}","status":"in_progress","conversation_id":{{{conversation}}}}}""");

    public static string Done(string at, string response, string status = "completed", string details = "null") =>
        Line(at, '<', $$$"""{"type":"response.done","event_id":"event_d{{{response}}}","response":{"id":"{{{response}}}","status":"{{{status}}}","status_details":{{{details}}}}}""");

    public static string Interrupted(string at, string response) => Done(at, response, "cancelled", """{"type":"cancelled","reason":"turn_detected"}""");

    public static string Error(string at, string? eventId, string code, string param = "null", string message = "No.") =>
        Line(at, '<', $$$"""{"type":"error","event_id":"event_e{{{at}}}","error":{"type":"invalid_request_error","code":"{{{code}}}","message":"{{{message}}}","param":{{{param}}},"event_id":{{{(eventId is null ? "null" : $"\"{eventId}\"")}}}}}""");

    public static string SpeechStarted(string at) => Line(at, '<', """{"type":"input_audio_buffer.speech_started","event_id":"event_u1","audio_start_ms":0,"item_id":"item_u"}""");

    public static string SpeechStopped(string at) => Line(at, '<', """{"type":"input_audio_buffer.speech_stopped","event_id":"event_u2","audio_end_ms":900,"item_id":"item_u"}""");

    public static string Committed(string at) => Line(at, '<', """{"type":"input_audio_buffer.committed","event_id":"event_u3","previous_item_id":null,"item_id":"item_u"}""");

    /// <summary>A call of a response, from its beginning to the end of its item.</summary>
    public static string Call(string at, string response, string item, string call, string name, string status = "completed") =>
        Line(at, '<', $$$"""{"type":"response.output_item.added","response_id":"{{{response}}}","output_index":0,"item":{"id":"{{{item}}}","type":"function_call","status":"in_progress","name":"{{{name}}}","call_id":"{{{call}}}","arguments":""}}""")
        + Line(at, '<', $$$"""{"type":"response.function_call_arguments.done","response_id":"{{{response}}}","item_id":"{{{item}}}","output_index":0,"call_id":"{{{call}}}","arguments":"{}"}""")
        + Line(at, '<', $$$"""{"type":"conversation.item.done","previous_item_id":null,"item":{"id":"{{{item}}}","type":"function_call","status":"{{{status}}}","name":"{{{name}}}","call_id":"{{{call}}}","arguments":"{}"}}""")
        + Line(at, '<', $$$"""{"type":"response.output_item.done","response_id":"{{{response}}}","output_index":0,"item":{"id":"{{{item}}}","type":"function_call","status":"{{{status}}}","name":"{{{name}}}","call_id":"{{{call}}}","arguments":"{}"}}""");

    public static string Output(string at, string id, string call) =>
        Line(at, '>', $$$"""{"type":"conversation.item.create","event_id":"{{{id}}}","item":{"type":"function_call_output","call_id":"{{{call}}}","output":"7"}}""");

    public static string Cancel(string at, string id, string? response = null) =>
        Line(at, '>', $$"""{"type":"response.cancel","event_id":"{{id}}"{{(response is null ? "" : $",\"response_id\":\"{response}\"")}}}""");
}
