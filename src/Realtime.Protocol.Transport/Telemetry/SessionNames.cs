namespace Realtime.Protocol.Transport;

/// <summary>What a session is called where somebody observes it: by the application, and by the service. No name is a secret, and none is told to the other side.</summary>
/// <param name="callId">The application's; null for none.</param>
internal sealed class SessionNames(string? callId)
{
    private string? _sessionId;
    private string? _firstSessionId;

    /// <summary>What the application calls the session.</summary>
    public string? CallId => callId;

    /// <summary>The service's id of the session as it is now: another one after another connection. Null until it is known, and where the service gives none.</summary>
    public string? SessionId => Volatile.Read(ref _sessionId);

    /// <summary>One name for all that is told of the session, whatever connection it runs over.</summary>
    public string? ConversationId => callId ?? Volatile.Read(ref _firstSessionId);

    /// <summary>The service has said its id. Called by one thread at a time.</summary>
    public void Learn(string sessionId)
    {
        if (sessionId.Length > 0)
        {
            Volatile.Write(ref _sessionId, sessionId);
            Volatile.Write(ref _firstSessionId, _firstSessionId ?? sessionId);
        }
    }
}
