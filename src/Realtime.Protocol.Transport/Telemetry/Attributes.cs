namespace Realtime.Protocol.Transport;

/// <summary>
/// The names of all attributes. Those that begin with <c>realtime.</c> are of this library; the others are those of OpenTelemetry's conventions for generative AI (semantic-conventions-genai, 0.1.0).
/// </summary>
internal static class Attributes
{
    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ServerAddress = "server.address";
    public const string ErrorType = "error.type";
    public const string ConversationId = "gen_ai.conversation.id";
    public const string ResponseId = "gen_ai.response.id";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CachedInputTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string AudioInputTokens = "gen_ai.usage.audio.input_tokens";
    public const string AudioOutputTokens = "gen_ai.usage.audio.output_tokens";
    public const string TextInputTokens = "gen_ai.usage.text.input_tokens";
    public const string TextOutputTokens = "gen_ai.usage.text.output_tokens";
    public const string ImageInputTokens = "gen_ai.usage.image.input_tokens";
    public const string ReasoningOutputTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string TokenModality = "realtime.token.modality";
    public const string TokenCached = "realtime.token.cached";
    public const string ToolName = "gen_ai.tool.name";
    public const string ToolCallId = "gen_ai.tool.call.id";
    public const string McpServer = "realtime.mcp.server";
    public const string SessionKind = "realtime.session.kind";
    public const string CloseKind = "realtime.close.kind";
    public const string ReconnectReason = "realtime.reconnect.reason";
    public const string TurnNumber = "realtime.turn.number";
    public const string TurnOrigin = "realtime.turn.origin";
    public const string TurnOutcome = "realtime.turn.outcome";
    public const string TurnIsOutOfBand = "realtime.turn.out_of_band";
    public const string HeardBasis = "realtime.heard.basis";
    public const string ResponseStatus = "realtime.response.status";
    public const string InterruptionReason = "realtime.interruption.reason";
    public const string ProblemKind = "realtime.problem.kind";
    public const string ProblemCode = "realtime.problem.code";
    public const string Reader = "realtime.reader";
    public const string Handler = "realtime.handler";
}
