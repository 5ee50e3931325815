using System.IO.Pipelines;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>From options to a session that the application may have: everything is checked before anything is connected, and nothing is left behind when it fails.</summary>
internal static class SessionOpening
{
    /// <param name="options">A copy of the caller's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RealtimeConnectException">No session came about.</exception>
    public static async Task<VoiceSession> ConnectAsync(VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        McpTokens tokens = await TokensAsync(options, cancellationToken).ConfigureAwait(false);
        SessionIntent configuration = ConfigurationWriting.ForConnecting(options, out Session asked, tokens);
        RestoredHistory history = RestoredHistory.Of(options);
        Capabilities capabilities = TransportSource.CapabilitiesOf(options);
        IRealtimeTransport transport = await TransportSource.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        return await OpenAsync(options, configuration, history, asked, capabilities, transport, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<VoiceSession> OpenAsync(
        VoiceSessionOptions options, SessionIntent configuration, RestoredHistory history, Session asked, Capabilities capabilities, IRealtimeTransport transport, CancellationToken cancellationToken)
    {
        VoiceSession? session = null;
        try
        {
            DeferredLogger logger = options.Purpose is SessionPurpose.Transcription ? DeferredLogger.Of<TranscriptionSession>(options) : DeferredLogger.Of<VoiceSession>(options);
            var updates = new SessionUpdates();
            var tap = new EventTap(options.TimeProvider);
            var host = new SessionHost(options.Session, updates, tap, logger);
            Pipe pipe = InputPipe.Create();
            VoiceConnection connection = new VoiceConnector(options, capabilities, host, tap, new InputSource(pipe.Reader), logger).Create(transport, asked);
            var life = new SessionLife(host, connection);
            session = new(life, new InputWriter(pipe.Writer, life, options.InputEncoding) { IsBesideACall = options.IsBesideACall }, updates, tap);
            await Opening.OpenAsync(connection.Gate, connection.Connection, () => Configure(connection.Gate), options, cancellationToken).ConfigureAwait(false);
            await history.SendAsync(session.Conversation, cancellationToken).ConfigureAwait(false);
            LogMessages.Ready(logger);
            return session;
        }
        catch
        {
            await (session?.DisposeAsync() ?? transport.DisposeAsync()).ConfigureAwait(false);
            throw;
        }

        // A call is configured already, so nothing is sent where nothing is asked for.
        Task<OperationResult> Configure(MachineGate gate) =>
            options.IsBesideACall && options.Session == new SessionConfiguration() ? Task.FromResult(new OperationResult(true, null, null)) : gate.SubmitOperation(configuration).End;
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
