namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// How far an error reaches, by its code and by what it answers, never by its message (but for one, TR-06, that has no code of its own). Most errors leave the session open;
/// the few that do not are listed.
/// </summary>
internal static class ErrorReach
{
    private static readonly (string Code, ErrorSeverity Severity)[] Severities =
    [
        ("session_expired", ErrorSeverity.Reconnect),
        ("insufficient_quota", ErrorSeverity.Fatal),
        ("invalid_api_key", ErrorSeverity.Fatal),
        ("account_deactivated", ErrorSeverity.Fatal),
        ("billing_hard_limit_reached", ErrorSeverity.Fatal),
        ("model_not_found", ErrorSeverity.Fatal),
        ("beta_api_shape_disabled", ErrorSeverity.Fatal),
    ];

    // What lost a race and means no more than that: the operation found things as it wanted them.
    private static readonly (OperationKind Kind, string Code, string Rule)[] Benign =
    [
        (OperationKind.Truncate, "item_truncate_invalid_item_id", "TR-10"),
        (OperationKind.Delete, "item_delete_invalid_item_id", "IT-08"),
        (OperationKind.AddItem, "item_create_duplicate_item_id", "IT-05"),
        (OperationKind.Contribute, "item_create_duplicate_item_id", "IT-05"),
    ];

    [LifecycleRule("ER-01")]
    public static ErrorSeverity Severity(string? code)
    {
        foreach ((string known, ErrorSeverity severity) in Severities)
        {
            if (known == code)
            {
                return severity;
            }
        }

        return ErrorSeverity.Recoverable;
    }

    /// <summary>Why a session ended that the server let run out.</summary>
    /// <param name="error">In which the server said so.</param>
    public static RealtimeCloseReason Expired(ServerError error) => new(RealtimeCloseKind.Expired, null, "The session reached its longest duration.") { Error = error };

    /// <summary>The rule by which the error means nothing; null when it means something.</summary>
    [LifecycleRule("IT-05")]
    [LifecycleRule("IT-08")]
    [LifecycleRule("TR-06")]
    public static string? BenignRule(OperationKind operation, ServerError error)
    {
        foreach ((OperationKind kind, string code, string rule) in Benign)
        {
            if (kind == operation && code == error.Code)
            {
                return rule;
            }
        }

        // The server's own count of an item's audio can be shorter than ours. Its code is shared with other mistakes, and older services sent none.
        bool isShorter = operation is OperationKind.Truncate && error.Code is (null or "invalid_value")
#pragma warning disable RT1030 // The code is not enough here, and where the words change the error is passed on as any other.
            && error.Message is { } message && message.Contains("already shorter than", StringComparison.Ordinal);
#pragma warning restore RT1030
        return isShorter ? "TR-06" : null;
    }

    /// <summary>An error that names none of our events, but a member of the session: only a configuration of ours can have had it (SE-02).</summary>
    public static bool IsAboutTheOldestConfiguration(ServerError error) =>
        error is { EventId: null, Parameter: { } parameter } && (parameter is "session" || parameter.StartsWith("session.", StringComparison.Ordinal));

    /// <summary>An error that names none of our events, but says that there was too little audio to commit: a commit of ours was refused.</summary>
    public static bool IsAboutTheOldestCommit(ServerError error) => error is { EventId: null, Code: "input_audio_buffer_commit_empty" };

    /// <summary>A message names an item, as the service quotes it.</summary>
    public static bool Names(string message, string itemId) => message.Contains($"'{itemId}'", StringComparison.Ordinal);

    public static ServerError Describe(in SessionFact fact) => new(
        FactText.OrNull(fact.ErrorCode), FactText.OrNull(fact.ErrorType), FactText.OrNull(fact.ErrorMessage), FactText.OrNull(fact.ErrorParameter), FactText.OrNull(fact.ErrorEventId));
}
