namespace Realtime.Protocol.Transport;

/// <summary>
/// The life of a voice session: which connection it has now, and whether it goes on when that one ends. A connection that has ended is never used again; whoever wants something asks here for the present one.
/// </summary>
/// <param name="host">What the application sees.</param>
/// <param name="first">The connection that it begins with.</param>
internal sealed class SessionLife(SessionHost host, VoiceConnection first)
{
    private VoiceConnection _current = first;

    /// <summary>What the application sees of the session.</summary>
    public SessionHost Host => host;

    /// <summary>The connection that it has now, or had last.</summary>
    public VoiceConnection Current => Volatile.Read(ref _current);

    /// <summary>Why the session ended; null while it goes on. Set before any turn ends with it.</summary>
    public RealtimeCloseReason? CloseReason => Current.Connection.CloseReason;

    /// <summary>Completes when the session has ended and every turn with it.</summary>
    public Task<RealtimeCloseReason> Ended => Current.Connection.Ended;

    /// <summary>The present connection, with the session's lock held until the scope ends: what is asked of it meanwhile is asked of no other.</summary>
    public Lock.Scope Enter(out VoiceConnection current)
    {
        Lock.Scope scope = host.Lock.EnterScope();
        current = _current;
        return scope;
    }
}
