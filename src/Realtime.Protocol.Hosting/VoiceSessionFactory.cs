using Microsoft.Extensions.Options;

namespace Realtime.Protocol.Hosting;

/// <summary>
/// Opens voice sessions with the options that <c>AddVoiceSessions</c> read, and knows those that are open. When the host stops, it opens no more, and every open one is brought to its end within
/// <c>HostOptions.ShutdownTimeout</c>. A singleton; every member may be called from any thread. A test replaces <see cref="RealtimeConnectionOptions.Transport"/>, not the factory.
/// </summary>
public sealed class VoiceSessionFactory
{
    private readonly IOptionsMonitor<VoiceSessionOptions> _options;
    private readonly RegisteredNames _names;
    private readonly OpenSessions _open;
    private readonly ConnectRecord _record;

    internal VoiceSessionFactory(IOptionsMonitor<VoiceSessionOptions> options, RegisteredNames names, OpenSessions open, ConnectRecord record) =>
        (_options, _names, _open, _record) = (options, names, open, record);

    /// <summary>How many sessions are open that this factory connected.</summary>
    public int Active => _open.Count;

    /// <summary>Cancelled when the host stops and no more sessions are opened: whoever takes calls sends them to another process.</summary>
    public CancellationToken Stopping => _open.Stopping;

    /// <summary>Opens a session with the options that were added without a name. It belongs to the caller, who disposes it.</summary>
    /// <param name="configure">Changes the options of this session alone; it gets a copy of its own.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="RealtimeConnectException">The session could not be established; with <see cref="RealtimeConnectFailure.HostStopping"/>, because the host stops.</exception>
    /// <exception cref="ArgumentException">The options are wrong; the message says which and why. Or all that were added have names.</exception>
    /// <exception cref="OptionsValidationException">The options were changed in code to what can't be connected with.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<VoiceSession> ConnectAsync(Action<VoiceSessionOptions>? configure = null, CancellationToken cancellationToken = default) =>
        ConnectAsync(Options.DefaultName, configure, cancellationToken);

    /// <summary>Opens a session with the options of this name. It belongs to the caller, who disposes it.</summary>
    /// <param name="name">As <c>AddVoiceSessions</c> was given it.</param>
    /// <param name="configure">Changes the options of this session alone; it gets a copy of its own.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <exception cref="RealtimeConnectException">The session could not be established; with <see cref="RealtimeConnectFailure.HostStopping"/>, because the host stops.</exception>
    /// <exception cref="ArgumentException">The options are wrong, or none of this name were added; the message says which and why.</exception>
    /// <exception cref="OptionsValidationException">The options were changed in code to what can't be connected with.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<VoiceSession> ConnectAsync(string name, Action<VoiceSessionOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        VoiceSessionOptions options = OptionsOf(name, configure);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _open.Stopping);
        if (_open.Stopping.IsCancellationRequested)
        {
            throw HostStopping();
        }

        ConnectRecord.Attempt attempt = _record.Begin();
        VoiceSession session;
        try
        {
            session = await VoiceSession.ConnectAsync(options, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_open.Stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw HostStopping();
        }
        catch (RealtimeConnectException failure)
        {
            attempt.Failed(failure.Failure);
            throw;
        }

        attempt.Succeeded();
        if (!_open.TryAdd(session))
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw HostStopping();
        }

        return session;
    }

    /// <summary>
    /// Asks the service for a short-lived key to a session of the options that were added without a name, for a browser or a telephone that connects by itself. The configuration goes along, tools as declarations.
    /// </summary>
    /// <param name="lifetime">For how long it is good, in whole seconds; OpenAI takes 10 s to 2 h. Null leaves it to the service, which takes 10 minutes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RealtimeConnectException">The service gave none; its <see cref="RealtimeConnectException.Failure"/> says why.</exception>
    /// <exception cref="ArgumentException">As for <see cref="EphemeralKey.CreateAsync"/>; or all options that were added have names.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<EphemeralKey> CreateClientSecretAsync(TimeSpan? lifetime = null, CancellationToken cancellationToken = default) =>
        CreateClientSecretAsync(Options.DefaultName, configure: null, lifetime, cancellationToken);

    /// <summary>Asks the service for a short-lived key to a session of the options of this name.</summary>
    /// <param name="name">As <c>AddVoiceSessions</c> was given it.</param>
    /// <param name="configure">Changes the options of this key's sessions alone, for instance their instructions; it gets a copy of its own.</param>
    /// <param name="lifetime">For how long it is good, in whole seconds; OpenAI takes 10 s to 2 h. Null leaves it to the service, which takes 10 minutes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RealtimeConnectException">The service gave none; its <see cref="RealtimeConnectException.Failure"/> says why.</exception>
    /// <exception cref="ArgumentException">As for <see cref="EphemeralKey.CreateAsync"/>; or none of this name were added.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<EphemeralKey> CreateClientSecretAsync(string name, Action<VoiceSessionOptions>? configure = null, TimeSpan? lifetime = null, CancellationToken cancellationToken = default) =>
        await EphemeralKey.CreateAsync(OptionsOf(name, configure), lifetime, cancellationToken).ConfigureAwait(false);

    private static RealtimeConnectException HostStopping() =>
        new(RealtimeConnectFailure.HostStopping, "This process is stopping and opens no more voice sessions. Send the call to another one.");

    private VoiceSessionOptions OptionsOf(string name, Action<VoiceSessionOptions>? configure)
    {
        _names.ThrowIfUnknown(name);
        VoiceSessionOptions options = _options.Get(name).Clone();
        configure?.Invoke(options);
        return options;
    }
}
