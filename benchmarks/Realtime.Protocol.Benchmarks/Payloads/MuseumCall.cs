using System.Text;
using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Payloads;

/// <summary>
/// The server's side of one conversation: someone asks for the opening hours of a museum and is told. Members come in the
/// service's order and compactly; ids keep their meaning from event to event, and every event has one of its own. The same
/// seed gives the same bytes.
/// </summary>
public sealed class MuseumCall
{
    private const string Question = "When does the maritime museum open on Sundays?";
    private const string Reply = "On Sundays the maritime museum opens at ten and closes at six. The last boat tour leaves at half past four; shall I note one for you?";

    private readonly Random _random;
    private readonly string _session;
    private readonly string _conversation;
    private readonly string _response;
    private readonly string _asked;
    private readonly string _answered;

    public MuseumCall(int seed)
    {
        _random = new Random(seed);
        _session = SeededIds.Next(_random, "sess_");
        _conversation = SeededIds.Next(_random, "conv_");
        _response = SeededIds.ResponseId(_random);
        _asked = SeededIds.ItemId(_random);
        _answered = SeededIds.ItemId(_random);
    }

    /// <summary>The reply in the pieces that come as deltas; together they are the reply.</summary>
    public static string[] Words { get; } = [.. Reply.Split(' ').Select(static (word, index) => index == 0 ? word : " " + word)];

    public Message SessionEvent(string type) => Event(type, $$$"""
        "session":{"type":"realtime","object":"realtime.session","id":"{{{_session}}}","model":"gpt-realtime","output_modalities":["audio"],"instructions":"{{{string.Join(' ', Enumerable.Repeat("You answer the telephone of a museum. Be brief and friendly, and never promise a ticket.", 8))}}}","tools":[],"tool_choice":"auto","max_output_tokens":"inf","tracing":null,"truncation":"auto","prompt":null,"expires_at":1793500000,"audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":null,"noise_reduction":null,"turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":500,"idle_timeout_ms":null,"create_response":true,"interrupt_response":true}},"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin","speed":1.0}},"include":null}
        """);

    public IEnumerable<Message> Asked()
    {
        yield return Event("input_audio_buffer.speech_started", $"\"audio_start_ms\":812,\"item_id\":\"{_asked}\"");
        yield return Event("input_audio_buffer.speech_stopped", $"\"audio_end_ms\":3264,\"item_id\":\"{_asked}\"");
        yield return Event("input_audio_buffer.committed", $"\"previous_item_id\":null,\"item_id\":\"{_asked}\"");
        string item = $$"""{"id":"{{_asked}}","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":null}]}""";
        yield return Event("conversation.item.added", $"\"previous_item_id\":null,\"item\":{item}");
        yield return Event("conversation.item.done", $"\"previous_item_id\":null,\"item\":{item}");
    }

    public IEnumerable<Message> Heard()
    {
        foreach (string word in Question.Split(' '))
        {
            yield return Event("conversation.item.input_audio_transcription.delta", $"\"item_id\":\"{_asked}\",\"content_index\":0,\"delta\":\" {word}\",\"obfuscation\":\"{SeededIds.Letters(_random, 16 - word.Length)}\"");
        }

        yield return Event("conversation.item.input_audio_transcription.completed", $$$"""
            "item_id":"{{{_asked}}}","content_index":0,"transcript":"{{{Question}}}","usage":{"type":"tokens","total_tokens":31,"input_tokens":24,"output_tokens":7,"input_token_details":{"text_tokens":0,"audio_tokens":24}}
            """);
    }

    public IEnumerable<Message> Began()
    {
        yield return Event("response.created", $"\"response\":{Response("in_progress", "", "null")}");
        yield return Event("response.output_item.added", $"\"response_id\":\"{_response}\",\"output_index\":0,\"item\":{AnswerItem("in_progress", "")}");
        yield return Event("conversation.item.added", $"\"previous_item_id\":\"{_asked}\",\"item\":{AnswerItem("in_progress", "")}");
        yield return Event("response.content_part.added", $$"""{{Content}},"part":{"type":"audio","transcript":""}""");
    }

    public Message AudioDelta(byte[] audio)
    {
        string eventId = SeededIds.EventId(_random);
        string head = $$"""{"type":"response.output_audio.delta","event_id":"{{eventId}}",{{Content}},"delta":""" + '"';
        byte[] base64 = Encoding.ASCII.GetBytes(Convert.ToBase64String(audio));
        return new(Encoding.ASCII.GetBytes(head), base64, "\"}"u8.ToArray(), new([.. ContentSays(eventId), ("audio", audio)]));
    }

