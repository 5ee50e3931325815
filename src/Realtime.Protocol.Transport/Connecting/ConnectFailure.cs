using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What a failed WebSocket handshake means: two tables, one for what the server answered and one for how the network failed. An address
/// is shown without its query, which may hold a token.
/// </summary>
internal static class ConnectFailure
{
    public static RealtimeConnectException FromAnswer(Uri address, HttpStatusCode status, Exception inner)
    {
        int code = (int)status;
        string at = Show(address);
        (RealtimeConnectFailure failure, string message) = code switch
        {
            401 => (RealtimeConnectFailure.Unauthorized, $"{at} refused the key (HTTP 401). Check that it is set, complete and not expired."),
            403 => (RealtimeConnectFailure.Forbidden, $"{at} does not let this key open a session (HTTP 403). Check the key's project and permissions."),
            404 => (RealtimeConnectFailure.NotFound, $"{at} does not exist there (HTTP 404). Check the path and the model or deployment name."),
            429 => (RealtimeConnectFailure.TooManyRequests, $"{at} has had too many requests (HTTP 429). Try again later."),
            >= 300 and < 400 => (RealtimeConnectFailure.Redirected, $"{at} redirects elsewhere (HTTP {code}), which is not followed because the credential would go along. Use the address it points to."),
            >= 500 => (RealtimeConnectFailure.ServerError, $"{at} failed (HTTP {code}). Try again later."),
            _ => (RealtimeConnectFailure.NotAWebSocket, $"{at} answered HTTP {code} where a WebSocket was expected. Check that the address is that of a realtime endpoint."),
        };
        return new(failure, message, inner) { HttpStatus = status };
    }

    public static RealtimeConnectException FromNetwork(Uri address, Exception inner)
    {
        string at = Show(address);
        (RealtimeConnectFailure failure, string message) = (Find<HttpRequestException>(inner)?.HttpRequestError, Find<SocketException>(inner)?.SocketErrorCode) switch
        {
            (_, SocketError.ConnectionRefused) => (RealtimeConnectFailure.Refused, $"Nobody listens at {at}. Check the host and port, and that the server runs."),
            (HttpRequestError.NameResolutionError, _) => (RealtimeConnectFailure.HostNotFound, $"The host {address.Host} is not known. Check its spelling and the network."),
            (HttpRequestError.SecureConnectionError, _) => (RealtimeConnectFailure.Tls, $"No encrypted connection to {at} could be made. Check the certificate, or use ws: if the server is a local one without TLS."),
            (HttpRequestError.ConnectionError, _) => (RealtimeConnectFailure.Unreachable, $"{at} can't be reached. Check the network and the proxy settings."),
            (HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError, _) =>
                (RealtimeConnectFailure.NotAWebSocket, $"{at} does not speak HTTP. Check the port, and whether the server expects wss:."),
            (_, not null) => (RealtimeConnectFailure.Unreachable, $"{at} can't be reached. Check the network and the proxy settings."),
            _ when Find<WebSocketException>(inner)?.WebSocketErrorCode is WebSocketError.HeaderError or WebSocketError.NotAWebSocket or WebSocketError.UnsupportedProtocol or WebSocketError.UnsupportedVersion =>
                (RealtimeConnectFailure.NotAWebSocket, $"{at} answered the WebSocket handshake wrongly. Check that the address is that of a realtime endpoint."),
            _ => (RealtimeConnectFailure.Other, $"No connection to {at} could be made."),
        };
        return new(failure, message, inner);
    }

    public static RealtimeConnectException FromTimeout(Uri address, TimeSpan timeout, Exception? inner) =>
        new(RealtimeConnectFailure.Timeout, $"{Show(address)} did not answer within {timeout.TotalSeconds:0.###} s. Check the network, or allow more with ConnectTimeout.", inner);

    public static RealtimeConnectException FromCredential(Exception inner) =>
        new(RealtimeConnectFailure.CredentialFailed, "The credential callback failed, so nothing was sent. The inner exception says why.", inner);

    public static string Show(Uri address) => address.GetLeftPart(UriPartial.Path);

    private static T? Find<T>(Exception? failure)
        where T : Exception
    {
        while (failure is not null and not T)
        {
            failure = failure.InnerException;
        }

        return (T?)failure;
    }
}
