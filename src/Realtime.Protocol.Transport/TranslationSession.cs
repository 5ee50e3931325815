using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// A translation while somebody speaks: speech goes in, the same in another language comes out, as sound and as text, a little later and without turns. Keep writing during pauses, as
/// silence: the service takes the sound as one stream. Every member may be called from any thread.
/// </summary>
/// <remarks>
/// The translation lags behind, so a session that is merely closed loses its end: <see cref="DrainAsync"/> first. Sound that nobody reads is kept, up to ten minutes of it; complete
/// <see cref="Audio"/> if you want the text alone.
/// </remarks>
public sealed class TranslationSession : IAsyncDisposable
{
    // In the words of a server, since it is the server's fault and the caller's exception.
    private static readonly ServerError Unanswered = new("no_answer", null, "The server did not answer in time (SE-02).", null, null);

    private readonly Connection _connection;
    private readonly TranslationGate _gate;
    private readonly TranslationInput _input;
    private readonly TranslationStream _audio;
    private readonly TranslationFeed _texts;
    private readonly EventTap _tap;
    private readonly DeferredLogger _logger;
    private readonly TimeProvider _time;
    private readonly Lock _drainLock = new();
    private Task? _drained;

    private TranslationSession(TranslationSessionOptions options, IRealtimeTransport transport, DeferredLogger logger, SessionTelemetry telemetry)
    {
        (_logger, _time) = (logger, options.TimeProvider);
        (_audio, _texts) = (new(_logger), new());
        var settings = new MachineSettings { IdPrefix = RandomNumberGenerator.GetHexString(8, lowercase: true) };
        _gate = new(settings, _time, new ChangeReporter(_logger, updates: null, telemetry), _audio, _texts) { Telemetry = telemetry };
        telemetry.Backlog = () => _gate.SendQueue.WaitingAudioBytes;
        Pipe pipe = InputPipe.Create();
        _input = new(pipe.Writer, _gate);
        _tap = new(_time);
        HandlerWatch<Events.Translation.ServerEvent>? handler = options.OnServerEvent is { } onServerEvent
            ? new(onServerEvent.Invoke, nameof(options.OnServerEvent), options.KeepAliveTimeout, _time, _logger)
            : null;
        HandlerWatch<Events.Translation.ClientEvent>? sendHandler = options.OnClientEvent is { } onClientEvent
            ? new(onClientEvent.Invoke, nameof(options.OnClientEvent), options.KeepAliveTimeout, _time, _logger)
            : null;
        var receive = new TranslationReceiveLoop(_gate, transport, _tap, handler, options.Limits.MaxMessageBytes, _logger);
        var send = new SendLoop(_gate.SendQueue, transport, new InputSource(pipe.Reader), WriteAudio, _gate.Sent, new TranslationSendWitness(_tap, sendHandler));
        _connection = new(_gate, receive, send, transport, handler, sendHandler, _time, _logger);
        _gate.SayGoodbye = () => _ = _connection.CloseAsync(CancellationToken.None);
        _connection.Start();
    }

    /// <summary>The service's id of this session; empty where it gives none.</summary>
    public string Id => _gate.Id;

    /// <summary>
    /// What is said, as PCM16 at 24 kHz, mono. One writer. Its <see cref="AudioInput.Clear"/> throws <see cref="NotSupportedException"/>: a translation keeps nothing that could be thrown away.
    /// After <see cref="DrainAsync"/> every flush says that it is completed, and what was written goes nowhere.
    /// </summary>
    [RawAudio]
    public AudioInput Input => _input;

    /// <summary>
    /// The translation as sound: PCM16 at 24 kHz, mono, unless the log says that the service states another rate. One reader. It ends with the session. At most ten minutes wait unread; then what comes is left
    /// out until half of that was read, which is logged.
    /// </summary>
    public PipeReader Audio => _audio.Reader;

    /// <summary>Why the session ended; null while it goes on.</summary>
    public RealtimeCloseReason? CloseReason => _connection.CloseReason;

