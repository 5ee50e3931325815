using Microsoft.Extensions.Logging;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Every log message of the shell. What they hold: ids, kinds, counts, codes, places. What they never hold: credentials, instructions,
/// transcripts, audio, arguments, or a sentence that the server wrote, since servers quote.
/// </summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "Session ready.")]
    public static partial void Ready(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "Session ended: {Kind} (status {StatusCode}).")]
    public static partial void Ended(ILogger logger, RealtimeCloseKind kind, int? statusCode);

    [LoggerMessage(3, LogLevel.Debug, "Turn {Turn} began ({Origin}).")]
    public static partial void TurnBegan(ILogger logger, int turn, TurnOrigin origin);

    [LoggerMessage(4, LogLevel.Debug, "Turn {Turn} ended: {Outcome}.")]
    public static partial void TurnEnded(ILogger logger, int turn, TurnOutcome outcome);

    [LoggerMessage(5, LogLevel.Debug, "Turn {Turn} was silenced ({Reason}); heard: {Bytes} bytes ({Basis}).")]
    public static partial void TurnSilenced(ILogger logger, int turn, InterruptionReason reason, long bytes, HeardBasis basis);

    [LoggerMessage(6, LogLevel.Debug, "Turn {Turn} calls the tool {Tool} ({CallId}).")]
    public static partial void ToolCalled(ILogger logger, int turn, string tool, string callId);

    [LoggerMessage(7, LogLevel.Warning, "The tool {Tool} failed in turn {Turn}; the model was told so.")]
    public static partial void ToolFailed(ILogger logger, string tool, int turn, Exception failure);

    [LoggerMessage(8, LogLevel.Warning, "The model called the tool {Tool} in turn {Turn}, which does not exist.")]
    public static partial void ToolUnknown(ILogger logger, string tool, int turn);

    [LoggerMessage(9, LogLevel.Warning, "The server sent a malformed event of {MessageBytes} bytes: {Reason} at byte {Offset}.")]
    public static partial void MalformedEvent(ILogger logger, int messageBytes, ReadErrorReason reason, int offset);

    [LoggerMessage(40, LogLevel.Warning, "The server sent an odd {Event}: {Path} is not what the protocol has there (faults in it: {Count}).")]
    public static partial void OddEvent(ILogger logger, ServerEventKind @event, string path, int count);

    [LoggerMessage(60, LogLevel.Warning, "The server sent an odd {Event} of a translation: {Path} is not what the protocol has there (faults in it: {Count}).")]
    public static partial void OddTranslationEvent(ILogger logger, string @event, string path, int count);

    [LoggerMessage(61, LogLevel.Warning, "Nobody reads the sound of the translation: {Bytes} bytes wait, and what comes is left out until they are read.")]
    public static partial void TranslationUnread(ILogger logger, int bytes);

    [LoggerMessage(62, LogLevel.Error, "The server opened a session of the kind {Stated}; asked was {Asked}.")]
    public static partial void SessionKindDiffers(ILogger logger, string asked, string stated);

    [LoggerMessage(41, LogLevel.Warning, "The server sends its events in binary messages; they are read as text.")]
    public static partial void BinaryMessages(ILogger logger);

    [LoggerMessage(10, LogLevel.Warning, "The server reported an error: {Error} ({Severity}).")]
    public static partial void ServerReported(ILogger logger, ServerError error, ErrorSeverity severity);

    [LoggerMessage(64, LogLevel.Warning, "The user's words in the item {ItemId} could not be written down: {Error}.")]
    public static partial void TranscriptionFailed(ILogger logger, string itemId, ServerError? error);

    [LoggerMessage(11, LogLevel.Debug, "An error of the server needs no action ({Rule}): {Error}.")]
    public static partial void ErrorIgnored(ILogger logger, ServerError error, string rule);

    [LoggerMessage(12, LogLevel.Warning, "The server broke {Rule}; the session goes on.")]
    public static partial void Violation(ILogger logger, string rule);

    [LoggerMessage(13, LogLevel.Error, "The server does not answer any more ({Rule}); closing the connection.")]
    public static partial void Unresponsive(ILogger logger, string rule);

    [LoggerMessage(34, LogLevel.Information, "The session reached its longest duration; closing the connection.")]
    public static partial void Expired(ILogger logger);

    [LoggerMessage(30, LogLevel.Error, "A callback on {Token} threw; the session goes on.")]
    public static partial void CallbackFailed(ILogger logger, string token, Exception failure);

    [LoggerMessage(31, LogLevel.Warning, "The application's {Handler} handler held the receiving loop for {Milliseconds} ms.")]
    public static partial void HandlerSlow(ILogger logger, string handler, double milliseconds);

    [LoggerMessage(32, LogLevel.Critical, "The application's {Handler} handler has not returned for {Seconds} s; the session ends.")]
    public static partial void HandlerStuck(ILogger logger, string handler, double seconds);

    [LoggerMessage(33, LogLevel.Warning, "{Count} log lines were left out here: the logger was too slow.")]
    public static partial void LinesLeftOut(ILogger logger, int count);

    [LoggerMessage(14, LogLevel.Error, "The application's {Handler} handler threw; the session goes on.")]
    public static partial void HandlerFailed(ILogger logger, string handler, Exception failure);

    [LoggerMessage(15, LogLevel.Error, "An event could not be written; closing the connection.")]
    public static partial void SendFailed(ILogger logger, Exception failure);

    [LoggerMessage(16, LogLevel.Critical, "Receiving failed where it never should; closing the connection.")]
    public static partial void ReceiveFailed(ILogger logger, Exception failure);

    [LoggerMessage(17, LogLevel.Error, "The transport's {Member} threw; the session ends all the same.")]
    public static partial void TransportFailed(ILogger logger, string member, Exception failure);

    [LoggerMessage(18, LogLevel.Warning, "The tool {Tool} did not answer in time ({CallId}, turn {Turn}); the model was told so.")]
    public static partial void ToolOverdue(ILogger logger, int turn, string tool, string callId);

    [LoggerMessage(19, LogLevel.Warning, "The output of the tool {Tool} came too late and was dropped ({CallId}, turn {Turn}, {Rule}).")]
    public static partial void ToolOutputDropped(ILogger logger, int turn, string tool, string callId, string rule);

    [LoggerMessage(20, LogLevel.Warning, "The server refused a part of the input of turn {Turn}: {Error}.")]
    public static partial void InputRejected(ILogger logger, int turn, ServerError error);

    [LoggerMessage(21, LogLevel.Debug, "The server hears the user (item {ItemId}).")]
    public static partial void SpeechStarted(ILogger logger, string? itemId);

    [LoggerMessage(22, LogLevel.Debug, "The server no longer hears the user (item {ItemId}).")]
    public static partial void SpeechStopped(ILogger logger, string? itemId);

    [LoggerMessage(23, LogLevel.Debug, "The user's audio became the item {ItemId} (by the server: {ByServer}).")]
    public static partial void InputCommitted(ILogger logger, string? itemId, bool byServer);

    [LoggerMessage(24, LogLevel.Debug, "The response {ResponseId} of turn {Turn} ended ({Status}).")]
    public static partial void ResponseEnded(ILogger logger, string responseId, int turn, FactStatus status);

    [LoggerMessage(25, LogLevel.Trace, "The item {ItemId} entered the conversation ({Kind}).")]
    public static partial void ItemAdded(ILogger logger, string itemId, ItemFactKind kind);

    [LoggerMessage(26, LogLevel.Trace, "The item {ItemId} is final ({Status}).")]
    public static partial void ItemDone(ILogger logger, string itemId, FactStatus status);

    [LoggerMessage(27, LogLevel.Trace, "The item {ItemId} was cut at {Milliseconds} ms.")]
    public static partial void ItemTruncated(ILogger logger, string itemId, long milliseconds);

    [LoggerMessage(28, LogLevel.Trace, "The item {ItemId} left the conversation.")]
    public static partial void ItemDeleted(ILogger logger, string itemId);

    [LoggerMessage(29, LogLevel.Error, "An event of this side was not sent ({Type}).")]
    public static partial void NotSent(ILogger logger, string type);

    [LoggerMessage(35, LogLevel.Warning, "The server was asked for {Asked} as its {Side}, and states {Stated}; the session counts in that.")]
    public static partial void FormatDiffers(ILogger logger, string side, AudioEncoding asked, AudioEncoding stated);

    [LoggerMessage(36, LogLevel.Information, "A turn was silenced of which nothing was reported as played, so it counts as heard as far as it was read. A sink that buffers calls ReportPlayed.")]
    public static partial void HeardAsRead(ILogger logger);

    [LoggerMessage(50, LogLevel.Debug, "The tools of the MCP server {Server} are listed: {Count}.")]
    public static partial void McpToolsListed(ILogger logger, string server, int count);

    [LoggerMessage(51, LogLevel.Warning, "The tools of the MCP server {Server} could not be listed ({Error}).")]
    public static partial void McpToolsFailed(ILogger logger, string server, ServerError? error);

    [LoggerMessage(52, LogLevel.Debug, "The service calls {Server}/{Tool} in turn {Turn} ({ItemId}).")]
    public static partial void McpCallStarted(ILogger logger, string server, string tool, int turn, string itemId);

    [LoggerMessage(53, LogLevel.Warning, "A call of an MCP server failed in turn {Turn} ({ItemId}): {Error}.")]
    public static partial void McpCallFailed(ILogger logger, int turn, string itemId, ServerError? error);

    [LoggerMessage(54, LogLevel.Warning, "Nothing was heard of the call of {Server}/{Tool} for long; turn {Turn} goes on without it.")]
    public static partial void McpCallOverdue(ILogger logger, string server, string tool, int turn);

    [LoggerMessage(55, LogLevel.Debug, "The service asks in turn {Turn} whether it may call {Server}/{Tool} ({ItemId}).")]
    public static partial void ApprovalAsked(ILogger logger, int turn, string server, string tool, string itemId);

    [LoggerMessage(56, LogLevel.Warning, "Nobody said whether {Server}/{Tool} may be called in turn {Turn}; the answer was no.")]
    public static partial void ApprovalUnanswered(ILogger logger, string server, string tool, int turn, Exception? failure);

    [LoggerMessage(57, LogLevel.Warning, "The answer whether {Server}/{Tool} may be called in turn {Turn} came too late and was dropped.")]
    public static partial void ApprovalDropped(ILogger logger, string server, string tool, int turn);

    [LoggerMessage(65, LogLevel.Warning, "The connection was lost ({Kind}); attempt {Attempt} to connect anew follows.")]
    public static partial void Reconnecting(ILogger logger, int attempt, RealtimeCloseKind kind);

    [LoggerMessage(66, LogLevel.Warning, "Attempt {Attempt} to connect anew failed.")]
    public static partial void ReconnectFailed(ILogger logger, int attempt, Exception exception);

    [LoggerMessage(67, LogLevel.Information, "The session goes on over a new connection: {Items} items, {LeftOut} left out.")]
    public static partial void Resumed(ILogger logger, int items, int leftOut);

    [LoggerMessage(68, LogLevel.Warning, "The journal failed {Attempts} times in a row: {Failure}.")]
    public static partial void JournalFailed(ILogger logger, int attempts, string failure);

    [LoggerMessage(69, LogLevel.Information, "The journal takes saves again.")]
    public static partial void JournalRecovered(ILogger logger);

    [LoggerMessage(70, LogLevel.Warning, "The session is about to expire, and a second connection could not be had; it goes on when the first is lost.")]
    public static partial void HandOverFailed(ILogger logger, Exception exception);

    [LoggerMessage(71, LogLevel.Error, "Connecting anew broke, and the session has ended.")]
    public static partial void ReconnectBroke(ILogger logger, Exception exception);
}
