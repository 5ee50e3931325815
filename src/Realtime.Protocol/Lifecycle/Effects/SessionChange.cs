namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Something that became true and that a shell turns into completions, callbacks and log lines. Every operation and every turn that was begun is ended by exactly one change.
/// <see cref="ToString"/> names the kind only: calls and errors carry the application's and the server's words.
/// </summary>
public abstract record SessionChange
{
    private SessionChange()
    {
    }

    /// <summary>The kind of change.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>The server opened the session; its defaults hold until a configuration is acknowledged.</summary>
    public sealed record SessionOpened : SessionChange;

    /// <summary>The server opened a session of another kind than was asked for (<c>realtime</c>, <c>transcription</c>, <c>translation</c>): nothing of it can be used.</summary>
    public sealed record SessionKindDiffers(string Asked, string Stated) : SessionChange;

    /// <summary>The server has sent everything and ended the session (SE-10); <paramref name="WasAsked"/> tells whether it was asked to. Close the connection.</summary>
    public sealed record SessionClosed(bool WasAsked) : SessionChange;

    /// <summary>The operation with this handle is done (SE-02: configurations are acknowledged in the order in which they were sent).</summary>
    public sealed record OperationCompleted(int Operation) : SessionChange;

    /// <summary>
    /// The server has taken the configuration with this handle, and it holds from now on: told before <see cref="OperationCompleted"/>, and also of one that was answered so late that
    /// <see cref="OperationFailed"/> was told of it (SE-02).
    /// </summary>
    public sealed record ConfigurationTaken(int Operation) : SessionChange;

    /// <summary>The operation with this handle failed; the session goes on. <paramref name="Error"/> is null when nothing answered: in time, or before the connection ended.</summary>
    public sealed record OperationFailed(int Operation, ServerError? Error) : SessionChange;

    /// <summary>
    /// The user said something, or says it: the server heard it begin, or a commit of ours leaves. Ended by exactly one <see cref="UtteranceEnded"/>. <paramref name="Turn"/> answers it, 0 where none
    /// was asked for; the turn that a server begins by itself answers the utterance that it committed last.
    /// </summary>
    public sealed record UtteranceBegan(int Utterance, int Turn) : SessionChange;

    /// <summary>An utterance is over: its transcript is whole, or it is known that none comes.</summary>
    public sealed record UtteranceEnded(int Utterance, UtteranceResult Result) : SessionChange;

    /// <summary>The transcript of a part of an item is whole, or failed. Told once for each, whether or not the item is an utterance's, and never before the item is there (TX-01).</summary>
    public sealed record ItemTranscribed(string ItemId, int ContentIndex, UtteranceResult Result) : SessionChange;

    /// <summary>The server hears the user. <paramref name="Milliseconds"/> is where that begins in all the audio that was sent; null where the server does not say.</summary>
    public sealed record SpeechStarted(string? ItemId, int Utterance, long? Milliseconds) : SessionChange;

    /// <summary>The server no longer hears the user. <paramref name="Milliseconds"/> is where that is in all the audio that was sent, with the silence that showed it; null where the server does not say.</summary>
    public sealed record SpeechStopped(string? ItemId, int Utterance, long? Milliseconds) : SessionChange;

    /// <summary>
    /// The user's audio became an item. <paramref name="ByServer"/> tells a turn that the server detected from one that the application ended. <paramref name="Utterance"/> is 0 where nobody spoke.
    /// </summary>
    public sealed record InputCommitted(string? ItemId, bool ByServer, int Utterance) : SessionChange;

    /// <summary>A turn began: at once for the application's, with <c>response.created</c> for the server's. One that is out of band runs beside the conversation (RC-22).</summary>
    public sealed record TurnBegan(int Turn, TurnOrigin Origin, bool IsOutOfBand) : SessionChange;

    /// <summary>A turn is over; nothing new comes of it. Told exactly once.</summary>
    public sealed record TurnEnded(int Turn, TurnOutcome Outcome) : SessionChange;

    /// <summary>Nothing more is told of a turn: it has ended, and nothing of its audio is to be heard any more. Told at most once, with the end of the turn or later.</summary>
    public sealed record TurnForgotten(int Turn) : SessionChange;

    /// <summary>A response of this turn began; its audio comes in this encoding. A turn has one after every tool round.</summary>
    public sealed record ResponseStarted(int Turn, string ResponseId, TurnOrigin Origin, AudioEncoding Encoding) : SessionChange;

