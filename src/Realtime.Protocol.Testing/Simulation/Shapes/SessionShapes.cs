namespace Realtime.Protocol.Testing.Simulation.Shapes;

/// <summary>The rows of <c>session.update</c>, of each kind of session.</summary>
internal static class SessionShapes
{
    private const string TypeIsNeeded = "Recorded: an update without it is refused. Published as optional, since compatible services leave it out.";

    private static readonly string[] Modalities = ["text", "audio"];
    private static readonly string[] OlderFormats = ["pcm16", "g711_ulaw", "g711_alaw"];
    private static readonly string[] Additions = ["item.input_audio_transcription.logprobs"];
    private static readonly string[] TranscriptionModels =
    [
        "whisper-1", "gpt-transcribe", "gpt-live-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe-2025-12-15", "gpt-4o-transcribe", "gpt-4o-transcribe-diarize",
        "gpt-realtime-whisper",
    ];

    private static readonly string[] Delays = ["minimal", "low", "medium", "high", "xhigh"];

    public static Shape[] OfUpdate { get; } =
    [
        new("session", ShapeForms.Object) { IsRequired = true },
        new("session.type", ShapeForms.Text) { IsRequired = true, Values = ["realtime"], Sessions = ShapeSessions.Realtime, Otherwise = TypeIsNeeded },
        new("session.type", ShapeForms.Text) { IsRequired = true, Values = ["transcription"], Sessions = ShapeSessions.Transcription, Otherwise = TypeIsNeeded },
        .. ToolShapes.Of("session").Select(static row => row with { Sessions = row.Path == "session.audio" ? null : row.Sessions ?? (IsDirect(row.Path) ? ShapeSessions.Realtime : null) }),
        new("session.model", ShapeForms.Text) { Sessions = ShapeSessions.Realtime, Otherwise = "It can't be changed: any other model than the session's is refused by name." },
        new("session.include", ShapeForms.Array | ShapeForms.Null),
        new("session.include[]", ShapeForms.Text) { Values = Additions },
        new("session.tracing", ShapeForms.Text | ShapeForms.Object | ShapeForms.Null) { Values = ["auto"], Sessions = ShapeSessions.Realtime },
        new("session.tracing.workflow_name", ShapeForms.Text),
        new("session.tracing.group_id", ShapeForms.Text),
        new("session.tracing.metadata", ShapeForms.Open),
        new("session.truncation", ShapeForms.Text | ShapeForms.Object) { Values = ["auto", "disabled"], Sessions = ShapeSessions.Realtime },
        new("session.truncation.type", ShapeForms.Text) { IsRequired = true, Values = ["retention_ratio"] },
        new("session.truncation.retention_ratio", ShapeForms.Number) { IsRequired = true, Least = 0, Most = 1 },
        new("session.truncation.token_limits", ShapeForms.Object),
        new("session.truncation.token_limits.post_instructions", ShapeForms.Integer) { Least = 0 },
        new("session.audio.output.speed", ShapeForms.Number) { Least = 0.25, Most = 1.5 },
        new("session.audio.input", ShapeForms.Object) { Merging = ShapeMerging.Join },
        .. ToolShapes.Format("session.audio.input.format"),
        .. Transcription("session.audio.input.transcription", ShapeMerging.Template),
        .. NoiseReduction("session.audio.input.noise_reduction"),
        .. TurnDetection("session.audio.input.turn_detection", null),

        // Set by the server.
        new("session.object", ShapeForms.Text) { Values = ["realtime.session", "realtime.transcription_session"], Sessions = ShapeSessions.None },
        new("session.id", ShapeForms.Text) { Sessions = ShapeSessions.None },
        new("session.expires_at", ShapeForms.Integer) { Sessions = ShapeSessions.None },

        // The places of the beta, which compatible services have kept.
        .. TurnDetection("session.turn_detection", ShapeSessions.None),
        new("session.voice", ShapeForms.Object | ShapeForms.Text) { Values = ToolShapes.Voices, Sessions = ShapeSessions.None },
        new("session.voice.id", ShapeForms.Text),
        new("session.voice.name", ShapeForms.Text),
        new("session.voice.type", ShapeForms.Text),
        new("session.modalities", ShapeForms.Array) { Sessions = ShapeSessions.None },
        new("session.modalities[]", ShapeForms.Text) { Values = Modalities },
        new("session.input_audio_format", ShapeForms.Text | ShapeForms.Null) { Values = OlderFormats, Sessions = ShapeSessions.None },
        new("session.output_audio_format", ShapeForms.Text | ShapeForms.Null) { Values = OlderFormats, Sessions = ShapeSessions.None },
    ];

