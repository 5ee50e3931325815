namespace Realtime.Protocol.Transport;

/// <summary>
/// Where the connection of a session comes from: from the application's <see cref="RealtimeConnectionOptions.Transport"/>, or else it is a WebSocket. The application's is waited for no longer than a WebSocket,
/// whatever it does with its token, and what it brings too late is disposed.
/// </summary>
internal static class TransportSource
{
    /// <param name="options">A copy of the caller's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IRealtimeTransport> OpenAsync(RealtimeConnectionOptions options, CancellationToken cancellationToken)
    {
        if (options.Transport is not { } open)
        {
            return await WebSocketTransport.ConnectAsync(options, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Task<IRealtimeTransport>? opening = null;
        try
        {
            opening = open(options.Clone(), either.Token).AsTask();
            IRealtimeTransport? transport = await opening.WaitAsync(either.Token).ConfigureAwait(false);
            return transport ?? throw new ArgumentException($"{nameof(options.Transport)} gave no transport.", $"{nameof(options)}.{nameof(options.Transport)}");
        }
        catch (OperationCanceledException late) when (either.IsCancellationRequested)
        {
            _ = DisposeLateAsync(opening);
            cancellationToken.ThrowIfCancellationRequested();
            throw ConnectFailure.FromTimeout(RealtimeEndpoint.Resolve(options), options.ConnectTimeout, late);
        }
    }

    /// <summary>What is known of the service. Behind a transport of the application's own may stand anything, unless the options name the service.</summary>
    public static Lifecycle.Capabilities CapabilitiesOf(RealtimeConnectionOptions options) =>
        options is { Transport: not null, Endpoint: null } ? new() : RealtimeEndpoint.CapabilitiesOf(RealtimeEndpoint.Resolve(options));

    private static async Task DisposeLateAsync(Task<IRealtimeTransport>? opening)
    {
        try
        {
            if (opening is not null && await opening.ConfigureAwait(false) is { } transport)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // Nobody waits for it any more: who connected was told why it failed.
        }
    }
}
