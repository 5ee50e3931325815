namespace Realtime.Protocol.Testing.Simulation.Configuration;

/// <summary>What the service fills in when a client names a format, a detection or a model and leaves out the rest.</summary>
internal static class Templates
{
    /// <summary>What a templated object starts from, before the members of an update; null when there is no such type.</summary>
    public static string? Of(string path, string? type) => (path, type) switch
    {
        ("session.audio.input.format" or "session.audio.output.format" or "response.audio.output.format", "audio/pcm") => """{"type":"audio/pcm","rate":24000}""",
        ("session.audio.input.format" or "session.audio.output.format" or "response.audio.output.format", "audio/pcmu") => """{"type":"audio/pcmu"}""",
        ("session.audio.input.format" or "session.audio.output.format" or "response.audio.output.format", "audio/pcma") => """{"type":"audio/pcma"}""",
        ("session.audio.input.transcription", _) => """{"model":"gpt-4o-transcribe","language":null,"prompt":null}""",
        ("session.audio.input.noise_reduction", "near_field") => """{"type":"near_field"}""",
        ("session.audio.input.noise_reduction", "far_field") => """{"type":"far_field"}""",
        ("session.audio.input.turn_detection", "server_vad") =>
            """{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":200,"idle_timeout_ms":null,"create_response":true,"interrupt_response":true}""",
        ("session.audio.input.turn_detection", "semantic_vad") => """{"type":"semantic_vad","eagerness":"auto","create_response":true,"interrupt_response":true}""",
        _ => null,
    };

    /// <summary>Whether an object may have a member that it does not start with: a model of transcription that takes more than others is told more.</summary>
    public static bool IsOptional(string path, string member) => path == "session.audio.input.transcription" && member is ("delay" or "languages" or "keywords");
}
