using System.Text.Json;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The values of attributes. All are words of this table, or names that the application gave: what a peer wrote is never repeated, since it may be a secret, and there may be a million of it. A word that is not known is
/// <see cref="Other"/>, as OpenTelemetry has it.
/// </summary>
internal static class SignalWords
{
    public const string Other = "_OTHER";
    public const string Timeout = "timeout";
    public const string Cancelled = "cancelled";
    public const string Realtime = "realtime";
    public const string ExecuteTool = "execute_tool";
    public const string Voice = "voice";
    public const string Transcription = "transcription";
    public const string Translation = "translation";
    public const string Input = "input";
    public const string Output = "output";
    public const string Text = "text";
    public const string Audio = "audio";
    public const string Image = "image";
    public const string Updates = "updates";
    public const string Events = "events";

    // What services are known to answer: the codes, and the types where there is no code.
    private static readonly HashSet<string> KnownErrors = new(StringComparer.Ordinal)
    {
        "account_deactivated", "api_error", "authentication_error", "beta_api_shape_disabled", "billing_hard_limit_reached", "content_filter", "context_length_exceeded",
        "conversation_already_has_active_response", "inference_not_found_error", "inference_rate_limit_exceeded", "input_audio_buffer_commit_empty", "insufficient_quota", "internal_error", "invalid_api_key",
        "invalid_request_error", "invalid_type", "invalid_value", "item_create_duplicate_item_id", "item_delete_invalid_item_id", "item_truncate_invalid_item_id", "mcp_call_failed", "missing_required_parameter",
        "model_not_found", "not_sent", "permission_error", "rate_limit_error", "rate_limit_exceeded", "response_cancel_not_active", "server_error", "session_expired", "string_above_max_length",
        "tokens", "too_many_requests", "unknown_parameter", "unsupported_content_type", "unsupported_value",
    };

    public static string Of(ServerError? error) =>
        error?.Code is { } code ? Known(code) : error?.Type is { } type ? Known(type) : Other;

    /// <summary>A value of an enumeration, as words are written here: <c>KeepAliveTimeout</c> is <c>keep_alive_timeout</c>.</summary>
    public static string Of(Enum value) => Word(value.ToString());

    public static string Of(TurnOutcome outcome) => Word(outcome.GetType().Name);

    /// <summary>The error of a turn; null where none of them is one.</summary>
    public static string? ErrorOf(TurnOutcome outcome) => outcome switch
    {
        TurnOutcome.Failed(var error) => Of(error),
        TurnOutcome.Rejected(var error) => Of(error),
        TurnOutcome.TimedOut => Timeout,
        TurnOutcome.AudioOverrun or TurnOutcome.ToolRoundLimit => Of(outcome),
        TurnOutcome.Disconnected({ IsOrderly: false } reason) => Of(reason.Kind),
        _ => null,
    };

    /// <summary>What kind of problem it is, and which of its kind: a rule, or a code of the server's; null where the kind says all.</summary>
    public static (string Kind, string? Code) Of(SessionProblem problem) => (Word(problem.GetType().Name), problem switch
    {
        SessionProblem.Reported reported => Of(reported.Error),
        SessionProblem.Violation violation => violation.Rule,
        SessionProblem.ToolOutputDropped dropped => dropped.Rule,
        _ => null,
    });

    /// <summary>Why no connection came about, or why a tool failed: what this library has a word for, else the type of the exception, which is no content.</summary>
    public static string Of(Exception failure) => failure switch
    {
        RealtimeConnectException connect => Of(connect.Failure),
        TimeoutException => Timeout,
        OperationCanceledException => Cancelled,
        _ => failure.GetType().FullName ?? Other,
    };

    /// <summary>The service, as far as its address shows it; else what all of them imitate.</summary>
    public static string ProviderOf(string? host) => host switch
    {
        not null when host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".azure.us", StringComparison.OrdinalIgnoreCase) => "azure.ai.openai",
        not null when host.Equals("api.x.ai", StringComparison.OrdinalIgnoreCase) => "x_ai",
        _ => "openai",
    };

    private static string Word(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static string Known(string word) => KnownErrors.TryGetValue(word, out string? known) ? known : Other;
}
