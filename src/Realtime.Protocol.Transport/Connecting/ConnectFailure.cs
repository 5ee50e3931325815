using System.Net.Sockets;
using System.Net.WebSockets;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What a failed WebSocket handshake means: three tables, for what the server answered, what a proxy answered and how the network failed.
/// An address is shown without its query, which may hold a token, and a proxy's without its user and password. The server's own sentence
/// stays out of the message: servers quote what they refuse.
/// </summary>
internal static class ConnectFailure
{
    public static RealtimeConnectException FromAnswer(Uri address, RefusedHandshake answer, Exception? inner)
    {
        int code = (int)answer.Status;
        string at = Show(address);

        // Where the status says little, the error's name says more.
        string error = code is not (401 or 403 or 404) && answer.Error is { } words && (words.Code ?? words.Type) is not null ? $" Its error is {words}." : "";
        string again = Again(answer.RetryAfter);
        (RealtimeConnectFailure failure, string message) = code switch
        {
            401 => (RealtimeConnectFailure.Unauthorized, $"{at} refused the key (HTTP {code}). Check that it is set, complete and not expired."),
            403 => (RealtimeConnectFailure.Forbidden, $"{at} does not let this key open a session (HTTP {code}). Check the key's project and permissions."),
            404 => (RealtimeConnectFailure.NotFound, $"{at} does not exist there (HTTP {code}). Check the path and the model or deployment name."),
            407 => (RealtimeConnectFailure.ProxyRefused, $"A proxy on the way to {at} asks for a user and password (HTTP {code}). Set the proxy and its Credentials in ConfigureWebSocket."),
            429 when answer.Error?.Code is "insufficient_quota" => (RealtimeConnectFailure.TooManyRequests, $"{at} has no quota left for this key (HTTP {code}). Check the plan and the billing."),
            429 => (RealtimeConnectFailure.TooManyRequests, $"{at} has had too many requests (HTTP {code}). {again}"),
            >= 300 and < 400 => (RealtimeConnectFailure.Redirected, $"{at} redirects elsewhere (HTTP {code}), which is not followed because the credential would go along. Use the address it points to."),
            >= 500 => (RealtimeConnectFailure.ServerError, $"{at} failed (HTTP {code}). {again}"),
            >= 400 when answer.Error is not null => (RealtimeConnectFailure.HandshakeRefused, $"{at} refused to open a session (HTTP {code}). Check the model, the headers and the options."),
            _ => (RealtimeConnectFailure.NotAWebSocket, $"{at} answered HTTP {code} where a WebSocket was expected. Check that the address is that of a realtime endpoint."),
        };
        return new(failure, message + error, inner) { HttpStatus = answer.Status, RetryAfter = answer.RetryAfter, Error = answer.Error };
    }

    /// <summary>The same table for the answer to a request for a client secret, but that no WebSocket was expected: there the rest of 4xx is about the configuration.</summary>
    public static RealtimeConnectException FromSecretAnswer(Uri address, RefusedHandshake answer)
    {
        int code = (int)answer.Status;
        if (code is not (>= 400 and < 500) or 401 or 403 or 404 or 407 or 429)
        {
            return FromAnswer(address, answer, inner: null);
        }

        string error = answer.Error is { } words && (words.Code ?? words.Type) is not null ? $" Its error is {words}." : "";
        return new(RealtimeConnectFailure.ConfigurationRejected, $"{Show(address)} made no client secret for this configuration (HTTP {code}). Check the option that the error names, and the lifetime.{error}")
        {
            HttpStatus = answer.Status,
            RetryAfter = answer.RetryAfter,
            Error = answer.Error,
        };
    }

    public static RealtimeConnectException FromNoSecret(Uri address) =>
        new(RealtimeConnectFailure.Other, $"{Show(address)} answered without a client secret. Check that the address is that of a realtime service.");

