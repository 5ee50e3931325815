namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What the application wants. Built by the named factories, given to <see cref="SessionMachine.Submit"/>, which answers at once with a <see cref="SubmitResult"/>.
/// A plain value: reporting playback every few milliseconds allocates nothing. An intent can be written: a factory measures the words that it is given, refuses those
/// that have no form on the wire with an <see cref="ArgumentException"/> that names the argument and the member, and copies what could still be changed.
/// </summary>
public readonly struct SessionIntent
{
    internal SessionIntentKind Kind { get; private init; }

    internal string? Id { get; private init; }

    internal string? ItemId { get; private init; }

    internal string? Content { get; private init; }

    internal Session? Configuration { get; private init; }

    internal long Bytes { get; private init; }

    internal int ContentIndex { get; private init; }

    internal int Turn { get; private init; }

    internal WhenBusy? WhenBusy { get; private init; }

    internal ResponseParameters? Response { get; private init; }

    internal IReadOnlyDictionary<string, long>? ToolTimeouts { get; private init; }

    internal IReadOnlyDictionary<string, long>? ApprovalTimeouts { get; private init; }

    internal IReadOnlyList<ConversationItem>? Input { get; private init; }

    /// <summary>It begins a turn with what the user said or wrote, or asks elsewhere for one that did.</summary>
    internal bool SaysSomething { get; private init; }

    internal bool IsSilent { get; private init; }

    internal bool IsApproved { get; private init; }

    internal ConversationItem? Item { get; private init; }

    internal Item? WireItem { get; private init; }

    internal ItemPosition Position { get; private init; }

    /// <summary>Changes the session's configuration. The result's handle ends with <see cref="SessionChange.OperationCompleted"/> or <see cref="SessionChange.OperationFailed"/>.</summary>
    /// <param name="configuration">Copied, and handed on in <see cref="SessionCommand.UpdateSession"/>.</param>
    /// <param name="toolTimeouts">Copied. Milliseconds by the name of a tool, instead of <see cref="MachineSettings.ToolTimeouts"/> from the acknowledgement on; null leaves them.</param>
    /// <param name="approvalTimeouts">Copied. The same by the label of a remote MCP server, instead of <see cref="MachineSettings.ApprovalTimeouts"/>.</param>
    /// <exception cref="ArgumentException">A member cannot be written; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative, or longer than any clock reaches.</exception>
    public static SessionIntent Configure(Session configuration, IReadOnlyDictionary<string, long>? toolTimeouts = null, IReadOnlyDictionary<string, long>? approvalTimeouts = null)
    {
        if (approvalTimeouts is not null)
        {
            MachineSettings.ThrowIfUnreachable(approvalTimeouts, nameof(approvalTimeouts));
            approvalTimeouts = new Dictionary<string, long>(approvalTimeouts, StringComparer.Ordinal);
        }

        if (toolTimeouts is not null)
        {
            MachineSettings.ThrowIfUnreachable(toolTimeouts, nameof(toolTimeouts));
            toolTimeouts = new Dictionary<string, long>(toolTimeouts, StringComparer.Ordinal);
        }

        return new() { Kind = SessionIntentKind.Configure, Configuration = Measured.Copy(configuration, nameof(configuration)), ToolTimeouts = toolTimeouts, ApprovalTimeouts = approvalTimeouts };
    }

    /// <summary>Says that <paramref name="bytes"/> raw bytes of the user's audio were handed to the connection, ahead of anything submitted later.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static SessionIntent AudioAppended(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return new() { Kind = SessionIntentKind.AudioAppended, Bytes = bytes };
    }

    /// <summary>
    /// Ends the user's spoken turn: one commit and one request for a response. Refused with TD-03 below 100 ms of audio, and when the server takes the turns.
    /// </summary>
    /// <param name="response">What the response does differently from the session. Null, or nothing stated, is automatic: such requests may become one (RC-07). A copy is kept.</param>
    /// <param name="whenBusy">What to do when the model is answering; null for what the settings say.</param>
    /// <exception cref="ArgumentException">A member cannot be written; the message names it.</exception>
    public static SessionIntent EndTurn(ResponseParameters? response = null, WhenBusy? whenBusy = null) =>
        new() { Kind = SessionIntentKind.EndTurn, SaysSomething = true, Response = Measured.Copy(response, nameof(response)), WhenBusy = whenBusy };

    /// <summary>Takes a written turn: one user message and one request for a response.</summary>
    /// <param name="text">What the user says.</param>
    /// <param name="response">As in <see cref="EndTurn"/>.</param>
    /// <param name="whenBusy">As in <see cref="EndTurn"/>.</param>
    /// <exception cref="ArgumentException">The text, or a member of the parameters, cannot be written.</exception>
    public static SessionIntent TextTurn(string text, ResponseParameters? response = null, WhenBusy? whenBusy = null) => new()
    {
        Kind = SessionIntentKind.TextTurn,
        SaysSomething = true,
        Content = Measured.Text(text, nameof(text)),
        Response = Measured.Copy(response, nameof(response)),
        WhenBusy = whenBusy,
    };

    /// <summary>Adds a written message to the conversation and asks for nothing.</summary>
    /// <exception cref="ArgumentException">The text cannot be written.</exception>
    public static SessionIntent AddText(ItemRole role, string text) => new() { Kind = SessionIntentKind.AddText, Content = Measured.Text(text, nameof(text)), ContentIndex = (int)role };

    /// <summary>Asks for a response without adding anything. Waits when busy, unless told otherwise.</summary>
    /// <param name="response">As in <see cref="EndTurn"/>.</param>
    /// <param name="whenBusy">What to do when the model is answering.</param>
    /// <exception cref="ArgumentException">A member cannot be written; the message names it.</exception>
    public static SessionIntent CreateResponse(ResponseParameters? response = null, WhenBusy whenBusy = Protocol.WhenBusy.Queue) =>
        new() { Kind = SessionIntentKind.CreateResponse, Response = Measured.Copy(response, nameof(response)), WhenBusy = whenBusy };

    /// <summary>The same request, with tools of its own: they may take so long, in milliseconds by name, instead of what the session's may (FC-08).</summary>
    /// <param name="toolTimeouts">Copied. Used by an intent that asks for a response.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative, or longer than any clock reaches.</exception>
    public SessionIntent WithToolTimeouts(IReadOnlyDictionary<string, long> toolTimeouts)
    {
        ArgumentNullException.ThrowIfNull(toolTimeouts);
        MachineSettings.ThrowIfUnreachable(toolTimeouts, nameof(toolTimeouts));
        return this with { ToolTimeouts = new Dictionary<string, long>(toolTimeouts, StringComparer.Ordinal) };
    }

    /// <summary>
    /// The same request, of a turn that has its number already: it was asked for on a connection that ended before it was sent, or while there was none (<see cref="SessionMachine.TakeWaiting"/>). It joins none that waits; one that waits may join it (RC-07).
    /// </summary>
    /// <param name="turn">A number of <see cref="SessionNumbers"/> that no machine has used or that its machine gave up.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no number of a turn.</exception>
    public SessionIntent OfTurn(int turn)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(turn, 1);
        return this with { Turn = turn };
    }

    /// <summary>The request of a turn that waits, without what began it.</summary>
    internal static SessionIntent Waiting(TurnState turn) => new()
    {
        Kind = SessionIntentKind.CreateResponse,
        Response = turn.Request,
        WhenBusy = Protocol.WhenBusy.Queue,
        ToolTimeouts = turn.ToolTimeouts,
        Turn = turn.Number,
        SaysSomething = turn.SaysSomething,
    };

    /// <summary>
    /// The same request for a response, which reads these items instead of the conversation: nothing at all when there are none. Those that the conversation holds are sent as references to
    /// them, the others in full (RC-23).
    /// </summary>
    /// <param name="input">Copied; their bytes are read when the request is submitted.</param>
    /// <exception cref="ArgumentException">An item is null, or cannot be written; the message names its place.</exception>
    public SessionIntent WithInput(IReadOnlyList<ConversationItem> input)
    {
        ConversationItem[] items = Measured.Copy(input, nameof(input));
        return this with { Input = items, Response = Response ?? new ResponseParameters() };
    }

    /// <summary>
    /// Gives the output of one tool call. Refused with FC-03 for a call that this session never made, and for a call that already has an output. For a call whose time is up (FC-08) it is
    /// taken, dropped and told as <see cref="SessionChange.ToolOutputDropped"/>.
    /// </summary>
    /// <param name="callId">As <see cref="SessionChange.ToolCallReady"/> told it.</param>
    /// <param name="output">Any text; the model reads it.</param>
    /// <param name="itemId">The item that made the call, also told there. It tells two calls of one id apart; without it, the newest of them is meant.</param>
    /// <param name="isSilent">True when the model need not speak about it: if no output of the round wants an answer, none is asked for (FC-04).</param>
    /// <exception cref="ArgumentException">The output cannot be written.</exception>
    public static SessionIntent ToolOutput(string callId, string output, string? itemId = null, bool isSilent = false)
    {
        ArgumentNullException.ThrowIfNull(callId);
        return new() { Kind = SessionIntentKind.ToolOutput, Id = callId, Content = Measured.Text(output, nameof(output)), ItemId = itemId, IsSilent = isSilent };
    }

    /// <summary>
    /// Answers the question whether the service may call a tool of a remote MCP server. Refused with MCP-03 for a question that this session was not asked, and for one that has its answer. For one
    /// whose time is up or whose turn is over, the answer was no already: it is taken, dropped and told as <see cref="SessionChange.McpAnswerDropped"/>.
    /// </summary>
    /// <param name="itemId">The question's item, as <see cref="SessionChange.McpApprovalAsked"/> told it.</param>
    /// <param name="isApproved">Whether the call may be made.</param>
    /// <param name="reason">Why, for the model to read; null for nothing.</param>
    /// <exception cref="ArgumentException">The reason cannot be written.</exception>
    public static SessionIntent AnswerApproval(string itemId, bool isApproved, string? reason = null)
    {
        ArgumentNullException.ThrowIfNull(itemId);
        return new() { Kind = SessionIntentKind.AnswerApproval, Id = itemId, IsApproved = isApproved, Content = reason is null ? null : Measured.Text(reason, nameof(reason)) };
    }

    /// <summary>
    /// Says how far a turn's audio was played: raw bytes since the first of its stream, which is every delta that <see cref="SessionMachine.Receive"/> gave to this turn and did not drop,
    /// in their order. A total and not a step; 0 says that the application reports, and that nothing was played yet. Accepted and without effect when nothing of the turn is to be heard.
    /// </summary>
    public static SessionIntent Played(int turn, long streamBytes) => new() { Kind = SessionIntentKind.TurnPlayed, Turn = turn, Bytes = streamBytes };

    /// <summary>
    /// Says how far a turn's audio was taken by whoever plays it, as an upper bound of what was heard where nobody reports it (TR-04). In bytes of its stream, as in <see cref="Played(int, long)"/>.
    /// To be said before an intent or a fact that may silence a turn.
    /// </summary>
    public static SessionIntent Taken(int turn, long streamBytes) => new() { Kind = SessionIntentKind.TurnTaken, Turn = turn, Bytes = streamBytes };

    /// <summary>
    /// Says how much of an item's audio was played: <paramref name="bytes"/> raw bytes since the part's first, a total and not a step. For applications that play item by item; it is a report of
    /// the item's turn up to that byte, so what came before it in the turn's audio was played, too.
    /// </summary>
    public static SessionIntent Played(string itemId, int contentIndex, long bytes)
    {
        ArgumentNullException.ThrowIfNull(itemId);
        return new() { Kind = SessionIntentKind.ItemPlayed, Id = itemId, ContentIndex = contentIndex, Bytes = bytes };
    }

    /// <summary>
    /// Silences the model: what runs is cancelled, what is known to be unheard is truncated or deleted, what waited is withdrawn. Nothing asked before it is heard after it.
    /// Harmless when there is nothing to silence.
    /// </summary>
    public static SessionIntent Interrupt() => new() { Kind = SessionIntentKind.Interrupt };

    /// <summary>Gives up one turn: withdrawn when it waits, cancelled when it runs. Harmless when it has ended.</summary>
    public static SessionIntent CancelTurn(int turn) => new() { Kind = SessionIntentKind.CancelTurn, Turn = turn };

    /// <summary>The user's audio since the last commit becomes an item, without a request for a response. Its operation is completed when the server has said so. Refused with TD-03 for less than 100 ms, and where the server takes the turns.</summary>
    public static SessionIntent CommitInput() => new() { Kind = SessionIntentKind.CommitInput };

    /// <summary>Empties the server's input buffer.</summary>
    public static SessionIntent ClearInput() => new() { Kind = SessionIntentKind.ClearInput };

    /// <summary>
    /// Adds an item to the conversation and asks for nothing. The result's handle ends with the server's word; its <see cref="SubmitResult.ItemId"/> is the item's id. An item that is there under its id is
    /// not sent again, and counts as added (IT-05).
    /// </summary>
    /// <param name="item">A message, a function call or the output of one. Its sound is not copied: it stays unchanged until <see cref="SessionCommand.CreateItem"/> is written.</param>
    /// <param name="position">Where it goes. Refused with IT-03 behind an item that the conversation does not hold.</param>
    /// <exception cref="ArgumentException">It has no content or cannot be written, its id is longer than 32 characters, or it is of a kind that only the server makes.</exception>
    public static SessionIntent AddItem(ConversationItem item, ItemPosition position = default)
    {
        return new() { Kind = SessionIntentKind.AddItem, WireItem = Measured.Item(item, nameof(item)), Item = item, Position = position };
    }

    /// <summary>Takes a turn with a message of any content: adds it and asks for one response.</summary>
    /// <param name="message">As in <see cref="AddItem"/>.</param>
    /// <param name="response">As in <see cref="EndTurn"/>.</param>
    /// <param name="whenBusy">As in <see cref="EndTurn"/>.</param>
    /// <exception cref="ArgumentException">The message, or a member of the parameters, cannot be written.</exception>
    public static SessionIntent MessageTurn(ConversationItem.Message message, ResponseParameters? response = null, WhenBusy? whenBusy = null) => new()
    {
        Kind = SessionIntentKind.TextTurn,
        SaysSomething = true,
        WireItem = Measured.Item(message, nameof(message)),
        Item = message,
        Response = Measured.Copy(response, nameof(response)),
        WhenBusy = whenBusy,
    };

    /// <summary>
    /// Asks the server for its copy of an item, with its sound. Whoever asks while it is on its way gets the same handle (IT-09). The copy is told as <see cref="SessionChange.ItemRetrieved"/>
    /// just before the handle is completed. An item that is not known here is asked for as well.
    /// </summary>
    public static SessionIntent RetrieveItem(string itemId)
    {
        ArgumentException.ThrowIfNullOrEmpty(itemId);
        return new() { Kind = SessionIntentKind.RetrieveItem, Id = Measured.Text(itemId, nameof(itemId)) };
    }

    /// <summary>
    /// Cuts an item of the model to what was heard of it. Refused while its response runs (TR-08), a second time (TR-09), to nothing (TR-07: delete it), beyond what came (TR-02), and for what is
    /// no message of the model's with sound (TR-10).
    /// </summary>
    /// <param name="itemId">The item.</param>
    /// <param name="milliseconds">How much of it was heard.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static SessionIntent TruncateItem(string itemId, long milliseconds)
    {
        ArgumentException.ThrowIfNullOrEmpty(itemId);
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        return new() { Kind = SessionIntentKind.TruncateItem, Id = itemId, Bytes = milliseconds };
    }

    /// <summary>Deletes an item of the conversation. An item of a running response is deleted after that response is done (TR-08).</summary>
    public static SessionIntent DeleteItem(string itemId)
    {
        ArgumentNullException.ThrowIfNull(itemId);
        return new() { Kind = SessionIntentKind.DeleteItem, Id = itemId };
    }
}
