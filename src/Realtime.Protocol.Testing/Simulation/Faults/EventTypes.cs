namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>The types of event that each side can say, for whoever names one: a fault, a scenario. A test holds the lists to the schema.</summary>
internal static class EventTypes
{
    public static IReadOnlyList<string> Server { get; } =
    [
        "conversation.created", "conversation.item.added", "conversation.item.created", "conversation.item.deleted", "conversation.item.done",
        "conversation.item.input_audio_transcription.completed", "conversation.item.input_audio_transcription.delta",
        "conversation.item.input_audio_transcription.failed", "conversation.item.input_audio_transcription.segment", "conversation.item.retrieved",
        "conversation.item.truncated", "error", "input_audio_buffer.cleared", "input_audio_buffer.committed", "input_audio_buffer.dtmf_event_received",
        "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.timeout_triggered", "mcp_list_tools.completed",
        "mcp_list_tools.failed", "mcp_list_tools.in_progress", "output_audio_buffer.cleared", "output_audio_buffer.started", "output_audio_buffer.stopped",
        "rate_limits.updated", "response.content_part.added", "response.content_part.done", "response.created", "response.done",
        "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.mcp_call.completed", "response.mcp_call.failed",
        "response.mcp_call.in_progress", "response.mcp_call_arguments.delta", "response.mcp_call_arguments.done", "response.output_audio.delta",
        "response.output_audio.done", "response.output_audio_transcript.delta", "response.output_audio_transcript.done", "response.output_item.added",
        "response.output_item.done", "response.output_text.delta", "response.output_text.done", "session.closed", "session.created",
        "session.input_transcript.delta", "session.output_audio.delta", "session.output_transcript.delta", "session.updated", "transcription_session.updated",
    ];

    public static IReadOnlyList<string> Client { get; } =
    [
        "conversation.item.create", "conversation.item.delete", "conversation.item.retrieve", "conversation.item.truncate", "input_audio_buffer.append",
        "input_audio_buffer.clear", "input_audio_buffer.commit", "output_audio_buffer.clear", "response.cancel", "response.create", "session.close",
        "session.input_audio_buffer.append", "session.update", "transcription_session.update",
    ];
}
