namespace Realtime.Protocol;

/// <summary>Something that happened in a session, beside what its turns tell. Its text is the kind, never what was said.</summary>
public abstract record VoiceSessionUpdate
{
    private VoiceSessionUpdate()
    {
    }

    /// <summary>The kind.</summary>
    public sealed override string ToString() => this is Problem problem ? $"Problem: {problem.Details}" : GetType().Name;

    /// <summary>A turn began, whoever began it.</summary>
    /// <param name="Turn">The turn.</param>
    public sealed record TurnBegan(Turn Turn) : VoiceSessionUpdate;

    /// <summary>The server hears the user.</summary>
    /// <param name="Utterance">What the user says; its transcript follows.</param>
    public sealed record SpeechStarted(Utterance Utterance) : VoiceSessionUpdate;

    /// <summary>The server no longer hears the user.</summary>
    /// <param name="Utterance">What the user said.</param>
    public sealed record SpeechStopped(Utterance Utterance) : VoiceSessionUpdate;

    /// <summary>An item entered the conversation: a message, a call, a call's output.</summary>
    /// <param name="Item">The item as it was then.</param>
    public sealed record ItemAdded(ConversationItem Item) : VoiceSessionUpdate;

    /// <summary>An item is final, its words were written down, or it was cut to what was heard of it.</summary>
    /// <param name="Item">The item as it is since then.</param>
    public sealed record ItemChanged(ConversationItem Item) : VoiceSessionUpdate;

    /// <summary>An item left the conversation.</summary>
    /// <param name="ItemId">Its id.</param>
    public sealed record ItemDeleted(string ItemId) : VoiceSessionUpdate;

    /// <summary>The server stated the session's configuration anew: it was asked to change it, or it did so by itself.</summary>
    /// <param name="Configuration">What is in force now, also <see cref="VoiceSession.Configuration"/>.</param>
    public sealed record ConfigurationChanged(SessionConfiguration Configuration) : VoiceSessionUpdate;

    /// <summary>The service has listed the tools of a remote MCP server: the model can call them from now on (MCP-01). Told again when they are listed again.</summary>
    /// <param name="Server">The server's <see cref="VoiceTool.McpServer.Label"/>.</param>
    /// <param name="Tools">Their names.</param>
    public sealed record McpToolsListed(string Server, IReadOnlyList<string> Tools) : VoiceSessionUpdate;

    /// <summary>The service could not list the tools of a remote MCP server: the model goes on without them.</summary>
    /// <param name="Server">The server's <see cref="VoiceTool.McpServer.Label"/>.</param>
    /// <param name="Error">Why; null where the service does not say, as most do not.</param>
    public sealed record McpToolsFailed(string Server, ServerError? Error) : VoiceSessionUpdate;

    /// <summary>The server stated what is left of the account's limits.</summary>
    /// <param name="Limits">Those that it stated; not all of them need be there each time.</param>
    public sealed record RateLimitsChanged(IReadOnlyList<RateLimitState> Limits) : VoiceSessionUpdate;

    /// <summary>The caller pressed a key of the telephone. Only a session beside a call hears of it.</summary>
    /// <param name="Digit">The key: <c>0</c> to <c>9</c>, <c>*</c>, <c>#</c>, or <c>A</c> to <c>D</c>.</param>
    public sealed record DtmfReceived(char Digit) : VoiceSessionUpdate
    {
        /// <summary>When the service received it; null where it does not say.</summary>
        public DateTimeOffset? ReceivedAt { get; init; }
    }

    /// <summary>The connection was lost, and the session is about to connect anew. Told before each attempt waits its time.</summary>
    /// <param name="Reason">Why the connection ended.</param>
    /// <param name="Attempt">1 for the first.</param>
    public sealed record Reconnecting(RealtimeCloseReason Reason, int Attempt) : VoiceSessionUpdate;

    /// <summary>The session goes on over a new connection, whose conversation holds what was said; or it has gone on from a checkpoint (<see cref="VoiceSessionOptions.ResumeFrom"/>).</summary>
    /// <param name="OldId">The service's id of the session before; empty where it gave none.</param>
    /// <param name="NewId">Its id now, also <see cref="VoiceSession.Id"/>.</param>
    /// <param name="ItemIds">The id that each item has now, by the id that it had.</param>
    public sealed record Resumed(string OldId, string NewId, IReadOnlyDictionary<string, string> ItemIds) : VoiceSessionUpdate
    {
        /// <summary>What the new conversation does not hold, or not whole, each with its reason.</summary>
        public IReadOnlyList<ReplayOmission> LeftOut { get; init; } = [];
    }

    /// <summary>Something went wrong, and the session survived it.</summary>
    /// <param name="Details">What.</param>
    public sealed record Problem(SessionProblem Details) : VoiceSessionUpdate;

    /// <summary>This reader was too slow, or came too late: so many updates before the next one were left out.</summary>
    /// <param name="Count">How many.</param>
    public sealed record Missed(int Count) : VoiceSessionUpdate;
}
