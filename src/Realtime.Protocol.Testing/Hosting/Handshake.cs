using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>The opening of a WebSocket (RFC 6455, 4.2): what the client has to ask, and what it is answered. No extension is ever agreed on.</summary>
internal static class Handshake
{
    /// <summary>The subprotocol of the service; every other one that is offered carries something, such as a key, and is not answered.</summary>
    public const string Subprotocol = "realtime";

    private const string BetaSubprotocol = "openai-beta.realtime-v1";
    private const string Version = "13";
    private const int KeyBytes = 16;

    /// <summary>What was offered, in order.</summary>
    public static IEnumerable<string> Subprotocols(HttpRequest request) =>
        request.Headers.SecWebSocketProtocol.SelectMany(static line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether the client wants the beta, by header or by subprotocol.</summary>
    public static bool IsBeta(HttpRequest request) =>
        request.Headers["OpenAI-Beta"].Any(static line => (line ?? "").Split(',', StringSplitOptions.TrimEntries).Contains("realtime=v1", StringComparer.OrdinalIgnoreCase))
        || Subprotocols(request).Contains(BetaSubprotocol);

    /// <summary>Whether the request opens a WebSocket; when not, it has been answered.</summary>
    public static async Task<bool> IsAskedForAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        IHttpUpgradeFeature? upgrade = context.Features.Get<IHttpUpgradeFeature>();
        if (upgrade is not { IsUpgradableRequest: true } || !headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.Upgrade = "websocket";
            string scheme = context.Request.IsHttps ? "wss://, not with https://" : "ws://, not with http://";
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "upgrade_required", $"This is a WebSocket endpoint: connect with {scheme}.").ConfigureAwait(false);
            return false;
        }

        if (headers.SecWebSocketVersion != Version)
        {
            headers = context.Response.Headers;
            headers.SecWebSocketVersion = Version;
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "upgrade_required", "WebSocket version 13 is the one that is spoken here: send 'Sec-WebSocket-Version: 13'.").ConfigureAwait(false);
            return false;
        }

        Span<byte> key = stackalloc byte[KeyBytes];
        if (!Convert.TryFromBase64String(headers.SecWebSocketKey.ToString(), key, out int length) || length != KeyBytes)
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "invalid_value", "The header 'Sec-WebSocket-Key' has to be 16 bytes in base64.").ConfigureAwait(false);
            return false;
        }

        return true;
    }

    /// <summary>Accepts: from here on the stream carries frames.</summary>
    public static Task<Stream> AcceptAsync(HttpContext context, bool choosesSubprotocol)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());
        if (choosesSubprotocol && Subprotocols(context.Request).Contains(Subprotocol))
        {
            headers.SecWebSocketProtocol = Subprotocol;
        }

        return context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    // What RFC 6455 prescribes; nothing here is a secret.
#pragma warning disable CA5350
    private static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
}
