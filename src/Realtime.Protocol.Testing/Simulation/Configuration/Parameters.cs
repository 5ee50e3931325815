using System.Collections.Frozen;

namespace Realtime.Protocol.Testing.Simulation.Configuration;

/// <summary>
/// The parameters of a session and of one response, as tables: what is not listed is an unknown parameter, and what is listed is checked
/// by its row. Nothing about a parameter is written anywhere else but what it does.
/// </summary>
internal static class Parameters
{
    private const int MaxTokens = 4096;

    private static readonly string[] Formats = ["audio/pcm", "audio/pcmu", "audio/pcma"];

    private static readonly Parameter[] Shared =
    [
        new("output_modalities", ParameterKind.Modalities),
        new("instructions", ParameterKind.Text),
        new("tools", ParameterKind.Tools),
        new("tool_choice", ParameterKind.ToolChoice),
        new("parallel_tool_calls", ParameterKind.Boolean),
        new("reasoning", ParameterKind.Anything),
        new("max_output_tokens", ParameterKind.IntegerOrInfinity) { Least = 1, Most = MaxTokens },
        new("prompt", ParameterKind.Anything) { Nullable = true },
        new("audio", ParameterKind.Group),
        new("audio.output", ParameterKind.Group),
        new("audio.output.format", ParameterKind.Templated),
        new("audio.output.format.type", ParameterKind.Text) { Values = Formats },
        new("audio.output.format.rate", ParameterKind.Integer) { Least = 24_000, Most = 24_000 },
        new("audio.output.voice", ParameterKind.Voice),
    ];

    /// <summary>What <c>session.update</c> may change.</summary>
    public static FrozenDictionary<string, Parameter> Session { get; } = Table(
    [
        .. Shared,
        new("type", ParameterKind.Text) { Values = ["realtime"] },
        new("model", ParameterKind.Text),
        new("include", ParameterKind.Anything) { Nullable = true },
        new("tracing", ParameterKind.Anything) { Nullable = true },
        new("truncation", ParameterKind.Anything),
        new("audio.output.speed", ParameterKind.Number) { Least = 0.25, Most = 1.5 },
        new("audio.input", ParameterKind.Group),
        new("audio.input.format", ParameterKind.Templated),
        new("audio.input.format.type", ParameterKind.Text) { Values = Formats },
        new("audio.input.format.rate", ParameterKind.Integer) { Least = 24_000, Most = 24_000 },
        new("audio.input.transcription", ParameterKind.Templated) { Nullable = true },
        new("audio.input.transcription.model", ParameterKind.Text),
        new("audio.input.transcription.language", ParameterKind.Text) { Nullable = true },
        new("audio.input.transcription.prompt", ParameterKind.Text) { Nullable = true },
        new("audio.input.transcription.delay", ParameterKind.Text) { Nullable = true },
        new("audio.input.noise_reduction", ParameterKind.Templated) { Nullable = true },
        new("audio.input.noise_reduction.type", ParameterKind.Text) { Values = ["near_field", "far_field"] },
        new("audio.input.turn_detection", ParameterKind.Templated) { Nullable = true },
        new("audio.input.turn_detection.type", ParameterKind.Text) { Values = ["server_vad", "semantic_vad"] },
        new("audio.input.turn_detection.threshold", ParameterKind.Number) { Least = 0, Most = 1 },
        new("audio.input.turn_detection.prefix_padding_ms", ParameterKind.Integer) { Least = 0 },
        new("audio.input.turn_detection.silence_duration_ms", ParameterKind.Integer) { Least = 0 },
        new("audio.input.turn_detection.idle_timeout_ms", ParameterKind.Integer) { Nullable = true, Least = 5_000, Most = 30_000 },
        new("audio.input.turn_detection.eagerness", ParameterKind.Text) { Values = ["low", "medium", "high", "auto"] },
        new("audio.input.turn_detection.create_response", ParameterKind.Boolean),
        new("audio.input.turn_detection.interrupt_response", ParameterKind.Boolean),
    ]);