    /// <summary>
    /// A response that had been told as one of this turn is not its answer: it was taken for that by order, and the server has shown that it is its own (RC-03). Nothing of its output had come.
    /// It is told again as the response of a turn of its own, and this turn waits for its answer.
    /// </summary>
    public sealed record ResponseTakenBack(int Turn, string ResponseId) : SessionChange;

    /// <summary>
    /// A response that began before its announcement came turns out to bring its audio in another encoding than <see cref="ResponseStarted"/> said. Told before any of its audio, or never.
    /// </summary>
    public sealed record ResponseEncodingStated(int Turn, string ResponseId, AudioEncoding Encoding) : SessionChange;

    /// <summary>
    /// A response is over, told once for each. Its turn may go on with a tool round. <paramref name="Turn"/> is 0 for a response that belongs to no turn: one that was given up before it
    /// began and cancelled unheard (RC-09), or one outside of the conversation.
    /// </summary>
    /// <param name="Turn">The turn's number, or 0.</param>
    /// <param name="ResponseId">The server's id of it.</param>
    /// <param name="Status">As the server stated it.</param>
    /// <param name="Usage">Its tokens; null when the server reported none, which is not the same as zero.</param>
    public sealed record ResponseEnded(int Turn, string ResponseId, FactStatus Status, TokenUsage? Usage) : SessionChange;

    /// <summary>
    /// The tokens of a response that had counted as ended before its end came: another one had begun, or it was silent for too long. <see cref="ResponseEnded"/> stated none for it. Told at most once,
    /// and never for a response whose tokens came with its end. <paramref name="Turn"/> is as it was there, and the turn may have ended.
    /// </summary>
    public sealed record ResponseUsageStated(int Turn, string ResponseId, TokenUsage Usage) : SessionChange;

    /// <summary>A tool is to be run, once. Told only when the call is complete (FC-01); answer with <see cref="SessionIntent.ToolOutput"/>, whatever comes of it.</summary>
    public sealed record ToolCallReady(int Turn, string ResponseId, string ItemId, string CallId, string Name, string Arguments) : SessionChange;

    /// <summary>Nobody waits for this call any more. Its output is still wanted, for the conversation's sake, but asks for no response (FC-06); unless the item of the call itself was deleted, which takes none (FC-03).</summary>
    public sealed record ToolCallWithdrawn(int Turn, string ItemId, string CallId) : SessionChange;

    /// <summary>A tool has not given its output in time. The model was told so; an output that comes now is taken and dropped (FC-08).</summary>
    public sealed record ToolCallOverdue(int Turn, string ItemId, string CallId, string Name) : SessionChange;

    /// <summary>An output of a tool came when nothing could be done with it any more, and was dropped. <paramref name="Rule"/> says why: FC-08, its time was up; FC-03, the item of the call was deleted; FC-07, the connection had ended.</summary>
    public sealed record ToolOutputDropped(int Turn, string ItemId, string CallId, string Name, string Rule) : SessionChange;

    /// <summary>The service has listed the tools of a remote MCP server, so that the model can call them (MCP-01). Told again when it lists them again.</summary>
    public sealed record McpToolsListed(string Server, IReadOnlyList<string> Tools) : SessionChange;

    /// <summary>The service could not list the tools of a remote MCP server. <paramref name="Error"/> is null where it does not say why, as most do not.</summary>
    public sealed record McpToolsFailed(string Server, ServerError? Error) : SessionChange;

    /// <summary>The service calls a tool of a remote MCP server. Its turn waits for the end (MCP-02): <see cref="McpCallCompleted"/>, <see cref="McpCallFailed"/> or <see cref="McpCallOverdue"/>, or the turn's own.</summary>
    public sealed record McpCallStarted(int Turn, string ItemId, string Server, string Name, string Arguments) : SessionChange;

    /// <summary>A call of a remote MCP server gave its output, and the model has it.</summary>
    public sealed record McpCallCompleted(int Turn, string ItemId) : SessionChange;

    /// <summary>A call of a remote MCP server failed, and the model knows it. <paramref name="Error"/> is null where the service does not say why.</summary>
    public sealed record McpCallFailed(int Turn, string ItemId, ServerError? Error) : SessionChange;

    /// <summary>Nothing was heard of a call of a remote MCP server for long; its turn goes on without it (MCP-02).</summary>
    public sealed record McpCallOverdue(int Turn, string ItemId, string Server, string Name) : SessionChange;

