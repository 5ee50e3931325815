using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// A voice session: raw audio or text in, turns out. It keeps the protocol's rules, so that what is asked of it is sent when the server
/// can take it, exactly once, or is refused with the rule that forbids it. Every member may be called from any thread.
/// </summary>
/// <remarks>
/// Two loops and a timer run inside. None of them runs code of the application, except <see cref="VoiceSessionOptions.OnServerEvent"/> and
/// <see cref="VoiceSessionOptions.OnClientEvent"/>, which say so: callbacks on tokens, tools and the logger run on the pool, and updates and events wait until they are read.
/// </remarks>
public sealed class VoiceSession : IAsyncDisposable
{
    // In the words of a server, since it is the server's fault and the caller's exception.
    private static readonly ServerError Unanswered = new("no_answer", null, "The server did not answer in time (SE-02).", null, null);

    private readonly SessionLife _life;
    private readonly InputWriter _input;
    private readonly SessionUpdates _updates;
    private readonly EventTap _tap;

    internal VoiceSession(SessionLife life, InputWriter input, SessionUpdates updates, EventTap tap)
    {
        (_life, _input, _updates, _tap) = (life, input, updates, tap);
        Conversation = new(life);
    }

    /// <summary>The service's id of this session; empty where it gives none.</summary>
    public string Id => Stated.Id;

    /// <summary>When the service ends the session; null where it does not say.</summary>
    public DateTimeOffset? ExpiresAt => Stated.ExpiresAt;

    /// <summary>What is in force: as the server stated it last, with the application's tools. A value: an update makes a new one.</summary>
    public SessionConfiguration Configuration => Stated.Configuration;

    /// <summary>Whether the session goes on, and how.</summary>
    public VoiceSessionState State => _life.State;

    /// <summary>The tokens that the session has used so far: each response once, the user's transcripts apart, and what was not reported counted instead of taken for zero. A value; it stays readable after the end.</summary>
    public SessionUsage Usage => _life.Host.Usage.Usage;

    /// <summary>The conversation: what was said, written and called, in order; and adding to it, deleting, retrieving, truncating.</summary>
    public VoiceConversation Conversation { get; }

    /// <summary>The user's voice. One writer.</summary>
    [RawAudio]
    public AudioInput Input => _input;

    /// <summary>Why the session ended; null while it goes on.</summary>
    public RealtimeCloseReason? CloseReason => _life.CloseReason;

    /// <summary>Completes, never in failure, when the session has ended and every turn with it.</summary>
    public Task<RealtimeCloseReason> Ended => _life.Ended;

    /// <summary>How many messages of the server could not be read. Each was reported and passed over.</summary>
    public long MalformedEvents => _life.MalformedEvents;

    /// <summary>How many events of the server were read although something in them was odd: a known member that was missing or had another form than the protocol gives it.</summary>
    public long OddEvents => _life.OddEvents;

    /// <summary>
    /// The turns that the server begins: when it detects that the user has spoken, or was silent for long. Up to 16 unread turns are buffered;
    /// then the oldest is dropped with its audio. One reader. It ends with the session.
    /// </summary>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    public IAsyncEnumerable<Turn> ReadServerTurnsAsync(CancellationToken cancellationToken = default) => _life.Host.Turns.ServerTurns.ReadAllAsync(cancellationToken);

    /// <summary>
    /// What the user says, as the server hears it: each utterance from its beginning on, or from its commit where the server does not detect speech. Up to 16 unread utterances wait; then the oldest is left out
    /// here, with its transcript, though <see cref="Turn.Utterance"/> and the updates still have it. One reader. It ends with the session.
    /// </summary>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    public IAsyncEnumerable<Utterance> ReadUtterancesAsync(CancellationToken cancellationToken = default) => _life.Host.Utterances.Heard.ReadAllAsync(cancellationToken);

