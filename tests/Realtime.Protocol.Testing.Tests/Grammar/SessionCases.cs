using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation.Audio;
using static Realtime.Protocol.Testing.Tests.Grammar.Frames;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>Updates of the session, sound and metadata.</summary>
internal static class SessionCases
{
    private const string Pcmu = "\"format\":{\"type\":\"audio/pcmu\"}";
    private const string Speed = "{\"type\":\"realtime\",\"audio\":{\"output\":{\"speed\":1.5}}}";

    private static readonly string Samples = Convert.ToBase64String([.. Enumerable.Range(0, 600).Select(static place => place % 2 == 1 ? (byte)0 : (byte)(place * 7 % 200 + 20))]);
    private static readonly string Telephone = Convert.ToBase64String([.. Enumerable.Range(0, 600).Select(static place => (byte)(place * 7 % 200 + 20))]);
    private static readonly string Twice = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Telephone));

    public static RuleCase[] All { get; } =
    [
        Update("session-unknown-parameter", "'session.nonsense' is no parameter of a session.", """{"type":"realtime","nonsense":1}""", "unknown_parameter", "session.nonsense"),
        Update("session-beta-name", "'session.turn_detection' was the beta's place: it is session.audio.input.turn_detection now.", """{"type":"realtime","turn_detection":null}""", "unknown_parameter", "session.turn_detection"),
        Update("session-no-type", "session.type is missing: \"realtime\" or \"transcription\".", """{"instructions":"x"}""", "missing_required_parameter", "session.type"),
        Update("session-wrong-type", "'session.instructions' has the wrong type.", """{"type":"realtime","instructions":1}""", "invalid_type", "session.instructions"),
        Update("session-out-of-range", "'session.audio.input.turn_detection.threshold' has a value that is not taken.", """{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","threshold":7}}}}""", "invalid_value", "session.audio.input.turn_detection.threshold"),
        Update("session-model", "The model of a session cannot be changed.", """{"type":"realtime","model":"other"}""", "invalid_value", "session.model"),
        Update("session-tracing", "Tracing is on and stays as it is.", """{"type":"realtime","tracing":null}""", "invalid_value", "session.tracing"),
        Update("session-both-modalities", "This is no set of modalities", """{"type":"realtime","output_modalities":["text","audio"]}""", "invalid_value", "session.output_modalities"),
        new("session-voice-late", ViolationLevel.Refused, "The model has spoken, its voice stays.",
            Manual + Set("100", "e1", """{"type":"realtime","audio":{"output":{"voice":"cedar"}}}""") + Error("101", "e1", "cannot_update_voice"),
            Manual + Set("100", "e1", """{"type":"realtime","audio":{"output":{"voice":"cedar"}}}""")),
        new("session-speed-in-response", ViolationLevel.Refused, "The speed was changed while resp_1 is made.",
            Vad + Created("100", "resp_1") + Set("200", "e1", Speed) + Error("201", "e1", "invalid_value", "\"session.audio.output.speed\"") + Done("300", "resp_1"),
            Vad + Created("100", "resp_1") + Done("150", "resp_1") + Set("200", "e1", Speed)),
        new("session-nothing-new", ViolationLevel.Wasteful, "session.update (e2) changed nothing: the session is like that already.",
            Manual + Set("100", "e1", """{"type":"realtime","instructions":"x"}""") + Session("null", name: "session.updated", at: "110") + Set("200", "e2", """{"type":"realtime","audio":{"input":{"turn_detection":null}}}"""),
            Manual + Set("100", "e1", """{"type":"realtime","audio":{"input":{"turn_detection":null}}}""") + Session("null", name: "session.updated", at: "110") + Set("200", "e2", """{"type":"realtime","audio":{"output":{"voice":"cedar"}}}""")),
        new("update-not-awaited", ViolationLevel.Harmful, "You sent 75 ms of sound in the new format between this update and session.updated",
            Manual + Set("100", "e1", "{\"type\":\"realtime\",\"audio\":{\"input\":{" + Pcmu + "}}}") + Append("110", Telephone) + Session("null", Pcmu, name: "session.updated", at: "140"),
            Manual + Set("100", "e1", "{\"type\":\"realtime\",\"audio\":{\"input\":{" + Pcmu + "}}}") + Session("null", Pcmu, name: "session.updated", at: "140") + Append("141", Telephone)),
        new("commit-too-short", ViolationLevel.Refused, "Less than 100 ms of sound are in the buffer.",
            Manual + Commit("100", "e1") + Error("101", "e1", "input_audio_buffer_commit_empty"), Manual + Commit("100", "e1") + Committed("101")),
        new("commit-too-short", ViolationLevel.Race, "Less than 100 ms of sound are in the buffer.",
            Session("""{"type":"server_vad","create_response":false}""") + SpeechStarted("100") + SpeechStopped("900") + Committed("900") + Commit("1000", "e1") + Error("1001", "e1", "input_audio_buffer_commit_empty"),
            Session("""{"type":"server_vad","create_response":false}""") + SpeechStarted("100") + SpeechStopped("900") + Committed("900")),
        new("commit-beside-vad", ViolationLevel.Harmful, "Turn detection is on: the server commits.",
            Vad + SpeechStarted("100") + Commit("500", "e1") + Committed("501"),
            Vad + Set("50", "e0", """{"type":"realtime","audio":{"input":{"turn_detection":null}}}""") + Commit("500", "e1") + Session("null", name: "session.updated", at: "501") + Committed("502")),
        new("append-not-base64", ViolationLevel.Refused, "'audio' is not base64.", Manual + Append("100", "AAA!") + Error("101", null, "invalid_value", "\"audio\""), Manual + Append("100", "AAAAAAA=")),
        new("append-url-safe", ViolationLevel.Refused, "'-' and '_' are not of this alphabet.", Manual + Append("100", "AA-_"), Manual + Append("100", "AAAAA/8=")),
        new("append-base64-twice", ViolationLevel.Harmful, "The sound is base64 of base64 text.", Manual + Append("100", Twice), Manual + Append("100", Telephone)),
        new("append-odd-bytes", ViolationLevel.Harmful, "961 bytes: half a sample is left over, all that follows is noise.", Manual + Left("100", 961), Session("null", Pcmu) + Left("100", 961)),
        new("append-too-large", ViolationLevel.Refused, "16.0 MiB in one event; 15 is the limit.", Manual + Left("100", 16 << 20), Manual + Left("100", 15 << 20)),
        new("append-wrong-format", ViolationLevel.Harmful, "The session says audio/pcmu and the bytes look like 16-bit samples.", Session("null", Pcmu) + Append("100", Samples), Session("null", Pcmu) + Append("100", Telephone)),
        new("append-wrong-format", ViolationLevel.Harmful, "The session says audio/pcm and the bytes look like G.711: audio/pcmu or audio/pcma.", Manual + Append("100", Spoken(SpeechFormat.MuLaw)), Manual + Append("100", Spoken(SpeechFormat.Pcm16))),
        new("append-wrong-format", ViolationLevel.Harmful, "The session says audio/pcm and the bytes look like G.711: audio/pcmu or audio/pcma.", Manual + Append("100", Spoken(SpeechFormat.ALaw)), Session("null", Pcmu) + Append("100", Spoken(SpeechFormat.ALaw))),
        new("append-wrong-rate", ViolationLevel.Harmful, "is this 48 kHz? The session takes 24 kHz.", Manual + Stream(9_600), Manual + Stream(4_800)),
        new("metadata-not-text", ViolationLevel.Refused, "'response.metadata.turn' is no text.",
            Manual + Create("100", "e1", ",\"response\":{\"metadata\":{\"turn\":3}}") + Error("101", "e1", "invalid_type", "\"response.metadata.turn\""),
            Manual + Create("100", "e1", ",\"response\":{\"metadata\":{\"turn\":\"3\"}}") + Created("101", "resp_1") + Done("200", "resp_1")),
        new("session-out-of-range", ViolationLevel.Refused, "'session.audio.output.speed' has a value that is not taken: it is 7, and 1.5 is the most.",
            Manual + Set("100", "e1", """{"type":"realtime","audio":{"output":{"speed":7}}}""") + Error("101", "e1", "decimal_above_max_value", "\"session.audio.output.speed\"", "Invalid 'session.audio.output.speed': decimal above maximum value. Expected a value <= 1.5, but got 7 instead."),
            Manual + Set("100", "e1", """{"type":"realtime","audio":{"output":{"speed":1.5}}}""")),
        new("commit-too-short", ViolationLevel.Refused, "40 ms are in the buffer, and 100 are needed.",
            Manual + Commit("100", "e1") + Error("101", "e1", "input_audio_buffer_commit_empty", message: "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has 40.00ms of audio."),
            Manual + Commit("100", "e1") + Committed("101")),
        new("metadata-too-much", ViolationLevel.Refused, "'response.metadata' is more than is taken: it is 17, and 16 is the most.",
            Manual + Create("100", "e1") + Error("101", "e1", "object_above_max_properties", "\"response.metadata\"", "Invalid 'response.metadata': too many properties. Expected an object with at most 16 properties, but got an object with 17 properties instead."),
            Manual + Create("100", "e1") + Created("101", "resp_1") + Done("200", "resp_1")),
        new("metadata-too-much", ViolationLevel.Refused, "'response.metadata' is more than is taken.",
            Manual + Create("100", "e1") + Error("101", "e1", "object_above_max_properties", "\"response.metadata\""),
            Manual + Create("100", "e1") + Created("101", "resp_1") + Done("200", "resp_1")),
    ];

    // A service that takes it, as some do, is not contradicted.
    private static RuleCase Update(string rule, string says, string session, string code, string param) => new(rule, ViolationLevel.Refused, says,
        Manual + Set("100", "e1", session) + Error("101", "e1", code, $"\"{param}\""),
        Manual + Set("100", "e1", session) + Session("null", name: "session.updated", at: "110"));

    private static string Set(string at, string id, string session) => Line(at, '>', $$$"""{"type":"session.update","event_id":"{{{id}}}","session":{{{session}}}}""");

    private static string Commit(string at, string id) => Line(at, '>', $$"""{"type":"input_audio_buffer.commit","event_id":"{{id}}"}""");

    private static string Append(string at, string audio) => Line(at, '>', $$"""{"type":"input_audio_buffer.append","audio":"{{audio}}"}""");

    private static string Left(string at, int bytes) => Line(at, '>', $$"""{"type":"input_audio_buffer.append","audio":"","audio_bytes":{{bytes}}}""");

    // As loud as people speak on the telephone.
    private static string Spoken(SpeechFormat format) => Convert.ToBase64String(SpeechEncoding.Encode(
        [.. Enumerable.Range(0, 2_400).Select(static place => (short)(2_500 * Math.Abs(Math.Sin(place / 700.0)) * Math.Sin(place / 9.0)))], format));

    private static string Stream(int bytes) => string.Concat(Enumerable.Range(1, 120).Select(piece => Left($"{piece * 100}", bytes)));
}
