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
        options = options.Clone();
        Uri address = RealtimeEndpoint.Resolve(options);
        RealtimeEndpoint.ThrowIfCredentialWouldBeReadable(address, options);
        foreach ((string name, string text) in options.Headers)
        {
            Writable.Header(name, text, $"{nameof(options)}.{nameof(options.Headers)}");
        }

        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var socket = new ClientWebSocket();
        HandshakeWitness? witness = null;
        Uri? proxy = null;
        try
        {
            string? credential = await ConfigureAsync(socket.Options, options, either.Token).ConfigureAwait(false);
            SocketsHttpHandler handler = CreateHandler(socket.Options, address, options);
            proxy = ProxyFor(handler, address);
            SecretWords secrets = Secrets(options, credential);
            witness = new(handler, secrets, options.TimeProvider);

            // The connection outlives the invoker: once upgraded, it belongs to the WebSocket.
            using var handshake = new HttpMessageInvoker(witness, disposeHandler: true);
            await socket.ConnectAsync(address, handshake, either.Token).ConfigureAwait(false);
            return new WebSocketTransport(socket, options.Limits, options.TimeProvider, secrets) { ReceivesInPool = true };
        }
        catch (Exception failure)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (Explain(failure, address, proxy, witness?.Refusal, timeout.IsCancellationRequested, options.ConnectTimeout) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    // An answer says more than a timeout that ran out while its body was read.
    private static RealtimeConnectException? Explain(
        Exception failure, Uri address, Uri? proxy, RefusedHandshake? answer, bool timedOut, TimeSpan timeout) => failure switch
        {
            RealtimeConnectException => null,
            _ when answer is not null => ConnectFailure.FromAnswer(address, answer, failure),
            _ when timedOut => ConnectFailure.FromTimeout(address, timeout, failure),
            WebSocketException or HttpRequestException or IOException => ConnectFailure.FromNetwork(address, proxy, failure),
            _ => null,
        };

    // Gives the credential that it put into a header.
    private static async ValueTask<string?> ConfigureAsync(ClientWebSocketOptions socket, RealtimeConnectionOptions options, CancellationToken cancellationToken)
    {
        socket.AddSubProtocol("realtime");
        socket.KeepAliveInterval = options.KeepAliveInterval;
        socket.KeepAliveTimeout = options.KeepAliveTimeout;
        foreach ((string name, string text) in options.Headers)
        {
            socket.SetRequestHeader(name, text);
        }

        string? value = null;
        if (options.Credential is { } credential)
        {
            value = await GetCredentialAsync(credential, options.ConnectTimeout, cancellationToken).ConfigureAwait(false);
            switch (credential.Header ?? options.CredentialHeader)
            {
                case CredentialHeader.ApiKey:
                    socket.SetRequestHeader("api-key", value);
                    break;
                default:
                    socket.SetRequestHeader("Authorization", "Bearer " + value);
                    break;
            }
        }

        return value;
    }

    internal static async ValueTask<string> GetCredentialAsync(RealtimeCredential credential, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await credential.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw ConnectFailure.FromCredential(failure);
        }
        catch (OperationCanceledException cancelled)
        {
            // If it was the application that gave up, it is told so and not this.
            throw ConnectFailure.FromLateCredential(timeout, cancelled);
        }
    }

    // What a server may quote of a refused request and nobody is to read in a log.
    internal static SecretWords Secrets(RealtimeConnectionOptions options, string? credential)
    {
        List<string> secrets = [.. options.Headers.Where(header => RealtimeEndpoint.CarriesCredential(header.Key)).Select(header => Token(header.Value))];
        if (credential is not null)
        {
            secrets.Add(credential);
        }

        return new(secrets);

        // A server quotes the token, not the word "Bearer" before it.
        static string Token(string header) => header[(header.LastIndexOf(' ') + 1)..];
    }

    // Whom a failure is to be laid to; the handler asks again for itself.
    internal static Uri? ProxyFor(SocketsHttpHandler handler, Uri address)
    {
        if (!handler.UseProxy)
        {
            return null;
        }

        try
        {
            IWebProxy proxy = handler.Proxy ?? HttpClient.DefaultProxy;
            return proxy.IsBypassed(address) ? null : proxy.GetProxy(address);
        }
        catch (Exception)
        {
            // A proxy of the application's own; the handler goes without one that throws, and so does the message.
            return null;
        }
    }

    // What the hook set on the WebSocket's options moves to the handler: the platform takes a handler only with options that leave these alone.
    internal static SocketsHttpHandler CreateHandler(ClientWebSocketOptions socket, Uri address, RealtimeConnectionOptions options)
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

        return handler;
    }
}