    /// <summary>Completes, never in failure, when the session has ended. After <see cref="DrainAsync"/> it ended <see cref="RealtimeCloseKind.ByUs"/>; a service that ends the translation by itself, <see cref="RealtimeCloseKind.ByPeer"/>.</summary>
    public Task<RealtimeCloseReason> Ended => _connection.Ended;

    /// <summary>How many messages of the server could not be read. Each was logged and passed over.</summary>
    public long MalformedEvents => _connection.MalformedEvents;

    /// <summary>How many events of the server were read although something in them was odd.</summary>
    public long OddEvents => _connection.OddEvents;

    /// <summary>Opens a WebSocket to the endpoint of the options, <c>wss://api.openai.com/v1/realtime/translations</c> unless it states another, or their <see cref="RealtimeConnectionOptions.Transport"/>, and a translation on it. Returns when the server has acknowledged the language.</summary>
    /// <param name="options">Read now; later changes have no effect.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="RealtimeConnectException">The session could not be established; its <see cref="RealtimeConnectException.Failure"/> says why: <see cref="RealtimeConnectFailure.ConfigurationRejected"/> for a language that the service does not know.</exception>
    /// <exception cref="ArgumentException">The options are wrong; the message says which and why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<TranslationSession> ConnectAsync(TranslationSessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Clone();
        TranslationIntent configuration = Configuration(options);
        DeferredLogger logger = DeferredLogger.Of<TranslationSession>(options);
        var telemetry = new SessionTelemetry(options, SignalWords.Translation, logger.Names);
        ConnectSignals signals = telemetry.Connecting();
        TranslationSession? session = null;
        try
        {
            IRealtimeTransport transport = await signals.OpenAsync(options, cancellationToken).ConfigureAwait(false);
            session = new TranslationSession(options, transport, logger, telemetry);
            await Opening.OpenAsync(session._gate, session._connection, () => session._gate.Submit(in configuration).End, options, cancellationToken).ConfigureAwait(false);
            signals.Succeed();
            telemetry.Opened();
            LogMessages.Ready(logger);
            return session;
        }
        catch (Exception failure)
        {
            signals.Fail(failure);
            await (session?.DisposeAsync() ?? default).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// The texts of both sides, in the order in which they came. One reader. What came before the first read is read as well, up to 16,384 pieces, about an hour; then the oldest go. It ends with the session.
    /// </summary>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    public IAsyncEnumerable<TranslationText> ReadTextAsync(CancellationToken cancellationToken = default) => _texts.ReadAllAsync(cancellationToken);

    /// <summary>
    /// The events that go over the connection, in both directions and in their true order: each a copy to keep. Any number of readers, each from its first step on; while there is none, nothing is copied. For a
    /// reader who is too slow 4,096 events or 16 MiB wait; what does not fit is left out, audio first, and counted in <see cref="Events.Translation.WireEvent.MissedBefore"/>. It ends with the session.
    /// </summary>
    /// <param name="selection">Which directions, and whether with audio.</param>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    /// <exception cref="ArgumentOutOfRangeException">The selection has no direction, or a flag that does not exist.</exception>
    public IAsyncEnumerable<Events.Translation.WireEvent> ReadEventsAsync(EventSelection selection = EventSelection.All, CancellationToken cancellationToken = default) =>
        _tap.ReadAllAsync(selection, cancellationToken).Select(static e => new Events.Translation.WireEvent(e));

    /// <summary>Translates into another language from now on. It takes its place in the order of all that is sent, and completes when the server has acknowledged it.</summary>
    /// <param name="language">As in <see cref="TranslationSessionOptions.Language"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the change was sent all the same.</param>
    /// <exception cref="ArgumentException">The language is null, empty, or no text. Nothing was sent.</exception>
    /// <exception cref="RealtimeRefusedException">The session is being drained (SE-10), or more than 8 MiB wait to be sent (BP-04). Nothing was sent.</exception>
    /// <exception cref="RealtimeRejectedException">The server does not know the language, and goes on with the one before. Or it did not answer within 10 s (code <c>no_answer</c>): then it may still take it.</exception>
    /// <exception cref="RealtimeClosedException">The session has ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task ChangeLanguageAsync(string language, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(language);
        Writable.Text(language, nameof(language));
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        (SubmitResult result, Task<OperationResult> end) = _gate.Submit(TranslationIntent.Configure(new() { Audio = { Output = { Language = language } } }));
        return result.IsAccepted ? AcknowledgedAsync(end.WaitAsync(cancellationToken)).MayBeLeftAlone() : throw Refusal(in result);
    }