    /// <summary>
    /// What happens in the session beside its turns: turns that begin, speech, items, and every problem that it survives. Any number of
    /// readers, each with all updates from its first read on; the first also gets what happened since connecting. A reader for whom more than
    /// 256 wait loses the oldest and is told so (<see cref="VoiceSessionUpdate.Missed"/>). It ends with the session.
    /// </summary>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    public IAsyncEnumerable<VoiceSessionUpdate> ReadUpdatesAsync(CancellationToken cancellationToken = default) => _updates.ReadAllAsync(cancellationToken);

    /// <summary>
    /// The events that go over the connection, in both directions and in their true order: each a copy to keep, with credentials masked. Any number of readers, each from its first step
    /// on; while there is none, nothing is copied. For a reader who is too slow 4,096 events or 16 MiB wait; what does not fit is left out, audio first, and counted in
    /// <see cref="WireEvent.MissedBefore"/>. Messages that could not be read are not among them (<see cref="SessionProblem.MalformedEvent"/>). It ends with the session. Without copies:
    /// <see cref="VoiceSessionOptions.OnServerEvent"/> and <see cref="VoiceSessionOptions.OnClientEvent"/>.
    /// </summary>
    /// <param name="selection">Which directions, and whether with audio.</param>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    /// <exception cref="ArgumentOutOfRangeException">The selection has no direction, or a flag that does not exist.</exception>
    public IAsyncEnumerable<WireEvent> ReadEventsAsync(EventSelection selection = EventSelection.All, CancellationToken cancellationToken = default) =>
        _tap.ReadAllAsync(selection, cancellationToken);

    /// <summary>Opens a WebSocket to the endpoint of the options, or their <see cref="RealtimeConnectionOptions.Transport"/>, and a session on it. Returns when the server has acknowledged the configuration and taken the history.</summary>
    /// <param name="options">Read now; later changes have no effect.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="RealtimeConnectException">The session could not be established, or its connection ended before you had it, also with <see cref="VoiceSessionOptions.Reconnect"/>, which begins with the session; its <see cref="RealtimeConnectException.Failure"/> says why.</exception>
    /// <exception cref="ArgumentException">The options are wrong; the message says which and why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<VoiceSession> ConnectAsync(VoiceSessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return await SessionOpening.ConnectAsync(options.Clone(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends the user's spoken turn: commits what was flushed to <see cref="Input"/> and asks for one response. What becomes of it is told by the turn.
    /// </summary>
    /// <param name="request">What this response should do differently; null for nothing.</param>
    /// <exception cref="ArgumentException">A member of the request cannot be written: the exception names it.</exception>
    /// <exception cref="RealtimeRefusedException">Less than 100 ms of audio was flushed (TD-03), the server ends the turns (<see cref="SessionConfiguration.TurnTaking"/> is not <see cref="TurnTaking.Manual"/>), or another rule of the protocol forbids it.</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    public Turn EndTurn(ResponseRequest? request = null) => Begin(ResponseRequest.Ask(request, nameof(request), SessionIntent.EndTurn), request, endsInput: true);

