using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Realtime.Protocol.Gateway;

/// <summary>From which page a call comes: a browser lets any page open a WebSocket to anywhere, and says truly which one it was. No other client has to say it, so who says nothing is no page.</summary>
internal static class OriginCheck
{
    public static bool IsAllowed(HttpRequest request, ISet<string> allowed)
    {
        if (request.Headers[HeaderNames.Origin] is not [{ } origin])
        {
            return request.Headers[HeaderNames.Origin].Count == 0;
        }

        return allowed.Count > 0
            ? allowed.Contains(origin)
            : string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
