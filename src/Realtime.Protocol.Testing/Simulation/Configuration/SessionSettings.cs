using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Shapes;

namespace Realtime.Protocol.Testing.Simulation.Configuration;

/// <summary>
/// The session's settings as the client sees them: one JSON object, whole in <c>session.created</c> and in every <c>session.updated</c>.
/// It is kept as JSON, because showing exactly what was merged is its purpose; what the simulator acts on is read from it after each change.
/// </summary>
internal sealed class SessionSettings
{
    private const string Detection = "session.audio.input.turn_detection";
    private const string Instructions = "You are the voice of a simulator. Answer with what you heard.";

    private static readonly JsonWriterOptions AsItStands = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] SharedWithResponses = ["output_modalities", "instructions", "tools", "tool_choice", "max_output_tokens"];

    private static readonly ShapeNode ResponseShape = ShapeTable.Realtime.Event("response.create")!.Member("response")!;

    private readonly ShapeTable _shapes;
    private readonly ShapeNode _shape;

    // As text: a tree of it is five times as large, and is needed only when something changes or a response begins.
    private byte[] _session = [];

    public SessionSettings(SimulatedSessionKind kind, SimulatorOptions options, string id, string model, long expiresAt)
    {
        _shapes = ShapeTable.Of(kind, options.Service);
        string detection = options.TurnDetection switch
        {
            SimulatedTurnDetection.None => "null",
            SimulatedTurnDetection.Semantic => Templates.Of(Detection, "semantic_vad")!,
            _ => Templates.Of(Detection, "server_vad")!,
        };
        _shape = _shapes.Event("session.update")!.Member("session")!;
        if (kind == SimulatedSessionKind.Transcription)
        {
            JsonObject own = JsonNode.Parse($$$"""
                {"type":"transcription","object":"realtime.transcription_session","expires_at":{{{expiresAt}}},"audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":null,
                "noise_reduction":null,"turn_detection":{{{detection}}}}},"include":null}
                """)!.AsObject();
            own["id"] = id;
            Take(own);
            return;
        }

        if (kind == SimulatedSessionKind.Translation)
        {
            JsonObject own = JsonNode.Parse($$$"""
                {"type":"translation","expires_at":{{{expiresAt}}},"audio":{"input":{"transcription":null,"noise_reduction":null},"output":{"language":"en"} } }
                """)!.AsObject();
            own["id"] = id;
            own["model"] = model;
            Take(own);
            return;
        }

        JsonObject session = JsonNode.Parse($$$"""
            {"type":"realtime","object":"realtime.session","output_modalities":["audio"],"tools":[],"tool_choice":"auto","max_output_tokens":"inf","tracing":null,
            "truncation":"auto","prompt":null,"expires_at":{{{expiresAt}}},"audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":null,"noise_reduction":null,
            "turn_detection":{{{detection}}}},"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin","speed":1}},"include":null}
            """)!.AsObject();
        session["id"] = id;
        session["model"] = model;
        session["instructions"] = Instructions;
        Take(session);
    }

    public SpeechFormat InputFormat { get; private set; }

    public ListeningSettings? Listening { get; private set; }

    /// <summary>The MCP servers among the session's tools.</summary>
    public IReadOnlyList<McpDeclaration> McpServers { get; private set; } = [];

    /// <summary>The model that transcribes what the user says; null when nothing is to be transcribed.</summary>
    public string? TranscriptionModel { get; private set; }

    /// <summary>The language into which a translation goes; empty in other sessions.</summary>
    public string Language { get; private set; } = "";

    /// <summary>The whole session as UTF-8 JSON. It is never written to.</summary>
    public byte[] ToUtf8() => _session;

    /// <summary>Takes the settings that a session begins with, which came by another way than an event: they are held to the rows of <c>session.update</c> first.</summary>
    /// <param name="session">A JSON object.</param>
    public bool TryBegin(string session, out Refusal refusal)
    {
        if (!_shapes.TryCheck(Encoding.UTF8.GetBytes("{\"type\":\"session.update\",\"session\":" + session + "}"), out ClientMistake mistake))
        {
            refusal = mistake.Refusal;
            return false;
        }

        return TryUpdate(Encoding.UTF8.GetBytes(session), voiceIsFixed: false, isAnswering: false, out refusal);
    }

    /// <summary>Takes an update, whole or not at all.</summary>
    /// <param name="update">The member <c>session</c> of a <c>session.update</c> whose shape was checked.</param>
    /// <param name="voiceIsFixed">True once the model has spoken: from then on the voice stays.</param>
    /// <param name="isAnswering">True while a response is being made: its speed stays as long.</param>
    public bool TryUpdate(ReadOnlySpan<byte> update, bool voiceIsFixed, bool isAnswering, out Refusal refusal)
    {
        JsonObject session = Parse(_session);
        JsonObject merged = session.DeepClone().AsObject();
        if (!new SettingsMerge(_shape).TryMerge(Parse(update), merged, out refusal))
        {
            return false;
        }

        refusal = !JsonNode.DeepEquals(merged["model"], session["model"]) ? Refusal.ModelIsFixed("session.model", (string)merged["model"]!)
            : voiceIsFixed && !SameVoice(merged, session) ? Refusal.VoiceIsFixed
            : session["tracing"] is { } tracing && !JsonNode.DeepEquals(merged["tracing"], tracing) ? Refusal.TracingIsFixed
            : isAnswering && !JsonNode.DeepEquals(SpeedOf(merged), SpeedOf(session)) ? Refusal.SpeedIsFixed
            : default;
        if (refusal.Code is not null)
        {
            return false;
        }

        Take(merged);
        return true;
    }

    /// <summary>Joins the session's settings with those of one response.</summary>
    /// <param name="parameters">The member <c>response</c> of <c>response.create</c>; empty when it has none.</param>
    /// <param name="voiceIsFixed">As for <see cref="TryUpdate"/>.</param>
    public bool TryJoin(ReadOnlySpan<byte> parameters, bool voiceIsFixed, out ResponseSettings settings, out Refusal refusal)
    {
        JsonObject session = Parse(_session);
        var joined = new JsonObject { ["audio"] = new JsonObject { ["output"] = session["audio"]!["output"]!.DeepClone() } };
        foreach (string name in SharedWithResponses)
        {
            joined[name] = session[name]?.DeepClone();
        }

        settings = null!;
        refusal = default;
        if (!parameters.IsEmpty && !new SettingsMerge(ResponseShape).TryMerge(Parse(parameters), joined, out refusal))
        {
            return false;
        }

        if (voiceIsFixed && !SameVoice(joined, session))
        {
            refusal = Refusal.VoiceIsFixed;
            return false;
        }

        settings = ResponseSettings.From(joined);
        return true;
    }

    private static JsonObject Parse(ReadOnlySpan<byte> json) => JsonNode.Parse(json)!.AsObject();

    private static JsonNode? SpeedOf(JsonObject session) => session["audio"]!["output"]!["speed"];

    private static bool SameVoice(JsonObject one, JsonObject other) => JsonNode.DeepEquals(one["audio"]!["output"]!["voice"], other["audio"]!["output"]!["voice"]);

    private void Take(JsonObject session)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, AsItStands))
        {
            session.WriteTo(writer);
        }

        _session = output.WrittenSpan.ToArray();
        JsonNode input = session["audio"]!["input"]!;
        InputFormat = SpeechFormats.FromWire((string?)input["format"]?["type"]);
        McpServers = ResponseSettings.McpServersOf(session);
        TranscriptionModel = (string?)input["transcription"]?["model"];
        Listening = ListeningSettings.From(input["turn_detection"]);
        Language = (string?)session["audio"]!["output"]?["language"] ?? "";
    }
}
