namespace Realtime.Protocol;

/// <summary>Something that went wrong and that the session survived. Its text names kinds, codes and places, never content.</summary>
public abstract record SessionProblem
{
    private SessionProblem()
    {
    }

    /// <summary>The server sent what could not be read; it was counted and passed over.</summary>
    /// <param name="Error">What is wrong, and at which byte.</param>
    /// <param name="MessageBytes">How long the message was.</param>
    public sealed record MalformedEvent(ReadError Error, int MessageBytes) : SessionProblem
    {
        /// <summary>What is wrong, and where.</summary>
        public override string ToString() => $"The server sent a malformed event of {MessageBytes} bytes: {Error}.";
    }

    /// <summary>
    /// The server sent an event in which a known member is missing or has another form than the protocol gives it. The event was read without it. Told once for each kind and path of a connection, for 64 such
    /// pairs at most; <see cref="VoiceSession.OddEvents"/> counts them all.
    /// </summary>
    /// <param name="Event">The kind of event.</param>
    /// <param name="Path">The member, as in <c>response.usage.total_tokens</c>: the first odd one of this event.</param>
    /// <param name="Count">How many faults this event had.</param>
    public sealed record OddEvent(ServerEventKind Event, string Path, int Count) : SessionProblem
    {
        /// <summary>Which member of which event.</summary>
        public override string ToString() => $"The server sent an odd {Event}: {(Path.Length == 0 ? "it" : Path)} is not what the protocol has there{(Count > 1 ? $", and {Count - 1} more" : "")}.";
    }

    /// <summary>The server sends its events in binary messages, where the protocol has text. They are read as text; told once in a connection.</summary>
    public sealed record BinaryMessages : SessionProblem
    {
        /// <summary>What the server does.</summary>
        public override string ToString() => "The server sends its events in binary messages; they are read as text.";
    }

    /// <summary>The server reported an error that answers nothing this session waits for.</summary>
    /// <param name="Error">As the server stated it; its message may quote what was sent.</param>
    /// <param name="Severity">How far it reaches.</param>
    public sealed record Reported(ServerError Error, ErrorSeverity Severity) : SessionProblem
    {
        /// <summary>The error's code.</summary>
        public override string ToString() => $"The server reported an error: {Error} ({Severity}).";
    }

    /// <summary>The server did what its protocol does not allow.</summary>
    /// <param name="Rule">The rule that says how the session went on.</param>
    /// <param name="Description">What the server did.</param>
    public sealed record Violation(string Rule, string Description) : SessionProblem
    {
        /// <summary>What the server did.</summary>
        public override string ToString() => $"The server broke {Rule}: {Description}";
    }

    /// <summary>A tool did not give its output in its time. The model was told so, and its turn goes on (FC-08).</summary>
    /// <param name="Turn">The turn's number.</param>
    /// <param name="Tool">The tool's name.</param>
    /// <param name="CallId">The call's id.</param>
    public sealed record ToolOverdue(int Turn, string Tool, string CallId) : SessionProblem
    {
        /// <summary>Which tool.</summary>
        public override string ToString() => $"The tool {Tool} did not answer in time ({CallId}, turn {Turn}); the model was told so.";
    }

    /// <summary>A tool gave its output when nobody could use it any more, so it was dropped.</summary>
    /// <param name="Turn">The turn's number.</param>
    /// <param name="Tool">The tool's name.</param>
    /// <param name="CallId">The call's id.</param>
    /// <param name="Rule">FC-08: the tool's time was up. FC-07: the connection had ended.</param>
    public sealed record ToolOutputDropped(int Turn, string Tool, string CallId, string Rule) : SessionProblem
    {
        /// <summary>Which tool, and why.</summary>
        public override string ToString() => $"The output of the tool {Tool} came too late and was dropped ({CallId}, turn {Turn}, {Rule}).";
    }

