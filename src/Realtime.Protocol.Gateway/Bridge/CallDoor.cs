using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// What every call over HTTP passes before it is a WebSocket: it is one, the process takes calls, the caller may, and there is a place. Who is not let in gets a status and a sentence, and costs one log line.
/// </summary>
internal sealed class CallDoor(CallOptions options, GatewayServices services, string protocol)
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    /// <summary>Runs one call, from the request to its end.</summary>
    /// <param name="check">Whether this caller may.</param>
    /// <param name="subprotocol">What is agreed on with the client; null for none.</param>
    /// <param name="call">Makes the call of the open line.</param>
    public async Task ReceiveAsync(HttpContext context, Func<HttpContext, ValueTask<DoorAnswerText?>> check, string? subprotocol, Func<WebSocketCallWire, CallBridge> call)
    {
        IPAddress? address = context.Connection.RemoteIpAddress;
        if (RefusalOf(context) is { } closed)
        {
            await RefuseAsync(context, closed).ConfigureAwait(false);
            return;
        }

        try
        {
            // Behind the limits, so that a ticket is not used up by a full house.
            if (await check(context).ConfigureAwait(false) is { } refusal)
            {
                await RefuseAsync(context, refusal).ConfigureAwait(false);
                return;
            }

            WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = subprotocol, KeepAliveInterval = KeepAlive, KeepAliveTimeout = KeepAlive }).ConfigureAwait(false);
            await call(new WebSocketCallWire(socket, options.MaxMessageBytes, context.Abort)).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            services.Calls.Leave(options, address);
        }
    }

    /// <summary>Null when a place was taken.</summary>
    private DoorAnswerText? RefusalOf(HttpContext context)
    {
        if (services.Sessions.Stopping.IsCancellationRequested)
        {
            return DoorAnswerText.Stopping;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            return new(StatusCodes.Status426UpgradeRequired, "A WebSocket is expected here.");
        }

        return DoorAnswerText.Of(services.Calls.TryEnter(options, context.Connection.RemoteIpAddress));
    }

    private async Task RefuseAsync(HttpContext context, DoorAnswerText refusal)
    {
        GatewayInstruments.NotLetIn(protocol, refusal.Status);
        GatewayLog.Refused(services.Logger, context.Connection.RemoteIpAddress?.ToString(), context.Request.Path.ToUriComponent(), refusal.Text);
        context.Response.StatusCode = refusal.Status;
        if (refusal.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (refusal.Status == StatusCodes.Status426UpgradeRequired)
        {
            context.Response.Headers.Upgrade = "websocket";
        }

        await context.Response.WriteAsync(refusal.Text, context.RequestAborted).ConfigureAwait(false);
    }
}

/// <summary>What a caller is told who is not let in.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Text">One sentence.</param>
/// <param name="RetryAfterSeconds">When to come again; null for never so.</param>
internal sealed record DoorAnswerText(int Status, string Text, int? RetryAfterSeconds = null)
{
    private const int Soon = 1;

    public static DoorAnswerText Stopping { get; } = new(StatusCodes.Status503ServiceUnavailable, "This process stops and takes no more calls.", Soon);

    private static readonly DoorAnswerText Full = new(StatusCodes.Status503ServiceUnavailable, "No more calls are taken at the moment.", Soon);
    private static readonly DoorAnswerText TooManyFromThere = new(StatusCodes.Status429TooManyRequests, "Too many calls come from this address.", Soon);

    /// <summary>Null where the door is open.</summary>
    public static DoorAnswerText? Of(DoorClosed? closed) => closed switch
    {
        DoorClosed.Full => Full,
        DoorClosed.TooManyFromThere => TooManyFromThere,
        _ => null,
    };
}
