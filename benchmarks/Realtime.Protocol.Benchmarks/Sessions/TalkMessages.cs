using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Benchmarks.Payloads;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>What server and clients know of each other: how speech is cut up, and what a response consists of.</summary>
public static class TalkMessages
{
    /// <summary>20 ms of PCM16 at 24 kHz, which is how telephony and browsers hand speech over.</summary>
    public const int PieceBytes = 960;

    /// <summary>How many pieces the server answers at once: with 100 ms.</summary>
    public const int PiecesInDelta = 5;

    public const int DeltaBytes = PiecesInDelta * PieceBytes;

    public const string Created = """{"type":"session.created","event_id":"event_0","session":{"type":"realtime","id":"sess_1","object":"realtime.session","model":"gpt-realtime"}}""";
    public const string Updated = """{"type":"session.updated","event_id":"event_1","session":{"type":"realtime","id":"sess_1","object":"realtime.session","model":"gpt-realtime"}}""";

    public static TimeSpan PieceTime { get; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The events that begin a response, with the metadata that was asked for.</summary>
    public static IReadOnlyList<string> Beginning(int response, JsonNode? metadata) =>
    [
        $$"""{"type":"response.created","event_id":"event_10","response":{{Response(response, "in_progress", "", metadata)}} }""",
        $$"""{"type":"response.output_item.added","event_id":"event_11","response_id":"resp_{{response}}","output_index":0,"item":{{Item(response, "in_progress")}} }""",
        $$"""{"type":"conversation.item.added","event_id":"event_12","previous_item_id":null,"item":{{Item(response, "in_progress")}} }""",
    ];

    /// <summary>One audio event of a response.</summary>
    public static byte[] Delta(int response, int audioBytes = DeltaBytes) => Encoding.UTF8.GetBytes(
        $$"""{"type":"response.output_audio.delta","event_id":"event_9",{{Place(response)}},"delta":"{{Convert.ToBase64String(SeededSpeech.Pcm16(new Random(20_261_126), audioBytes))}}"}""");

    /// <summary>The events that end a response.</summary>
    public static IReadOnlyList<string> End(int response) =>
    [
        """{"type":"input_audio_buffer.cleared","event_id":"event_20"}""",
        $$"""{"type":"response.output_audio.done","event_id":"event_21",{{Place(response)}} }""",
        $$"""{"type":"conversation.item.done","event_id":"event_22","previous_item_id":null,"item":{{Item(response, "completed")}} }""",
        $$"""{"type":"response.output_item.done","event_id":"event_23","response_id":"resp_{{response}}","output_index":0,"item":{{Item(response, "completed")}} }""",
        $$"""{"type":"response.done","event_id":"event_24","response":{{Response(response, "completed", Item(response, "completed"), null)}} }""",
    ];

    /// <summary>The members that say where a piece of audio belongs.</summary>
    public static string Place(int response) => $"\"response_id\":\"resp_{response}\",\"item_id\":\"item_{response}\",\"output_index\":0,\"content_index\":0";

    private static string Item(int response, string status) =>
        $$"""{"id":"item_{{response}}","object":"realtime.item","type":"message","status":"{{status}}","role":"assistant","content":[]}""";

    private static string Response(int response, string status, string output, JsonNode? metadata) =>
        $$"""{"object":"realtime.response","id":"resp_{{response}}","status":"{{status}}","status_details":null,"output":[{{output}}],"usage":null,"metadata":{{metadata?.ToJsonString() ?? "null"}} }""";
}