    /// <summary>Takes the user's turn in writing: adds the text and asks for one response.</summary>
    /// <param name="text">What the user says.</param>
    /// <param name="request">What this response should do differently; null for nothing.</param>
    /// <exception cref="ArgumentException">The text is empty, or it or a member of the request cannot be written (half a character, for instance): the exception names it.</exception>
    /// <exception cref="RealtimeRefusedException">A rule of the protocol forbids it; <see cref="RealtimeRefusedException.Rule"/> says which.</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    public Turn SendMessage(string text, ResponseRequest? request = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        Writable.Text(text, nameof(text));
        return Begin(ResponseRequest.Ask(request, nameof(request), (stated, busy) => SessionIntent.TextTurn(text, stated, busy)), request);
    }

    /// <summary>Takes the user's turn with a message of any content, pictures and recorded speech among them: adds it at the end and asks for one response.</summary>
    /// <param name="message">As for <see cref="VoiceConversation.AddAsync"/>.</param>
    /// <param name="request">What this response should do differently; null for nothing.</param>
    /// <exception cref="ArgumentException">The message has no content, or it or a member of the request cannot be written: the exception names it.</exception>
    /// <exception cref="RealtimeRefusedException">A rule of the protocol forbids it; <see cref="RealtimeRefusedException.Rule"/> says which.</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    public Turn SendMessage(ConversationItem.Message message, ResponseRequest? request = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Begin(ResponseRequest.Ask(request, nameof(request), (stated, busy) => SessionIntent.MessageTurn(message, stated, busy)), request);
    }

    /// <summary>
    /// Asks for a response without saying anything: a greeting, a reminder; or, with <see cref="ResponseRequest.OutOfBand"/>, one beside the conversation, which is sent at once and meets nobody.
    /// </summary>
    /// <param name="request">What this response should do differently; null for nothing.</param>
    /// <exception cref="ArgumentException">A member of the request cannot be written: the exception names it.</exception>
    /// <exception cref="RealtimeRefusedException">A rule of the protocol forbids it: of one beside the conversation, that 64 are open, or that nothing would tell it from another response (RC-22); or a reference to an item that the conversation does not hold (RC-23).</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    public Turn Respond(ResponseRequest? request = null) =>
        Begin(ResponseRequest.Ask(request, nameof(request), static (stated, busy) => SessionIntent.CreateResponse(stated, busy ?? WhenBusy.Queue)), request);

    /// <summary>
    /// Changes the session: what is not null is sent, takes its place in the order of all that is asked, and holds from the server's acknowledgement on. Updates are answered in
    /// order. One that states a <see cref="SessionConfiguration.Speed"/> waits for the end of the running response, and the updates and responses of the conversation that are asked for after it wait behind it (SE-06). Calls of responses that began before run the tools of before.
    /// </summary>
    /// <param name="changes">What is to change; null members stay as they are.</param>
    /// <param name="cancellationToken">Gives up waiting; the update is sent all the same.</param>
    /// <returns>What is in force when the server has acknowledged. Awaited or not: then nothing is lost but the news.</returns>
    /// <exception cref="ArgumentException">A member cannot be written: the exception names it. Nothing was sent.</exception>
    /// <exception cref="RealtimeRefusedException">Another voice after the model has spoken (SE-05), or another rule of the protocol forbids it. Nothing was sent.</exception>
    /// <exception cref="RealtimeRejectedException">The server refused it, and nothing changed; its <see cref="RealtimeRejectedException.Error"/> names the parameter. Or it did not answer within 10 s (code <c>no_answer</c>): then it may still take it, which is told as <see cref="VoiceSessionUpdate.ConfigurationChanged"/>. Or another speed waited 40 s for the end of a response (code <c>not_sent</c>): then it was not sent.</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <remarks>An MCP server whose <see cref="VoiceTool.McpServer.Authorization"/> is a callback that has to be waited for delays the update: it is sent when the token has come. What the callback throws, this task does; its token is cancelled when the session ends.</remarks>
    public Task<SessionConfiguration> UpdateAsync(SessionConfiguration changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<SessionConfiguration>(cancellationToken);
        }

        return McpTokens.AreAskedFor(changes.Tools) ? UpdateWithTokensAsync(changes, cancellationToken).MayBeLeftAlone() : Update(changes, McpTokens.None, cancellationToken);
    }

    /// <summary>
    /// Gives the output of a call of a function that was <see cref="VoiceTool.Declare">declared</see> only. When every call of the round has its output, the model is asked to go on.
    /// Given while the session connects anew, it is told to the next connection behind its call; the turn has ended, so the model is not asked by it.
    /// </summary>
    /// <param name="callId">As <see cref="TurnUpdate.ToolStarted"/> told it.</param>
    /// <param name="output">What the model is told. After the function's <see cref="VoiceTool.Function.Timeout"/> the model was told that none came; then it is dropped, which is told as a problem (FC-08).</param>
    /// <exception cref="ArgumentException">The id is empty, or the output holds half a character.</exception>
    /// <exception cref="RealtimeRefusedException">The session never made this call, or it has its output (FC-03); or more than 8 MiB wait to be sent (BP-04).</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    public void SubmitToolOutput(string callId, ToolCallOutput output)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        Writable.Text(output.Text, nameof(output));
        using Lock.Scope scope = _life.Enter(out VoiceConnection current);
        if (_life.IsBetween)
        {
            _life.KeepOutput(callId, output.Text ?? "");
            return;
        }

        ThrowIfRefused(current, current.Gate.SubmitToolOutput(callId, output));
    }

    /// <summary>
    /// Sends an event that the application wrote by itself: what the session has no verb for, or none that says it all. It takes its place in the order of all that is asked, at the
    /// call. What the session sends alone does not compile: a response is asked for with <see cref="Respond"/>, and audio goes through <see cref="Input"/>. What is sent is known to the session:
    /// an update that is sent here keeps its place among those of <see cref="UpdateAsync"/>, an item that is deleted here is not deleted again, an output given here answers its call.
    /// </summary>
    /// <typeparam name="T">A client event; written at the call, without allocation.</typeparam>
    /// <param name="clientEvent">An <c>event_id</c> is added if it has none. An error of the server's about it is told as <see cref="SessionProblem.Reported"/> with that id.</param>
    /// <param name="cancellationToken">Cancelled before the call: nothing is sent. Later: gives up waiting, and the event is sent all the same.</param>
    /// <returns>Completes when the socket has taken the event. Awaited once or not at all: then nothing is lost but the news.</returns>
    /// <exception cref="ArgumentException">A member cannot be written, or the event's id has more than 512 bytes. Nothing was sent.</exception>
    /// <exception cref="RealtimeRefusedException">The event's id was used before (IT-07); an update states another voice after the model has spoken (SE-05), or a speed while a response is in progress (SE-06); or more than 8 MiB wait to be sent (BP-04). Nothing was sent.</exception>
    /// <exception cref="RealtimeClosedException">The session has ended, or its connection ended before the socket took the event; <see cref="RealtimeClosedException.IsReconnecting"/> says which.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask SendAsync<T>(in T clientEvent, CancellationToken cancellationToken = default)
        where T : struct, ISendableEvent, allows ref struct => _life.Current.Sending.Send(in clientEvent, cancellationToken);

    /// <summary>
    /// Sends an event as JSON: for what has no type here yet. It is read as far as it is known, and what it says is known to the session as with <see cref="SendAsync"/>.
    /// </summary>
    /// <param name="clientEvent">One object with a <c>type</c>. An <c>event_id</c> is added if it has none.</param>
    /// <param name="cancellationToken">As for <see cref="SendAsync"/>.</param>
    /// <returns>Completes when the socket has taken the event; as for <see cref="SendAsync"/>.</returns>
    /// <exception cref="ArgumentException">It is no object, has no type, or an id that is no text or has more than 512 bytes. Nothing was sent.</exception>
    /// <exception cref="RealtimeRefusedException">Only the session sends such an event, or the type is stated twice (RC-01); or as for <see cref="SendAsync"/>. Nothing was sent.</exception>
    /// <exception cref="RealtimeClosedException">The session has ended, or its connection ended before the socket took the event; <see cref="RealtimeClosedException.IsReconnecting"/> says which.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask SendRawAsync(RawJson clientEvent, CancellationToken cancellationToken = default) => _life.Current.Sending.SendRaw(clientEvent, cancellationToken);

    /// <summary>
    /// Silences the model: the running response is cancelled, what waited is withdrawn, and the conversation is cut to what was heard, as
    /// far as <see cref="Turn.Heard"/> knows it. Answers that have ended and still play are silenced as well. Harmless when there is nothing to silence.
    /// </summary>
    public void Interrupt() => _life.Interrupt();

    /// <summary>For a session of another kind that stands on this one.</summary>
    internal MachineGate Gate => _life.Current.Gate;

    /// <summary>
    /// What another session can go on from (<see cref="VoiceSessionOptions.ResumeFrom"/>), in this process or in another: the configuration, what was said as far as it was heard, calls with their outputs, what was asked and not
    /// answered, the usage. No sound and no credential. It may be asked for at any time, also when the session has ended.
    /// </summary>
    public SessionCheckpoint Checkpoint() => _life.Checkpoint();

    /// <summary>
    /// Ends the session so that its conversation can go on elsewhere: from the call on every new turn is refused (SE-11) and the server is asked not to answer by itself; what runs ends and is heard to its end, reported or read; then the
    /// connection is closed, as <see cref="RealtimeCloseKind.Drained"/>. Several calls wait for the same end, and the token of each counts. While the session connects anew it ends at once. From inside a handler, or
    /// a function of a <see cref="VoiceTool"/>, it may be called, and not be waited for: it waits for the answer, which waits for the function. A function that waits all the same ends as every one that takes too long, when its
    /// <see cref="VoiceTool.Function.Timeout"/> or the patience of the drain is over.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when patience is over: what runs still is interrupted, and the session ends. The call does not fail by it.</param>
    /// <returns>What another session goes on from.</returns>
    /// <exception cref="RealtimeClosedException">The session had ended before, or is being closed.</exception>
    public Task<SessionCheckpoint> DrainAsync(CancellationToken cancellationToken = default) => _life.DrainAsync(cancellationToken);

    /// <summary>
    /// Says goodbye and waits until the server has answered, or for two seconds. Turns that still run end as
    /// <see cref="TurnOutcome.Disconnected"/>; what waits to be sent, audio or not, is dropped. Does nothing when the session has ended. It waits for no handler:
    /// called from inside <see cref="VoiceSessionOptions.OnServerEvent"/> or <see cref="VoiceSessionOptions.OnClientEvent"/> it returns at once, and while such a call runs it breaks the
    /// connection off after the goodbye. A <see cref="VoiceSessionOptions.Journal"/> is told beside it, and waited for as long; while the session drains, its entry is left to whoever goes on.
    /// </summary>
    /// <param name="cancellationToken">Breaks the connection off instead of waiting.</param>
    public Task CloseAsync(CancellationToken cancellationToken = default) => _life.CloseAsync(cancellationToken);

    /// <summary>
    /// Closes the session, if it has not ended, gives everything back, and waits up to two seconds for log lines to be written. Never fails.
    /// It waits for no handler; see <see cref="CloseAsync"/>.
    /// </summary>
    public ValueTask DisposeAsync() => _life.DisposeAsync();

    private StatedSession Stated => _life.Current.Gate.Statement.Published;

    private Task<SessionConfiguration> Update(SessionConfiguration changes, McpTokens tokens, CancellationToken cancellationToken)
    {
        using Lock.Scope scope = _life.Enter(out VoiceConnection current);
        SessionIntent intent = ConfigurationWriting.ForChanging(changes, current.Gate.Purpose, nameof(changes), tokens);
        (SubmitResult result, Task<OperationResult> end) = current.Gate.SubmitOperation(in intent, changes.Tools);
        ThrowIfRefused(current, in result);
        return InForceAsync(current, end.WaitAsync(cancellationToken)).MayBeLeftAlone();
    }

    // Tokens that are there already are not waited for, so such an update takes its place at the call.
    private async Task<SessionConfiguration> UpdateWithTokensAsync(SessionConfiguration changes, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<McpTokens> fetching = McpTokens.FetchAsync(changes.Tools, either.Token).AsTask();
        if (!fetching.IsCompleted && await Task.WhenAny(fetching, Ended).ConfigureAwait(false) != fetching)
        {
            _ = fetching.MayBeLeftAlone(); // the caller is told another failure
            await either.CancelAsync().ConfigureAwait(false);
            throw new RealtimeClosedException(await Ended.ConfigureAwait(false));
        }

        return await Update(changes, await fetching.ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private Turn Begin(in SessionIntent intent, ResponseRequest? request, bool endsInput = false) => _life.Ask(in intent, request, endsInput);

    private void ThrowIfRefused(VoiceConnection connection, in SubmitResult result)
    {
        if (!result.IsAccepted)
        {
            throw _life.Refusal(connection, in result);
        }
    }

    private async Task<SessionConfiguration> InForceAsync(VoiceConnection connection, Task<OperationResult> end)
    {
        OperationResult result = await end.ConfigureAwait(false);
        return result.IsCompleted ? result.InForce! : throw _life.Failure(connection, in result, Unanswered);
    }
}