    /// <summary>
    /// Ends the session in good order (SE-10): what was flushed to <see cref="Input"/> is sent, then <c>session.close</c>; the server sends the rest of the translation and says that it is over; then the
    /// connection is closed. Completes when the session has ended, with everything in <see cref="Audio"/> and <see cref="ReadTextAsync"/>. It takes as long as the service takes to translate the rest; a server that
    /// says nothing at all for 30 s is given up. Several calls wait for the same end.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; the session ends all the same.</param>
    /// <exception cref="RealtimeClosedException">The session had ended before, or the connection ended before the server had said that it was over: the end of the translation may be missing.</exception>
    /// <exception cref="RealtimeRejectedException">The server refused to end the session; close it.</exception>
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

    /// <summary>
    /// Says goodbye and waits until the server has answered, or for two seconds. What was not translated yet is lost, and what waits to be sent is dropped; <see cref="DrainAsync"/> keeps both. Does nothing when the session has ended.
    /// </summary>
    /// <param name="cancellationToken">Breaks the connection off instead of waiting.</param>
    public Task CloseAsync(CancellationToken cancellationToken = default) => _connection.CloseAsync(cancellationToken);

    /// <summary>Closes the session, if it has not ended, gives everything back, and waits up to two seconds for log lines to be written. What came can still be read. It waits for no handler. Never fails.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>What the options ask for, by the names that the application knows; the writer would say those of the protocol.</summary>
    private static TranslationIntent Configuration(TranslationSessionOptions options)
    {
        Writable.Text(options.Language, $"{nameof(options)}.{nameof(options.Language)}");
        Writable.Text(options.TranscriptionModel, $"{nameof(options)}.{nameof(options.TranscriptionModel)}");
        var changes = new Events.Translation.SessionChanges { Audio = { Output = { Language = options.Language } } };
        if (options.TranscriptionModel is { } model)
        {
            changes.Audio.Input.Transcription = new Events.Translation.Transcription { Model = model };
        }

        if (options.NoiseReduction is { } noise)
        {
            changes.Audio.Input.NoiseReduction = noise.Type.Length == 0 ? Field<Events.Translation.NoiseReduction>.Null : new Events.Translation.NoiseReduction { Type = noise.Type };
        }

        return TranslationIntent.Configure(changes);
    }

    private static void WriteAudio(IBufferWriter<byte> output, ReadOnlySequence<byte> audio) =>
        Events.Translation.EventWriter.Write(output, new Events.Translation.SessionInputAudioBufferAppend { Audio = audio });

    private async Task DrainOnceAsync()
    {
        (SubmitResult result, Task<OperationResult> end) = _gate.Submit(TranslationIntent.Close());
        if (!result.IsAccepted)
        {
            throw Refusal(in result);
        }

        await AcknowledgedAsync(end).ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
    }

    private async Task AcknowledgedAsync(Task<OperationResult> end)
    {
        OperationResult result = await end.ConfigureAwait(false);
        if (!result.IsCompleted)
        {
            throw result.Error is { } error ? new RealtimeRejectedException(error)
                : CloseReason is { } reason ? new RealtimeClosedException(reason)
                : new RealtimeRejectedException(Unanswered);
        }
    }

    private RealtimeException Refusal(in SubmitResult result) => CloseReason is { } reason
        ? new RealtimeClosedException(reason)
        : new RealtimeRefusedException(result.Rule ?? "", result.Message ?? "The request was refused.");
}
