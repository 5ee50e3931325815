namespace Realtime.Protocol.Lifecycle;

/// <summary>The server events that decide something. Every other event is <see cref="ResponseProgress"/> when it is about a response or an item of one; those that are no fact at all stand in <c>NoConcern</c>.</summary>
public enum SessionFactKind
{
    /// <summary>Nothing; the machine ignores it.</summary>
    None = 0,

    /// <summary><c>session.created</c>.</summary>
    SessionCreated,

    /// <summary><c>session.updated</c>.</summary>
    SessionUpdated,

    /// <summary><c>input_audio_buffer.speech_started</c>.</summary>
    SpeechStarted,

    /// <summary><c>input_audio_buffer.speech_stopped</c>.</summary>
    SpeechStopped,

    /// <summary><c>input_audio_buffer.timeout_triggered</c>.</summary>
    InputTimeoutTriggered,

    /// <summary><c>input_audio_buffer.committed</c>.</summary>
    InputCommitted,

    /// <summary><c>input_audio_buffer.cleared</c>.</summary>
    InputCleared,

    /// <summary><c>conversation.item.added</c>, and <c>conversation.item.created</c> of older services.</summary>
    ItemAdded,

    /// <summary><c>conversation.item.done</c>: the authority on an item (IT-02).</summary>
    ItemDone,

    /// <summary><c>conversation.item.truncated</c>.</summary>
    ItemTruncated,

    /// <summary><c>conversation.item.deleted</c>.</summary>
    ItemDeleted,

    /// <summary><c>response.created</c>.</summary>
    ResponseCreated,

    /// <summary><c>response.done</c>: the only end of a response (RC-13).</summary>
    ResponseDone,

    /// <summary><c>response.output_item.added</c>.</summary>
    OutputItemAdded,

    /// <summary><c>response.output_item.done</c>.</summary>
    OutputItemDone,

    /// <summary><c>response.function_call_arguments.done</c>: the arguments are whole, or as whole as they got.</summary>
    CallArgumentsDone,

    /// <summary><c>response.mcp_call_arguments.done</c>: the model has made the call to its end, or as far as it got.</summary>
    McpArgumentsDone,

    /// <summary><c>response.mcp_call.in_progress</c>, <c>.completed</c> and <c>.failed</c>: how far the call has come is the fact's status. They name no response, and may come after its end (MCP-02).</summary>
    McpCallChanged,

    /// <summary><c>mcp_list_tools.in_progress</c>, <c>.completed</c> and <c>.failed</c>: how far the list has come is the fact's status.</summary>
    McpListChanged,

    /// <summary><c>response.output_audio.delta</c>.</summary>
    OutputAudioDelta,

    /// <summary><c>response.output_audio.done</c>: the end of making audio, not of hearing it.</summary>
    OutputAudioDone,

    /// <summary><c>response.output_text.delta</c>: the item is read, not heard.</summary>
    OutputTextDelta,

    /// <summary>Any other event of a response: it proves that the response is alive.</summary>
    ResponseProgress,

    /// <summary><c>conversation.item.input_audio_transcription.delta</c>.</summary>
    InputTranscriptDelta,

    /// <summary><c>conversation.item.input_audio_transcription.segment</c>.</summary>
    InputTranscriptSegment,

    /// <summary><c>conversation.item.input_audio_transcription.completed</c>.</summary>
    InputTranscriptCompleted,

    /// <summary><c>conversation.item.input_audio_transcription.failed</c>: one item's failure, and not the session's.</summary>
    InputTranscriptFailed,

    /// <summary><c>conversation.item.retrieved</c>.</summary>
    ItemRetrieved,

    /// <summary><c>error</c>.</summary>
    Error,

    /// <summary><c>session.closed</c>, of a translation: everything was sent, and the session is over.</summary>
    SessionClosed,
}
