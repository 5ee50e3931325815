namespace Realtime.Protocol.Transport;

/// <summary>
/// What the server states of the session on one connection: its id, its end, the configuration in force, the conversation's name. Another connection has another. Written under the gate's lock, read from any
/// thread; what was read of an event is seen when all that follows from that event is known.
/// </summary>
/// <param name="configuration">What the application asks for: it holds where the server states nothing.</param>
/// <param name="updates">Learns of changes.</param>
internal sealed class ConnectionStatement(SessionConfiguration configuration, SessionUpdates updates)
{
    // What was stated last, and what of it everybody sees: whole, with the tools that the server took by it.
    private StatedSession _stated = new("", null, configuration with { Customize = null });
    private StatedSession _published = new("", null, configuration with { Customize = null });

    // The first configuration is the answer to what connecting asked for: that is no change.
    private bool _isConfigured;
    private bool _isConfiguredAnew;
    private string? _conversationId;

    /// <summary>What everybody sees.</summary>
    public StatedSession Published => Volatile.Read(ref _published);

    /// <summary>The service's id of the conversation; null while it has not named it.</summary>
    public string? ConversationId => Volatile.Read(ref _conversationId);

    /// <summary>Reads what is stated in an event, before the machine takes it in. It is seen after <see cref="Publish"/>.</summary>
    public void Read(in ServerEvent e)
    {
        switch (e.Kind)
        {
            case ServerEventKind.SessionCreated when e.TryGetSessionCreated(out SessionCreatedView created) && created.Session.HasValue:
                _stated = _stated.With(created.Session.ToWritable());
                break;
            case ServerEventKind.SessionUpdated when e.TryGetSessionUpdated(out SessionUpdatedView updated) && updated.Session.HasValue:
                _stated = _stated.With(updated.Session.ToWritable());
                _isConfiguredAnew = _isConfigured;
                _isConfigured = true;
                break;
            case ServerEventKind.ResponseCreated when _conversationId is null && e.TryGetResponseCreated(out ResponseCreatedView begun) && begun.Response.ConversationId.HasValue:
                Volatile.Write(ref _conversationId, begun.Response.ConversationId.ToString());
                break;
            case ServerEventKind.ConversationCreated when e.TryGetConversationCreated(out ConversationCreatedView created) && created.Conversation.Id.HasValue:
                Volatile.Write(ref _conversationId, created.Conversation.Id.ToString());
                break;
        }
    }

    /// <summary>Shows what was read. Does nothing when nothing was.</summary>
    public void Publish()
    {
        if (ReferenceEquals(_published, _stated))
        {
            return;
        }

        Volatile.Write(ref _published, _stated);
        if (_isConfiguredAnew)
        {
            _isConfiguredAnew = false;
            updates.Tell(new VoiceSessionUpdate.ConfigurationChanged(_stated.Configuration));
        }
    }

    /// <summary>The server has taken other tools.</summary>
    public void UseTools(IReadOnlyList<VoiceTool> inForce)
    {
        _isConfiguredAnew = true;
        _stated = _stated with { Configuration = _stated.Configuration with { Tools = inForce } };
    }
}
