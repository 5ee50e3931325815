namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What one server event means for the session, and nothing else of it: kinds, ids, counts, statuses. It borrows the message's bytes; the machine copies what it keeps, so a
/// fact is good for one call of <see cref="SessionMachine.Receive"/>. Ids and codes are UTF-8 with JSON escapes already resolved; an empty span means absent.
/// </summary>
public readonly ref struct SessionFact
{
    /// <summary>What the event says.</summary>
    public required SessionFactKind Kind { get; init; }

    /// <summary>The response it is about: <c>response_id</c>, or <c>response.id</c>.</summary>
    public ReadOnlySpan<byte> ResponseId { get; init; }

    /// <summary>The item it is about: <c>item_id</c>, or <c>item.id</c>.</summary>
    public ReadOnlySpan<byte> ItemId { get; init; }

    /// <summary>Which part of the item.</summary>
    public int ContentIndex { get; init; }

    /// <summary>The decoded bytes of an audio delta, after base64.</summary>
    public int AudioBytes { get; init; }

    /// <summary>The milliseconds of <c>conversation.item.truncated</c>.</summary>
    public long AudioEndMilliseconds { get; init; }

    /// <summary>What kind of item it is.</summary>
    public ItemFactKind ItemKind { get; init; }

    /// <summary>Status of the item or of the response.</summary>
    public FactStatus Status { get; init; }

    /// <summary><c>status_details.reason</c> of a response, or <c>status_details</c> itself where a service sends a bare string (CX-06).</summary>
    public ReadOnlySpan<byte> StatusReason { get; init; }

    /// <summary>The reserved entry of <c>response.metadata</c> (see <see cref="ResponseToken.MetadataKey"/>), when the server echoed it.</summary>
    public ReadOnlySpan<byte> Token { get; init; }

    /// <summary>True when <c>response.conversation_id</c> is present and null: the response belongs to no conversation (RC-22).</summary>
    public bool IsOutOfBand { get; init; }

    /// <summary>True when <c>response.output_modalities</c> names text and no audio.</summary>
    public bool IsTextOnly { get; init; }

    /// <summary><c>call_id</c> of a function call or of its output.</summary>
    public ReadOnlySpan<byte> CallId { get; init; }

    /// <summary><c>name</c> of a function call.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary><c>arguments</c> of a function call, JSON text with the escapes of the enclosing string resolved.</summary>
    public ReadOnlySpan<byte> Arguments { get; init; }

    /// <summary>The encoding of the server's audio, where a session or response states it.</summary>
    public SampleFormat OutputEncoding { get; init; }

    /// <summary>The encoding of the user's audio, where a session states it.</summary>
    public SampleFormat InputEncoding { get; init; }

    /// <summary>Who takes turns, where a session states it.</summary>
    public ServerTurns ServerTurns { get; init; }

    /// <summary><c>error.code</c>, or <c>status_details.error.code</c> of a failed response.</summary>
    public ReadOnlySpan<byte> ErrorCode { get; init; }

    /// <summary><c>error.type</c>.</summary>
    public ReadOnlySpan<byte> ErrorType { get; init; }

    /// <summary><c>error.message</c>.</summary>
    public ReadOnlySpan<byte> ErrorMessage { get; init; }

    /// <summary><c>error.param</c>.</summary>
    public ReadOnlySpan<byte> ErrorParameter { get; init; }

    /// <summary><c>error.event_id</c>: the client event that the error answers. Not the error's own <c>event_id</c>.</summary>
    public ReadOnlySpan<byte> ErrorEventId { get; init; }
}

/// <summary>The server events that decide something. Every other event is <see cref="ResponseProgress"/> when it names a response, and no fact at all when it does not.</summary>
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

    /// <summary><c>response.output_audio.delta</c>.</summary>
    OutputAudioDelta,

    /// <summary><c>response.output_audio.done</c>: the end of making audio, not of hearing it.</summary>
    OutputAudioDone,

    /// <summary><c>response.output_text.delta</c>: the item is read, not heard.</summary>
    OutputTextDelta,

    /// <summary>Any other event of a response: it proves that the response is alive.</summary>
    ResponseProgress,

    /// <summary><c>error</c>.</summary>
    Error,
}

/// <summary>A status as events state it, of items and of responses alike.</summary>
public enum FactStatus
{
    /// <summary>Not stated, or stated in words that the protocol does not know.</summary>
    Unknown = 0,

    /// <summary><c>in_progress</c>.</summary>
    InProgress,

    /// <summary><c>completed</c>.</summary>
    Completed,

    /// <summary><c>incomplete</c>.</summary>
    Incomplete,

    /// <summary><c>cancelled</c>.</summary>
    Cancelled,

    /// <summary><c>failed</c>.</summary>
    Failed,
}

/// <summary>What kind of item an event is about, as far as the session's rules tell them apart.</summary>
public enum ItemFactKind
{
    /// <summary>Not stated, or of no concern to any rule.</summary>
    Other = 0,

    /// <summary>A message of the assistant.</summary>
    AssistantMessage,

    /// <summary>A message of the user.</summary>
    UserMessage,

    /// <summary>A message of the system.</summary>
    SystemMessage,

    /// <summary>A function call.</summary>
    FunctionCall,

    /// <summary>The output of a function call.</summary>
    FunctionCallOutput,
}

/// <summary>Who decides where a turn ends, as the server stated it.</summary>
public readonly record struct ServerTurns
{
    private ServerTurns(bool isStated, bool isEnabled, bool createsResponse, bool interruptsResponse)
    {
        (IsStated, IsEnabled, CreatesResponse, InterruptsResponse) = (isStated, isEnabled, createsResponse, interruptsResponse);
    }

    /// <summary>False when the event did not say; <c>default</c> is that value.</summary>
    public bool IsStated { get; }

    /// <summary>True when the server detects turns (<c>server_vad</c> or <c>semantic_vad</c>).</summary>
    public bool IsEnabled { get; }

    /// <summary>True when the server answers a turn that it detected without being asked.</summary>
    public bool CreatesResponse { get; }

    /// <summary>True when the server cancels its answer as soon as the user speaks.</summary>
    public bool InterruptsResponse { get; }

    /// <summary><c>turn_detection: null</c>: the client commits and asks.</summary>
    public static ServerTurns None => new(true, false, false, false);

    /// <summary>The server detects turns, with the two flags as stated; both are true where the event leaves them out.</summary>
    public static ServerTurns Server(bool createsResponse = true, bool interruptsResponse = true) => new(true, true, createsResponse, interruptsResponse);
}
