using System.Net;
using System.Net.WebSockets;

namespace Realtime.Protocol.Transport;

/// <summary>
/// One connection attempt: options in, an open transport or a typed failure out. The handshake runs over a handler of ours, because the
/// platform's own follows redirects and takes every header but <c>Authorization</c> along, <c>api-key</c> included (seen on .NET 10).
/// </summary>
internal static class WebSocketConnector
{
    public static async Task<WebSocketTransport> ConnectAsync(RealtimeConnectionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Uri address = RealtimeEndpoint.Resolve(options);
        RealtimeEndpoint.ThrowIfCredentialWouldBeReadable(address, options);

        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var socket = new ClientWebSocket();
        try
        {
            await ConfigureAsync(socket.Options, options, either.Token).ConfigureAwait(false);
            using HttpMessageInvoker handshake = CreateHandshake(socket.Options, address, options);
            await socket.ConnectAsync(address, handshake, either.Token).ConfigureAwait(false);
            return new WebSocketTransport(socket, options.Limits, options.TimeProvider);
        }
        catch (Exception failure)
        {
            // Read before it is disposed: the answer's status is the best evidence there is.
            HttpStatusCode status = socket.HttpStatusCode;
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (Explain(failure, address, status, timeout.IsCancellationRequested, options.ConnectTimeout) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    private static RealtimeConnectException? Explain(Exception failure, Uri address, HttpStatusCode status, bool timedOut, TimeSpan timeout) => failure switch
    {
        _ when timedOut => ConnectFailure.FromTimeout(address, timeout, failure),
        WebSocketException when status is not 0 and not HttpStatusCode.SwitchingProtocols => ConnectFailure.FromAnswer(address, status, failure),
        WebSocketException or HttpRequestException or IOException => ConnectFailure.FromNetwork(address, failure),
        _ => null,
    };

    private static async ValueTask ConfigureAsync(ClientWebSocketOptions socket, RealtimeConnectionOptions options, CancellationToken cancellationToken)
    {
        socket.AddSubProtocol("realtime");
        socket.KeepAliveInterval = options.KeepAliveInterval;
        socket.KeepAliveTimeout = options.KeepAliveTimeout;
        socket.CollectHttpResponseDetails = true;
        foreach ((string name, string value) in options.Headers)
        {
            socket.SetRequestHeader(name, value);
        }

        if (options.Credential is { } credential)
        {
            string value = await GetCredentialAsync(credential, cancellationToken).ConfigureAwait(false);
            switch (options.CredentialHeader)
            {
                case CredentialHeader.ApiKey:
                    socket.SetRequestHeader("api-key", value);
                    break;
                default:
                    socket.SetRequestHeader("Authorization", "Bearer " + value);
                    break;
            }
        }
    }

    private static async ValueTask<string> GetCredentialAsync(RealtimeCredential credential, CancellationToken cancellationToken)
    {
        try
        {
            return await credential.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw ConnectFailure.FromCredential(failure);
        }
    }

    // What the hook set on the WebSocket's options moves to the handler: the platform takes a handler only with options that leave these alone.
    private static HttpMessageInvoker CreateHandshake(ClientWebSocketOptions socket, Uri address, RealtimeConnectionOptions options)
    {
        IWebProxy? systemProxy = socket.Proxy;
        options.ConfigureWebSocket?.Invoke(socket);

        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero };
        bool keepsSystemProxy = ReferenceEquals(socket.Proxy, systemProxy);
        handler.UseProxy = keepsSystemProxy ? !address.IsLoopback : socket.Proxy is not null;
        if (!keepsSystemProxy)
        {
            handler.Proxy = socket.Proxy;
            socket.Proxy = null;
        }

        handler.Credentials = socket.UseDefaultCredentials ? CredentialCache.DefaultCredentials : socket.Credentials;
        socket.UseDefaultCredentials = false;
        socket.Credentials = null;
        if (socket.Cookies is { } cookies)
        {
            (handler.UseCookies, handler.CookieContainer, socket.Cookies) = (true, cookies, null);
        }

        if (socket.RemoteCertificateValidationCallback is { } check)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = check;
            socket.RemoteCertificateValidationCallback = null;
        }

        if (socket.ClientCertificates is { Count: > 0 } certificates)
        {
            handler.SslOptions.ClientCertificates = certificates;
            socket.ClientCertificates = [];
        }

        // The connection outlives the invoker: once upgraded, it belongs to the WebSocket.
        return new HttpMessageInvoker(handler, disposeHandler: true);
    }
}