    public Message TranscriptDelta(string word)
    {
        string eventId = SeededIds.EventId(_random);
        string obfuscation = SeededIds.Letters(_random, 16 - Math.Min(word.Length, 15));
        string text = $$"""{"type":"response.output_audio_transcript.delta","event_id":"{{eventId}}",{{Content}},"delta":"{{word}}","obfuscation":"{{obfuscation}}"}""";
        return Whole(text, new([.. ContentSays(eventId), ("delta", word), ("obfuscation", obfuscation)]));
    }

    public IEnumerable<Message> Ended()
    {
        yield return Event("response.output_audio.done", Content);
        yield return Event("response.output_audio_transcript.done", $"{Content},\"transcript\":\"{Reply}\"");
        yield return Event("response.content_part.done", $$"""{{Content}},"part":{"type":"audio","transcript":"{{Reply}}"}""");
        yield return Event("conversation.item.done", $"\"previous_item_id\":\"{_asked}\",\"item\":{AnswerItem("completed", Spoken)}");
        yield return Event("response.output_item.done", $"\"response_id\":\"{_response}\",\"output_index\":0,\"item\":{AnswerItem("completed", Spoken)}");
        Message done = ResponseDone();
        yield return done with { Says = new(("type", "response.done")) };
        yield return Event("rate_limits.updated", """
            "rate_limits":[{"name":"tokens","limit":40000,"remaining":39620,"reset_seconds":0.57}]
            """);
    }

    public Message ResponseDone()
    {
        const string usage = """{"total_tokens":287,"input_tokens":148,"output_tokens":139,"input_token_details":{"text_tokens":121,"audio_tokens":27,"image_tokens":0,"cached_tokens":64,"cached_tokens_details":{"text_tokens":64,"audio_tokens":0,"image_tokens":0}},"output_token_details":{"text_tokens":34,"audio_tokens":105}}""";
        string eventId = SeededIds.EventId(_random);
        string text = $$"""{"type":"response.done","event_id":"{{eventId}}","response":{{Response("completed", AnswerItem("completed", Spoken), usage)}}}""";
        return Whole(text, new(
            ("event_id", eventId),
            ("response.object", "realtime.response"), ("response.id", _response), ("response.status", "completed"), ("response.status_details", 0L),
            ("item.id", _answered), ("item.object", "realtime.item"), ("item.type", "message"), ("item.status", "completed"), ("item.role", "assistant"),
            ("content.type", "output_audio"), ("content.transcript", Reply),
            ("response.conversation_id", _conversation), ("response.output_modalities", "audio"), ("response.max_output_tokens", 1L),
            ("format.type", "audio/pcm"), ("format.rate", 24_000L), ("voice", "marin"),
            ("total_tokens", 287L), ("input_tokens", 148L), ("output_tokens", 139L),
            ("input.text_tokens", 121L), ("input.audio_tokens", 27L), ("input.image_tokens", 0L), ("input.cached_tokens", 64L),
            ("cached.text_tokens", 64L), ("cached.audio_tokens", 0L), ("cached.image_tokens", 0L),
            ("output.text_tokens", 34L), ("output.audio_tokens", 105L), ("response.metadata", 0L)));
    }

    private string Content => $"\"response_id\":\"{_response}\",\"item_id\":\"{_answered}\",\"output_index\":0,\"content_index\":0";

    private static string Spoken => $$"""{"type":"output_audio","transcript":"{{Reply}}"}""";

    private (string, object)[] ContentSays(string eventId) => [("event_id", eventId), ("response_id", _response), ("item_id", _answered), ("output_index", 0L), ("content_index", 0L)];

    private string AnswerItem(string status, string content) =>
        $$"""{"id":"{{_answered}}","object":"realtime.item","type":"message","status":"{{status}}","role":"assistant","content":[{{content}}]}""";

    private string Response(string status, string output, string usage) =>
        $$$"""{"object":"realtime.response","id":"{{{_response}}}","status":"{{{status}}}","status_details":null,"output":[{{{output}}}],"conversation_id":"{{{_conversation}}}","output_modalities":["audio"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin"}},"usage":{{{usage}}},"metadata":null}""";

    // Of an event that is only passed by, its type is all that is handed over.
    private Message Event(string type, string members) =>
        Whole($$"""{"type":"{{type}}","event_id":"{{SeededIds.EventId(_random)}}",{{members}}}""", new(("type", type)));

    private static Message Whole(string text, Answer says) => new(Encoding.UTF8.GetBytes(text), [], [], says);
}
