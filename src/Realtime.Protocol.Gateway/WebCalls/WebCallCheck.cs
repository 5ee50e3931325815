using Microsoft.AspNetCore.Http;

namespace Realtime.Protocol.Gateway;

/// <summary>Whether a caller of our own protocol is let in: the name of the call, the page that he comes from, the protocol, and the ticket, which is used last and only then used up.</summary>
internal static class WebCallCheck
{
    /// <summary>Null lets him in.</summary>
    public static DoorAnswerText? RefusalOf(HttpContext context, string id, VoiceCallsOptions options, CallTickets tickets)
    {
        if (!CallWords.IsCallId(id))
        {
            return new(StatusCodes.Status400BadRequest, "The address names no call.");
        }

        if (!OriginCheck.IsAllowed(context.Request, options.AllowedOrigins))
        {
            return new(StatusCodes.Status403Forbidden, "Calls from this page are not taken.");
        }

        IList<string> offered = context.WebSockets.WebSocketRequestedProtocols;
        if (!offered.Contains(WebCallProtocol.Subprotocol))
        {
            return new(StatusCodes.Status400BadRequest, $"The subprotocol {WebCallProtocol.Subprotocol} was not offered.");
        }

        if (!options.RequireTicket)
        {
            return null;
        }

        string? ticket = offered.FirstOrDefault(static name => name.StartsWith(CallTickets.SubprotocolPrefix, StringComparison.Ordinal));
        return ticket is null ? new(StatusCodes.Status401Unauthorized, "There is no ticket among the subprotocols.")
            : tickets.TryUse(ticket[CallTickets.SubprotocolPrefix.Length..], id, out string? wrong) ? null
            : new(StatusCodes.Status401Unauthorized, wrong);
    }
}