    public static RealtimeConnectException FromNetwork(Uri address, Uri? proxy, Exception inner)
    {
        if (Find<HttpRequestException>(inner) is { HttpRequestError: HttpRequestError.ProxyTunnelError } refused)
        {
            return FromProxy(address, proxy, refused);
        }

        // Behind a proxy the socket and the looked-up name are the proxy's; the server is met in the tunnel only.
        string server = Show(address);
        string at = proxy is null ? server : $"the proxy {ShowProxy(proxy)}";
        string upper = proxy is null ? server : $"The proxy {ShowProxy(proxy)}";
        string host = proxy is null ? $"The host {address.Host}" : $"The host of the proxy, {proxy.Host},";
        (RealtimeConnectFailure failure, string message) = (Find<HttpRequestException>(inner)?.HttpRequestError, Find<SocketException>(inner)?.SocketErrorCode) switch
        {
            (_, SocketError.ConnectionRefused) => (RealtimeConnectFailure.Refused, $"Nobody listens at {at}. Check the host and port, and that the server runs."),
            (HttpRequestError.NameResolutionError, _) => (RealtimeConnectFailure.HostNotFound, $"{host} is not known. Check its spelling and the network."),
            (HttpRequestError.SecureConnectionError, _) => (RealtimeConnectFailure.Tls, $"No encrypted connection to {server} could be made. Check the certificate, or use ws: if the server is a local one without TLS."),
            (HttpRequestError.ConnectionError, _) => (RealtimeConnectFailure.Unreachable, $"{upper} can't be reached. Check the network and the proxy settings."),
            (HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError, _) =>
                (RealtimeConnectFailure.NotAWebSocket, $"{server}{(proxy is null ? "" : $", or the proxy {ShowProxy(proxy)},")} does not speak HTTP. Check the port, and whether the server expects wss:."),
            (_, not null) => (RealtimeConnectFailure.Unreachable, $"{upper} can't be reached. Check the network and the proxy settings."),
            _ when Find<WebSocketException>(inner)?.WebSocketErrorCode is WebSocketError.HeaderError or WebSocketError.NotAWebSocket or WebSocketError.UnsupportedProtocol or WebSocketError.UnsupportedVersion =>
                (RealtimeConnectFailure.NotAWebSocket, $"{server} answered the WebSocket handshake wrongly. Check that the address is that of a realtime endpoint."),
            _ => (RealtimeConnectFailure.Other, $"No connection to {server} could be made."),
        };
        return new(failure, message, inner);
    }

    public static RealtimeConnectException FromTimeout(Uri address, TimeSpan timeout, Exception? inner) =>
        new(RealtimeConnectFailure.Timeout, $"{Show(address)} did not answer within {timeout.TotalSeconds:0.###} s. Check the network, or allow more with ConnectTimeout.", inner);

    public static RealtimeConnectException FromCredential(Exception inner) =>
        new(RealtimeConnectFailure.CredentialFailed, "The credential callback failed, so nothing was sent. The inner exception says why.", inner);

    public static RealtimeConnectException FromLateCredential(TimeSpan timeout, Exception inner) =>
        new(RealtimeConnectFailure.Timeout, $"The credential callback did not answer within {timeout.TotalSeconds:0.###} s, so nothing was sent. Check what it waits for, or allow more with ConnectTimeout.", inner);

    public static string Show(Uri address) => address.GetLeftPart(UriPartial.Path);

    // The platform's exception quotes the proxy's address with user and password, so a copy without it takes its place.
    private static RealtimeConnectException FromProxy(Uri address, Uri? proxy, HttpRequestException refused)
    {
        string at = proxy is null ? "The proxy" : $"The proxy {ShowProxy(proxy)}";
        int? code = (int?)refused.StatusCode;
        string message = code switch
        {
            407 => $"{at} asks for a user and password (HTTP 407). Set them as the Credentials of the proxy, in ConfigureWebSocket.",
            403 => $"{at} does not let connections through to {Show(address)} (HTTP 403). Check its rules.",
            not null => $"{at} made no connection to {Show(address)} (HTTP {code}). Check the address and the proxy.",
            null => $"{at} made no connection to {Show(address)}. Check its kind, its user and its password.",
        };
        return new(RealtimeConnectFailure.ProxyRefused, message, new HttpRequestException(refused.HttpRequestError, "The proxy refused the connection.", null, refused.StatusCode))
        {
            HttpStatus = refused.StatusCode,
        };
    }

    private static string ShowProxy(Uri proxy) => proxy.GetComponents(UriComponents.Scheme | UriComponents.HostAndPort, UriFormat.UriEscaped);

    private static string Again(TimeSpan? wait) => wait is { TotalSeconds: >= 1 } known
        ? $"Try again in {Math.Ceiling(known.TotalSeconds):0} s."
        : "Try again later.";

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