    /// <summary>
    /// The service asks whether it may call a tool of a remote MCP server, and its turn waits; answer with <see cref="SessionIntent.AnswerApproval"/> (MCP-03). <paramref name="Turn"/> is 0 for a
    /// question that belongs to no response; the answer then begins a turn.
    /// </summary>
    public sealed record McpApprovalAsked(int Turn, string ItemId, string Server, string Name, string Arguments) : SessionChange;

    /// <summary>Nobody waits for the answer to this question any more: its turn is over, and the call was forbidden; or its item was deleted.</summary>
    public sealed record McpApprovalWithdrawn(int Turn, string ItemId) : SessionChange;

    /// <summary>A question was not answered in time, and the call was forbidden (MCP-03).</summary>
    public sealed record McpApprovalOverdue(int Turn, string ItemId, string Server, string Name) : SessionChange;

    /// <summary>The answer to a question came when the session had answered no already, or when its item was deleted, and was dropped (MCP-03).</summary>
    public sealed record McpAnswerDropped(int Turn, string ItemId, string Server, string Name) : SessionChange;

    /// <summary>
    /// The server refused a part of what was given to a turn: a text, audio or the output of a tool. The turn goes on with the rest; if nothing is left of it and its response has not
    /// begun, it ends as <see cref="TurnOutcome.Rejected"/> (RC-25).
    /// </summary>
    /// <param name="Turn">The turn.</param>
    /// <param name="ItemId">The item that was refused; null for audio.</param>
    /// <param name="Error">Why.</param>
    public sealed record InputRejected(int Turn, string? ItemId, ServerError Error) : SessionChange;

    /// <summary>An item entered the conversation.</summary>
    public sealed record ItemAdded(string ItemId, ItemFactKind Kind) : SessionChange;

    /// <summary>An item is final, with this status.</summary>
    public sealed record ItemDone(string ItemId, FactStatus Status) : SessionChange;

    /// <summary>The words of an item are otherwise now: somebody wrote down what was said in it.</summary>
    public sealed record ItemChanged(string ItemId) : SessionChange;

    /// <summary>The server gave its copy of an item, with its sound. Told once for everyone who asked, just before their handle is completed.</summary>
    public sealed record ItemRetrieved(int Operation, ConversationItem Item) : SessionChange;

    /// <summary>The server cut an item's audio and dropped its transcript.</summary>
    public sealed record ItemTruncated(string ItemId, int ContentIndex, long AudioEndMilliseconds) : SessionChange;

    /// <summary>An item left the conversation.</summary>
    public sealed record ItemDeleted(string ItemId) : SessionChange;

    /// <summary>Stop playing at once, and throw away what is buffered of this turn. It can come after the turn's end; a turn that lives ends with it, or with its running response, and begins no further one. <paramref name="Heard"/> is where the conversation is cut.</summary>
    public sealed record PlaybackStopped(int Turn, InterruptionReason Reason, HeardAudio Heard) : SessionChange;

    /// <summary>The server states another audio format than it was asked for, and the machine counts in that one. Told once for each side.</summary>
    public sealed record FormatDiffers(AudioEncoding Asked, AudioEncoding Stated, bool IsInput) : SessionChange;

    /// <summary>An error of the server that no one needs to act on, with the rule that says so.</summary>
    public sealed record ErrorIgnored(ServerError Error, string Rule) : SessionChange;

    /// <summary>An error of the server that belongs to no operation of ours.</summary>
    public sealed record ErrorSurfaced(ServerError Error, ErrorSeverity Severity) : SessionChange;

    /// <summary>The server did what its protocol does not allow; the machine went on as the rule says.</summary>
    public sealed record ViolationTolerated(string Rule, string Message) : SessionChange;

    /// <summary>
    /// The server said that the session has reached its longest duration. Nothing is taken or sent any more: close the machine, at once, with this reason,
    /// after <see cref="SessionMachine.TakeWaiting"/> where another machine goes on, and end the connection. <paramref name="Reason"/> is why it ended, with the server's error.
    /// </summary>
    public sealed record SessionExpired(RealtimeCloseReason Reason) : SessionChange;

    /// <summary>The server does not answer any more: close the connection (RC-11).</summary>
    public sealed record ConnectionUnresponsive(string Rule) : SessionChange;
}
