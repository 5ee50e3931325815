using System.Globalization;
using Microsoft.Extensions.AI;
using Realtime.Protocol.Events;

namespace Realtime.Protocol.AI;

/// <summary>Errors as messages. What the server says is repeated; what the session says has a code of its own and no content of the conversation in it.</summary>
internal static class ErrorMessages
{
    internal const string MissedCode = "messages_missed";
    internal const string ClosedCode = "session_closed";
    internal const string NoResponseCode = "no_response";

    /// <summary>An error of the server's. Its <c>event_id</c> is that of a message where the message's own id went out as such, or where it is known which request the event was.</summary>
    public static ErrorRealtimeServerMessage Of(ErrorView view, ClientMessages sent)
    {
        var message = new ErrorRealtimeServerMessage { MessageId = view.EventId.OrNull() };
        if (view.Details.TryGetErrorDetails(out ErrorDetailsView details))
        {
            message.Error = Content(details.Message.OrNull(), details.Code.OrNull() ?? details.Type.OrNull(), details.Param.OrNull());
            message.OriginatingMessageId = details.EventId.OrNull() is { } id ? sent.OriginOf(id) : null;
        }
        else
        {
            message.Error = Content(view.Details.Text.OrNull(), null, null);
        }

        return message;
    }

    /// <summary>The session has ended, and not as agreed.</summary>
    public static ErrorRealtimeServerMessage Of(RealtimeCloseReason reason) => new() { Error = Content(reason.Description, reason.Error?.Code ?? ClosedCode, reason.Kind.ToString()) };

    /// <summary>A request that no event of the server's answers.</summary>
    public static ErrorRealtimeServerMessage Of(TurnOutcome outcome, string? messageId) => new()
    {
        OriginatingMessageId = messageId,
        Error = Content("No response was made, or no whole one: " + outcome, NoResponseCode, outcome.GetType().Name),
    };

    /// <summary>A reader was too slow.</summary>
    public static ErrorRealtimeServerMessage Missed(int count) => new()
    {
        Error = Content(string.Create(CultureInfo.InvariantCulture, $"{count} messages were left out here, because more waited to be read than are kept."), MissedCode, null),
    };

    public static ErrorContent Content(string? message, string? code, string? details) => new(message ?? "") { ErrorCode = code, Details = details };
}