    public static Shape[] OfTranslation { get; } =
    [
        new("session", ShapeForms.Object) { IsRequired = true },
        new("session.audio", ShapeForms.Object) { Merging = ShapeMerging.Join },
        new("session.audio.input", ShapeForms.Object) { Merging = ShapeMerging.Join },
        new("session.audio.input.transcription", ShapeForms.Object | ShapeForms.Null) { Merging = ShapeMerging.Join },
        new("session.audio.input.transcription.model", ShapeForms.Text) { IsRequired = true },
        new("session.audio.input.noise_reduction", ShapeForms.Object | ShapeForms.Null) { Merging = ShapeMerging.Join },
        new("session.audio.input.noise_reduction.type", ShapeForms.Text) { IsRequired = true, Values = ["near_field", "far_field"] },
        new("session.audio.output", ShapeForms.Object) { Merging = ShapeMerging.Join },
        new("session.audio.output.language", ShapeForms.Text) { IsLanguage = true },
    ];

    /// <summary>The flat session of <c>transcription_session.update</c>, which this service does not take any more.</summary>
    public static Shape[] OfFlatTranscription { get; } =
    [
        new("session", ShapeForms.Object) { IsRequired = true },
        new("session.id", ShapeForms.Text),
        new("session.object", ShapeForms.Text) { Values = ["realtime.transcription_session"] },
        new("session.modalities", ShapeForms.Array),
        new("session.modalities[]", ShapeForms.Text) { Values = Modalities },
        new("session.input_audio_format", ShapeForms.Text) { Values = OlderFormats },
        .. Transcription("session.input_audio_transcription", ShapeMerging.Replace),
        .. NoiseReduction("session.input_audio_noise_reduction"),
        new("session.turn_detection", ShapeForms.Object | ShapeForms.Null),
        new("session.turn_detection.type", ShapeForms.Text) { Values = ["server_vad"] },
        new("session.turn_detection.threshold", ShapeForms.Number),
        new("session.turn_detection.prefix_padding_ms", ShapeForms.Integer),
        new("session.turn_detection.silence_duration_ms", ShapeForms.Integer),
        new("session.include", ShapeForms.Array | ShapeForms.Null),
        new("session.include[]", ShapeForms.Text) { Values = Additions },
        new("session.client_secret", ShapeForms.Object | ShapeForms.Null),
        new("session.client_secret.value", ShapeForms.Text) { IsRequired = true },
        new("session.client_secret.expires_at", ShapeForms.Integer) { IsRequired = true },
        new("session.expires_at", ShapeForms.Integer),
    ];

    private static bool IsDirect(string path) => path.IndexOf('.', "session.".Length) < 0;

    private static Shape[] Transcription(string at, ShapeMerging merging) =>
    [
        new(at, ShapeForms.Object | ShapeForms.Null) { Merging = merging },
        new($"{at}.model", ShapeForms.Text) { Values = TranscriptionModels },
        new($"{at}.language", ShapeForms.Text | ShapeForms.Null),
        new($"{at}.languages", ShapeForms.Array),
        new($"{at}.languages[]", ShapeForms.Text),
        new($"{at}.keywords", ShapeForms.Array),
        new($"{at}.keywords[]", ShapeForms.Text),
        new($"{at}.prompt", ShapeForms.Text | ShapeForms.Null),
        new($"{at}.delay", ShapeForms.Text) { Values = Delays },
    ];

    private static Shape[] NoiseReduction(string at) =>
    [
        new(at, ShapeForms.Object | ShapeForms.Null) { Merging = ShapeMerging.Template },
        new($"{at}.type", ShapeForms.Text) { Values = ["near_field", "far_field"] },
        new($"{at}.strength", ShapeForms.Number) { Sessions = ShapeSessions.None },
    ];

    private static Shape[] TurnDetection(string at, ShapeSessions? sessions) =>
    [
        new(at, ShapeForms.Choice | ShapeForms.Null) { Merging = ShapeMerging.Template, KeepsItsType = true, Sessions = sessions },
        new($"{at}<server_vad>", ShapeForms.Object),
        new($"{at}<server_vad>.type", ShapeForms.Text) { IsRequired = true, Values = ["server_vad"] },
        new($"{at}<server_vad>.threshold", ShapeForms.Number) { Least = 0, Most = 1, Otherwise = "Published in words, as 0 to 1." },
        new($"{at}<server_vad>.prefix_padding_ms", ShapeForms.Integer) { Least = 0, Otherwise = "Published without a limit; a negative time is none." },
        new($"{at}<server_vad>.silence_duration_ms", ShapeForms.Integer) { Least = 0, Otherwise = "Published without a limit; a negative time is none." },
        new($"{at}<server_vad>.create_response", ShapeForms.Boolean),
        new($"{at}<server_vad>.interrupt_response", ShapeForms.Boolean),
        new($"{at}<server_vad>.idle_timeout_ms", ShapeForms.Integer | ShapeForms.Null) { Least = 5_000, Most = 30_000 },
        new($"{at}<semantic_vad>", ShapeForms.Object),
        new($"{at}<semantic_vad>.type", ShapeForms.Text) { IsRequired = true, Values = ["semantic_vad"] },
        new($"{at}<semantic_vad>.eagerness", ShapeForms.Text) { Values = ["low", "medium", "high", "auto"] },
        new($"{at}<semantic_vad>.create_response", ShapeForms.Boolean),
        new($"{at}<semantic_vad>.interrupt_response", ShapeForms.Boolean),
    ];
}