    /// <summary>What <c>session.update</c> may change of a session that only transcribes: what is about the input.</summary>
    public static FrozenDictionary<string, Parameter> Transcription { get; } = Table(
    [
        new("type", ParameterKind.Text) { Values = ["transcription"] },
        .. Session.Values.Where(static row => row.Path is "include" or "audio" || row.Path.StartsWith("audio.input", StringComparison.Ordinal)),
    ]);

    /// <summary>What <c>session.update</c> may change of a session that translates; its type and its model are not among it.</summary>
    public static FrozenDictionary<string, Parameter> Translation { get; } = Table(
    [
        new("audio", ParameterKind.Group),
        new("audio.input", ParameterKind.Group),
        new("audio.input.transcription", ParameterKind.Group) { Nullable = true },
        new("audio.input.transcription.model", ParameterKind.Text),
        new("audio.input.noise_reduction", ParameterKind.Group) { Nullable = true },
        Session["audio.input.noise_reduction.type"],
        new("audio.output", ParameterKind.Group),
        new("audio.output.language", ParameterKind.Language),
    ]);

    /// <summary>What <c>response.create</c> may ask for.</summary>
    public static FrozenDictionary<string, Parameter> Response { get; } = Table(
    [
        .. Shared,
        new("conversation", ParameterKind.Text) { Values = ["auto", "none"] },
        new("input", ParameterKind.Anything),
        new("metadata", ParameterKind.Metadata) { Nullable = true },
    ]);

    /// <summary>What a templated object starts from, before the members of an update; null when there is no such type.</summary>
    public static string? Template(string path, string? type) => (path, type) switch
    {
        ("audio.input.format" or "audio.output.format", "audio/pcm") => """{"type":"audio/pcm","rate":24000}""",
        ("audio.input.format" or "audio.output.format", "audio/pcmu") => """{"type":"audio/pcmu"}""",
        ("audio.input.format" or "audio.output.format", "audio/pcma") => """{"type":"audio/pcma"}""",
        ("audio.input.transcription", _) => """{"model":"gpt-4o-transcribe","language":null,"prompt":null}""",
        ("audio.input.noise_reduction", "near_field") => """{"type":"near_field"}""",
        ("audio.input.noise_reduction", "far_field") => """{"type":"far_field"}""",
        ("audio.input.turn_detection", "server_vad") =>
            """{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":200,"idle_timeout_ms":null,"create_response":true,"interrupt_response":true}""",
        ("audio.input.turn_detection", "semantic_vad") => """{"type":"semantic_vad","eagerness":"auto","create_response":true,"interrupt_response":true}""",
        _ => null,
    };

    /// <summary>What belongs at a path, in words, for a value that has the wrong type.</summary>
    public static string Expected(string path)
    {
        int dot = path.IndexOf('.');
        FrozenDictionary<string, Parameter>? table = path.StartsWith("session.", StringComparison.Ordinal) ? Session
            : path.StartsWith("response.", StringComparison.Ordinal) ? Response
            : null;
        return table is not null && table.TryGetValue(path[(dot + 1)..], out Parameter? parameter) ? Expected(parameter.Kind) : path switch
        {
            "session" or "item" or "response" => "an object",
            "content_index" or "audio_end_ms" => "an integer",
            _ when path.StartsWith("response.metadata.", StringComparison.Ordinal) => "a string",
            _ when path.EndsWith(']') => "an object",
            _ => "a string",
        };
    }

    public static string Expected(ParameterKind kind) => kind switch
    {
        ParameterKind.Group or ParameterKind.Templated or ParameterKind.Metadata => "an object",
        ParameterKind.Text or ParameterKind.Language => "a string",
        ParameterKind.Number => "a number",
        ParameterKind.Integer => "an integer",
        ParameterKind.IntegerOrInfinity => "an integer or 'inf'",
        ParameterKind.Boolean => "a boolean",
        ParameterKind.Modalities or ParameterKind.Tools => "an array",
        ParameterKind.ToolChoice or ParameterKind.Voice => "a string or an object",
        _ => "another value",
    };

    private static FrozenDictionary<string, Parameter> Table(Parameter[] rows) => rows.ToFrozenDictionary(static row => row.Path);
}
