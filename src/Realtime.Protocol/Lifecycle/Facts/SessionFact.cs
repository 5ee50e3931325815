namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What one server event means for the session, and nothing else of it: kinds, ids, counts, statuses, and where the words lie that the conversation keeps. It borrows the message's bytes; the machine copies what it keeps, so a
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

    /// <summary><c>output_index</c>: which item of the response it is; null where the event does not say.</summary>
    public int? OutputIndex { get; init; }

    /// <summary>Which part of the item; 0 where the event does not say.</summary>
    public int ContentIndex { get; init; }

    /// <summary><c>previous_item_id</c>: the item that it follows; empty unless <see cref="PreviousItem"/> is a value.</summary>
    public ReadOnlySpan<byte> PreviousItemId { get; init; }

    /// <summary>Whether the event says which item comes before: null is its word for none.</summary>
    public Presence PreviousItem { get; init; }

    /// <summary>The decoded bytes of an audio delta, after base64.</summary>
    public int AudioBytes { get; init; }

    /// <summary>The milliseconds of <c>conversation.item.truncated</c>.</summary>
    public long AudioEndMilliseconds { get; init; }

    /// <summary><c>audio_start_ms</c> or <c>audio_end_ms</c> of the user's speech, in all the audio that was sent; null where the event does not say.</summary>
    public long? SpeechMilliseconds { get; init; }

    /// <summary>What the event says of a transcript of the user's speech.</summary>
    public TranscriptWords Transcript { get; init; }

    /// <summary>What kind of item it is.</summary>
    public ItemFactKind ItemKind { get; init; }

    /// <summary>The item itself, where the event holds one.</summary>
    public ItemView Item { get; init; }

    /// <summary>The words of a part, where the event brings any.</summary>
    public PartWords Words { get; init; }

    /// <summary>Status of the item or of the response. A response that ended without one has the status of its items.</summary>
    public FactStatus Status { get; init; }

    /// <summary>The event states a status, in whatever words; of responses.</summary>
    internal bool IsStatusStated { get; init; }

    /// <summary><c>status_details.reason</c> of a response, or <c>status_details</c> itself where a service sends a bare string (CX-06).</summary>
    public ReadOnlySpan<byte> StatusReason { get; init; }

    /// <summary>The reserved entry of <c>response.metadata</c> (see <see cref="ResponseToken.MetadataKey"/>), when the server echoed it.</summary>
    public ReadOnlySpan<byte> Token { get; init; }

    /// <summary>Whether <c>response.conversation_id</c> names a conversation, is null, or is not stated.</summary>
    public Presence Conversation { get; init; }

    /// <summary>The items of <c>response.output</c>, each as the fact of an item that is done: the last witness of a call (FC-01).</summary>
    public OutputWords Output { get; init; }

    /// <summary>True when something in the event was odd and was forgiven: what is missing here may have been said in a form that nobody knows.</summary>
    public bool IsMended { get; init; }

    /// <summary>True when <c>response.conversation_id</c> is present and null: the response belongs to no conversation (RC-22).</summary>
    public bool IsOutOfBand => Conversation is Presence.Null;

    /// <summary>True when <c>response.output_modalities</c> names text and no audio.</summary>
    public bool IsTextOnly { get; init; }

    /// <summary><c>call_id</c> of a function call or of its output.</summary>
    public ReadOnlySpan<byte> CallId { get; init; }

    /// <summary><c>name</c> of a function call, or of the tool of a remote MCP server.</summary>
    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary><c>arguments</c> of a function call, JSON text with the escapes of the enclosing string resolved; <c>{}</c> for null, and its own text for JSON that came without a string around it.</summary>
    public ReadOnlySpan<byte> Arguments { get; init; }

    /// <summary><c>server_label</c> of an item of a remote MCP server.</summary>
    public ReadOnlySpan<byte> Server { get; init; }

    /// <summary><c>approval_request_id</c> of a call of a remote MCP server: the question that allowed it.</summary>
    public ReadOnlySpan<byte> ApprovalId { get; init; }

    /// <summary><c>output</c> of a call of a remote MCP server.</summary>
    public ReadOnlySpan<byte> McpOutput { get; init; }

    /// <summary>The tools of an <c>mcp_list_tools</c> item.</summary>
    internal ListView<McpToolDescriptionView> Tools { get; init; }

    /// <summary><c>response.usage</c> of a response that is done; null when the server reported none.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The format of the server's audio, where a session or response states it.</summary>
    public StatedFormat OutputFormat { get; init; }

    /// <summary>The session itself, where the event states one.</summary>
    internal SessionView Session { get; init; }

    /// <summary>The voice that a session states, by its name or the id of one of the application's own; empty when it states none.</summary>
    public ReadOnlySpan<byte> Voice { get; init; }

    /// <summary>The format of the user's audio, where a session states it.</summary>
    public StatedFormat InputFormat { get; init; }

    /// <summary><c>session.type</c>: what the session is for; empty where it does not say.</summary>
    public ReadOnlySpan<byte> SessionType { get; init; }

    /// <summary>Whether the user's speech is transcribed: a value where a session names a model, null where it says that there is none.</summary>
    public Presence Transcription { get; init; }

    /// <summary>Who takes turns, where a session states it.</summary>
    public ServerTurns ServerTurns { get; init; }

    /// <summary><c>error.code</c>, a number by its digits, or <c>status_details.error.code</c> of a failed response, or that of a failed call of a remote MCP server.</summary>
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