    /// <summary>Nobody said whether a remote MCP server may be called: in time, without throwing, or at all, since no server of this label is configured. The answer was no (MCP-03).</summary>
    /// <param name="Turn">The turn's number; 0 when the question belongs to none.</param>
    /// <param name="Server">The server's label.</param>
    /// <param name="Tool">The tool's name.</param>
    /// <param name="Failure">What was thrown; a <see cref="TimeoutException"/> when the time was up; null when nobody is there to ask.</param>
    public sealed record ApprovalUnanswered(int Turn, string Server, string Tool, Exception? Failure) : SessionProblem
    {
        /// <summary>Which tool, and what happened.</summary>
        public override string ToString() => $"Nobody said whether {Server}/{Tool} may be called (turn {Turn}{(Failure is null ? "" : $", {Failure.GetType().Name}")}); the answer was no.";
    }

    /// <summary>Somebody said whether a remote MCP server may be called when the session had said no already: the time was up, or the turn was over (MCP-03).</summary>
    /// <param name="Turn">The turn's number.</param>
    /// <param name="Server">The server's label.</param>
    /// <param name="Tool">The tool's name.</param>
    public sealed record ApprovalDropped(int Turn, string Server, string Tool) : SessionProblem
    {
        /// <summary>Which tool.</summary>
        public override string ToString() => $"The answer whether {Server}/{Tool} may be called came too late and was dropped (turn {Turn}).";
    }

    /// <summary>Nothing was heard for 300 s of a call that the service makes of a remote MCP server. Its turn went on without it (MCP-02).</summary>
    /// <param name="Turn">The turn's number.</param>
    /// <param name="Server">The server's label.</param>
    /// <param name="Tool">The tool's name.</param>
    public sealed record McpCallOverdue(int Turn, string Server, string Tool) : SessionProblem
    {
        /// <summary>Which tool.</summary>
        public override string ToString() => $"Nothing was heard of the call of {Server}/{Tool} for long; turn {Turn} goes on without it.";
    }

    /// <summary>An event of this side was not sent: the output of a tool when too much waited already (BP-04), or what could not be written, which is a fault of this library. Whatever waited for it has failed.</summary>
    /// <param name="Type">The event's type, for instance <c>conversation.item.create</c>.</param>
    public sealed record NotSent(string Type) : SessionProblem
    {
        /// <summary>Which type.</summary>
        public override string ToString() => $"An event of this side was not sent: {Type}.";
    }

    /// <summary>A save in the <see cref="VoiceSessionOptions.Journal"/> did not succeed. It is tried again while the session goes on; the next save holds everything.</summary>
    /// <param name="Failure">The type of the exception that the journal threw: its text may hold anything.</param>
    /// <param name="Attempts">How many in a row have failed.</param>
    public sealed record JournalFailed(string Failure, int Attempts) : SessionProblem
    {
        /// <summary>What failed, and how often.</summary>
        public override string ToString() => $"The journal failed {Attempts} times in a row: {Failure}.";
    }

    /// <summary>A handler held the receiving loop for more than 100 ms: what the server sent meanwhile was taken in late.</summary>
    /// <param name="Handler">The option's name.</param>
    /// <param name="Took">How long the call took.</param>
    public sealed record SlowHandler(string Handler, TimeSpan Took) : SessionProblem
    {
        /// <summary>Which handler, and how long.</summary>
        public override string ToString() => $"{Handler} held the receiving loop for {Took.TotalMilliseconds:0} ms.";
    }

    /// <summary>The server states another audio format than it was asked for. The session goes on and counts in that format; told once for each side.</summary>
    /// <param name="Asked">What the configuration asked for.</param>
    /// <param name="Stated">What the server says it uses.</param>
    public sealed record FormatDiffers(AudioEncoding Asked, AudioEncoding Stated) : SessionProblem
    {
        /// <summary>True when it is about what the server hears, <see cref="VoiceSession.Input"/>; false when it is about what it says, <see cref="Turn.Audio"/>.</summary>
        public bool IsInput { get; init; }

        /// <summary>Both formats.</summary>
        public override string ToString() => $"The server was asked to {(IsInput ? "hear" : "speak")} {Asked}, and says that it does {Stated}.";
    }
}
