using System.IO.Pipelines;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>From options to a connection that is open, configured and filled, for the first time or again: everything that can be is checked before anything is connected, a call is claimed when the connection is open, and nothing is left behind when it fails.</summary>
internal static class SessionOpening
{
    /// <summary>A session that the application may have.</summary>
    /// <param name="options">A copy of the caller's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RealtimeConnectException">No session came about.</exception>
    public static async Task<VoiceSession> ConnectAsync(VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        JournalKeeper.Check(options);
        VoiceSessionOptions unclaimed = options.Clone();
        Restoring.PlanOf(unclaimed);
        RestoredHistory.Of(unclaimed);
        McpTokens tokens = await TokensAsync(options, cancellationToken).ConfigureAwait(false);
        ConfigurationWriting.ForConnecting(unclaimed, out _, tokens);
        Capabilities capabilities = TransportSource.CapabilitiesOf(options);
        bool isTranscription = options.Purpose is SessionPurpose.Transcription;
        DeferredLogger logger = isTranscription ? DeferredLogger.Of<TranscriptionSession>(options) : DeferredLogger.Of<VoiceSession>(options);
        var telemetry = new SessionTelemetry(options, isTranscription ? SignalWords.Transcription : SignalWords.Voice, logger.Names);
        ConnectSignals signals = telemetry.Connecting();
        IRealtimeTransport? transport = null;
        VoiceSession? session = null;
        JournalClaim? claim = null;
        try
        {
            transport = await signals.OpenAsync(options, cancellationToken).ConfigureAwait(false);

            // As late as can be: from here on whoever has had the call has it no more.
            claim = await JournalKeeper.ClaimAsync(options, cancellationToken).ConfigureAwait(false);
            ReplayPlan? plan = Restoring.PlanOf(options);
            RestoredHistory history = RestoredHistory.Of(options);
            SessionIntent configuration = ConfigurationWriting.ForConnecting(options, out Session asked, tokens);
            (session, SessionLife life) = Create(options, capabilities, logger, telemetry, out VoiceConnector connector);
            VoiceConnection connection = connector.Create(transport, options, asked, isFilling: plan is not null);
            life.Begin(connection);
            await OpenAsync(connection, configuration, options, cancellationToken).ConfigureAwait(false);
            await history.SendAsync(session.Conversation, cancellationToken).ConfigureAwait(false);
            ReplayResult? restored = plan is null ? null : await Restoring.FillAsync(connection, plan, options, logger, cancellationToken).ConfigureAwait(false);
            if (!life.TryOpen(restored, claim?.Fence))
            {
                // The line broke behind the last acknowledgement. Connecting is the caller's to try again: the policy begins with the session.
                throw await Opening.ClosedEarlyAsync(connection.Connection, cancellationToken).ConfigureAwait(false);
            }

            signals.Succeed();
            LogMessages.Ready(logger);
            return session;
        }
        catch (Exception failure)
        {
            signals.Fail(failure);
            await (session?.DisposeAsync() ?? transport?.DisposeAsync() ?? default).ConfigureAwait(false);
            if (claim is { } unused)
            {
                await JournalKeeper.GiveBackAsync(options, unused).ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Another connection of a session that exists.</summary>
    /// <param name="connector">Of the session.</param>
    /// <param name="telemetry">Of the session.</param>
    /// <param name="options">Its own, with the configuration in force.</param>
    /// <param name="plan">What it is told, asked for when it can be told: an output may come late, and still in time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<FilledConnection> FillAsync(VoiceConnector connector, SessionTelemetry telemetry, VoiceSessionOptions options, Func<ReplayPlan> plan, CancellationToken cancellationToken)
    {
        (SessionIntent configuration, Session asked) = await ConfigurationAsync(options, cancellationToken).ConfigureAwait(false);
        ConnectSignals signals = telemetry.Connecting(isAnother: true);
        VoiceConnection? connection = null;
        try
        {
            IRealtimeTransport transport = await signals.OpenAsync(options, cancellationToken).ConfigureAwait(false);
            connection = connector.Create(transport, options, asked, isFilling: true);
            await OpenAsync(connection, configuration, options, cancellationToken).ConfigureAwait(false);
            ReplayResult replay = await Restoring.FillAsync(connection, plan(), options, connector.Logger, cancellationToken).ConfigureAwait(false);
            signals.Succeed();
            return new(connection, replay);
        }
        catch (Exception failure)
        {
            signals.Fail(failure);
            if (connection is not null)
            {
                await connection.Connection.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private static (VoiceSession Session, SessionLife Life) Create(VoiceSessionOptions options, Capabilities capabilities, DeferredLogger logger, SessionTelemetry telemetry, out VoiceConnector connector)
    {
        var updates = new SessionUpdates();
        var tap = new EventTap(options.TimeProvider);
        Pipe pipe = InputPipe.Create();
        UserSpeech? speech = options.Reconnect.MaxAttempts > 0 ? new(pipe.Reader, options.InputEncoding) : null;
        var host = new SessionHost(options.Session, updates, tap, logger, telemetry)
        {
            Numbers = new(options.ResumeFrom?.LastTurn ?? 0),
            Usage = new(options.ResumeFrom?.Usage),
            Speech = speech,
        };
        connector = new(capabilities, host, tap, speech ?? new InputSource(pipe.Reader), logger);
        var life = new SessionLife(options, host, connector, logger);
        return (new(life, new InputWriter(pipe.Writer, life, options.InputEncoding) { IsBesideACall = options.IsBesideACall }, updates, tap), life);
    }

    private static async Task<(SessionIntent Intent, Session Asked)> ConfigurationAsync(VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        McpTokens tokens = await TokensAsync(options, cancellationToken).ConfigureAwait(false);
        SessionIntent configuration = ConfigurationWriting.ForConnecting(options, out Session asked, tokens);
        return (configuration, asked);
    }

    private static Task OpenAsync(VoiceConnection connection, SessionIntent configuration, VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        return Opening.OpenAsync(connection.Gate, connection.Connection, Configure, options, cancellationToken);

        // A call is configured already, so nothing is sent where nothing is asked for.
        Task<OperationResult> Configure() =>
            options.IsBesideACall && options.Session == new SessionConfiguration() ? Task.FromResult(new OperationResult(true, null, null)) : connection.Gate.SubmitOperation(configuration).End;
    }

    /// <summary>A callback that never answers is not waited for longer than for a connection.</summary>
    private static async ValueTask<McpTokens> TokensAsync(VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        ValueTask<McpTokens> fetching = McpTokens.FetchAsync(options.Session.Tools, cancellationToken);
        if (fetching.IsCompletedSuccessfully)
        {
            return fetching.Result;
        }

        try
        {
            return await fetching.AsTask().WaitAsync(options.ConnectTimeout, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw ConnectFailure.FromLateCredential(options.ConnectTimeout, late);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw ConnectFailure.FromCredential(failure);
        }
    }
}
