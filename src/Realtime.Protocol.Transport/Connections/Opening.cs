namespace Realtime.Protocol.Transport;

/// <summary>
/// The first steps of a session: wait until the server has opened it, send the configuration, wait for the acknowledgement. Sending before
/// the server has spoken would work with some services only.
/// </summary>
internal static class Opening
{
    /// <param name="gate">To the session's machine.</param>
    /// <param name="connection">Where it is opened.</param>
    /// <param name="configure">Sends the configuration; gives its end.</param>
    /// <param name="options">How long it may take, and by which clock.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task OpenAsync(
        SessionGate gate, Connection connection, Func<Task<OperationResult>> configure, RealtimeConnectionOptions options, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            bool isOpen = await gate.Opened.WaitAsync(either.Token).ConfigureAwait(false);
            if (!isOpen)
            {
                throw gate.OtherKind is { } kind ? Other(kind) : await ClosedEarlyAsync(connection, either.Token).ConfigureAwait(false);
            }

            OperationResult configured = await configure().WaitAsync(either.Token).ConfigureAwait(false);
            if (!configured.IsCompleted)
            {
                throw configured.Error is { } error ? Rejected(error) : await ClosedEarlyAsync(connection, either.Token).ConfigureAwait(false);
            }

            if (gate.OtherKind is { } other)
            {
                throw Other(other);
            }
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string seconds = $"{options.ConnectTimeout.TotalSeconds:0.###} s";
            throw connection.LastError is { } error
                ? new RealtimeConnectException(RealtimeConnectFailure.Timeout,
                    $"The server did not open and configure the session within {seconds}; it reported the error {error}. Check the options, and the Error of this exception.")
                { Error = error }
                : new RealtimeConnectException(RealtimeConnectFailure.Timeout,
                    $"The server did not open and configure the session within {seconds}. Check that it is a realtime service, or allow more with ConnectTimeout.");
        }
    }

    private static RealtimeConnectException Other(string kind) => new(RealtimeConnectFailure.OtherSession,
        $"The server opened another kind of session than was asked for (\"{kind}\"). Check the path of the endpoint: each kind of session has its own.");

    // The server's own words are left out: it quotes what it rejects.
    private static RealtimeConnectException Rejected(ServerError error) => new(RealtimeConnectFailure.ConfigurationRejected,
        $"The server rejected the session's configuration ({error}). Check the option that the parameter names.", new RealtimeRejectedException(error))
    {
        Error = error,
    };

    /// <summary>Why there is no session: the connection has ended, or is about to.</summary>
    /// <param name="connection">Which.</param>
    /// <param name="cancellationToken">Gives up waiting for its end.</param>
    // The server's own words are left out of a goodbye as well.
    public static async Task<RealtimeConnectException> ClosedEarlyAsync(Connection connection, CancellationToken cancellationToken)
    {
        RealtimeCloseReason reason = await connection.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        ServerError? error = connection.LastError;
        string because = error is null ? "" : $" after the error {error}";
        RealtimeCloseReason shown = reason.Kind is RealtimeCloseKind.ByPeer ? reason with { Description = "" } : reason;
        return new(RealtimeConnectFailure.ClosedEarly, $"The connection ended before the session was ready{because}: {shown.ToString().TrimEnd('.')}.") { Error = error };
    }
}
