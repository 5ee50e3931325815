using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// Speech is written down, and nothing answers. So there are no turns here to ask for, and none to be refused (RC-24); everything else is as in a <see cref="VoiceSession"/>, over the same
/// machine. Every member may be called from any thread.
/// </summary>
public sealed class TranscriptionSession : IAsyncDisposable
{
    private readonly VoiceSession _session;
    private readonly Lock _drainLock = new();
    private Task? _drained;

    private TranscriptionSession(VoiceSession session) => _session = session;

    /// <summary>The service's id of this session; empty where it gives none.</summary>
    public string Id => _session.Id;

    /// <summary>What is said, in <see cref="TranscriptionSessionOptions.InputEncoding"/>. One writer.</summary>
    [RawAudio]
    public AudioInput Input => _session.Input;

    /// <summary>What was counted so far: the tokens or the time of transcripts; responses there are none.</summary>
    public SessionUsage Usage => _session.Usage;

    /// <summary>Why the session ended; null while it goes on.</summary>
    public RealtimeCloseReason? CloseReason => _session.CloseReason;

    /// <summary>Completes, never in failure, when the session has ended.</summary>
    public Task<RealtimeCloseReason> Ended => _session.Ended;

    /// <summary>How many messages of the server could not be read. Each was logged and passed over.</summary>
    public long MalformedEvents => _session.MalformedEvents;

    /// <summary>How many events of the server were read although something in them was odd.</summary>
    public long OddEvents => _session.OddEvents;

    /// <summary>
    /// Opens a WebSocket to the endpoint of the options, <c>wss://api.openai.com/v1/realtime</c> unless it states another, or their <see cref="RealtimeConnectionOptions.Transport"/>, and a transcription on it: <c>intent=transcription</c> is added to an address that does not say it.
    /// Returns when the server has acknowledged the configuration.
    /// </summary>
    /// <param name="options">Read now; later changes have no effect.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="RealtimeConnectException">The session could not be established; its <see cref="RealtimeConnectException.Failure"/> says why: <see cref="RealtimeConnectFailure.OtherSession"/> where the server answers with a conversation.</exception>
    /// <exception cref="ArgumentException">The options are wrong, or no model is given; the message says which and why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<TranscriptionSession> ConnectAsync(TranscriptionSessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(await VoiceSession.ConnectAsync(options.ToVoice(), cancellationToken).ConfigureAwait(false));
    }

    /// <summary>What is said, as the server hears it, with its transcript; see <see cref="VoiceSession.ReadUtterancesAsync"/>. One reader.</summary>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    public IAsyncEnumerable<Utterance> ReadUtterancesAsync(CancellationToken cancellationToken = default) => _session.ReadUtterancesAsync(cancellationToken);

    /// <summary>The events that go over the connection, in both directions and in their true order; see <see cref="VoiceSession.ReadEventsAsync"/>.</summary>
    /// <param name="selection">Which directions, and whether with audio.</param>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    /// <exception cref="ArgumentOutOfRangeException">The selection has no direction, or a flag that does not exist.</exception>
    public IAsyncEnumerable<WireEvent> ReadEventsAsync(EventSelection selection = EventSelection.All, CancellationToken cancellationToken = default) => _session.ReadEventsAsync(selection, cancellationToken);

    /// <summary>Writes down differently from now on: another model, another language. It takes its place in the order of all that is sent, and holds from the server's acknowledgement on.</summary>
    /// <param name="changes">The whole of it: what it leaves out is not kept from before.</param>
    /// <param name="cancellationToken">Gives up waiting; the change was sent all the same.</param>
    /// <returns>What is in force when the server has acknowledged.</returns>
    /// <exception cref="ArgumentException">It is <see cref="InputTranscription.Off"/>, or a member cannot be written. Nothing was sent.</exception>
    /// <exception cref="RealtimeRefusedException">More than 8 MiB wait to be sent (BP-04). Nothing was sent.</exception>
    /// <exception cref="RealtimeRejectedException">The server refused it, and nothing changed. Or it did not answer within 10 s (code <c>no_answer</c>): then it may still take it.</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<InputTranscription> UpdateAsync(InputTranscription changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return changes.IsOff
            ? throw new ArgumentException("A transcription needs a model; to end it, drain or close the session.", nameof(changes))
            : InForceAsync(_session.UpdateAsync(new() { Transcription = changes }, cancellationToken)).MayBeLeftAlone();

        static async Task<InputTranscription> InForceAsync(Task<SessionConfiguration> update) => (await update.ConfigureAwait(false)).Transcription ?? InputTranscription.Off;
    }

    /// <summary>
    /// Ends the session in good order: what was flushed to <see cref="Input"/> is sent, and what of it was not committed yet is committed, if it is 100 ms or more; then every transcript that is due is waited for, and the connection is
    /// closed. Where the service decides where speech ends, it is asked to leave that to this side first; its acknowledgement says that it has heard everything. From the call on every flush says that it is completed, and what
    /// was written goes nowhere. A transcript that does not come holds nobody up for longer than <see cref="UtteranceOutcome.NotTranscribed"/> says. Several calls wait for the same end.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; the session ends all the same.</param>
    /// <exception cref="RealtimeClosedException">The session had ended before, or the connection ended before every transcript had come.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task DrainAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        Task drained;
        lock (_drainLock)
        {
            drained = _drained ??= DrainOnceAsync();
        }

        return drained.WaitAsync(cancellationToken);
    }

    /// <summary>Says goodbye and waits until the server has answered, or for two seconds. Transcripts that are due do not come any more. Does nothing when the session has ended.</summary>
    /// <param name="cancellationToken">Breaks the connection off instead of waiting.</param>
    public Task CloseAsync(CancellationToken cancellationToken = default) => _session.CloseAsync(cancellationToken);

    /// <summary>Closes the session, if it has not ended, gives everything back, and waits up to two seconds for log lines to be written. It waits for no handler. Never fails.</summary>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    // Until the first wait this is inside the application's call, so it takes its place in the order of calls.
    private async Task DrainOnceAsync()
    {
        _session.Gate.StopInput();
        if (CloseReason is { } over)
        {
            throw new RealtimeClosedException(over);
        }

        if (_session.Configuration.TurnTaking == TurnTaking.Manual || await TakeTurnsOverAsync().ConfigureAwait(false))
        {
            await CommitRestAsync().ConfigureAwait(false);
        }

        // Those that the server still begins, of what it hears late, are among the next ones.
        for (Utterance[] due = _session.Gate.OpenUtterances(); due.Length > 0; due = _session.Gate.OpenUtterances())
        {
            await Task.WhenAll(due.Select(static utterance => utterance.Completion)).ConfigureAwait(false);
        }

        if (CloseReason is { } lost)
        {
            throw new RealtimeClosedException(lost);
        }

        await CloseAsync().ConfigureAwait(false);
    }

    /// <summary>True when somebody was speaking, whom the service would have waited for.</summary>
    private async Task<bool> TakeTurnsOverAsync()
    {
        try
        {
            await _session.UpdateAsync(new() { TurnTaking = TurnTaking.Manual }).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is RealtimeRejectedException or RealtimeRefusedException)
        {
            return false; // it keeps the turns, and ends them by itself or not at all
        }

        return _session.Gate.OpenUtterances().Any(static utterance => utterance is { CommittedAt: null, DoneAt: null });
    }

    private async Task CommitRestAsync()
    {
        try
        {
            await Input.CommitAsync().ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is RealtimeRejectedException or RealtimeRefusedException)
        {
            // Too little is left to be an utterance.
        }
    }
}
