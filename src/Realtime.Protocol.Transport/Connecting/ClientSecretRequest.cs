using System.Buffers;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport;

/// <summary>
/// One request for a client secret: options in, a key or a typed failure out. It goes over a handler that is made like the one of a handshake, so that proxy, certificates, redirects and the words of a
/// refusal are the same. No connection is kept: a key is asked for seldom, and the handler holds the application's certificates.
/// </summary>
internal static class ClientSecretRequest
{
    // The configuration comes back in the answer, instructions included.
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    /// <param name="options">A copy of the caller's.</param>
    /// <param name="lifetime">Of the key; null for the service's own.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<EphemeralKey> SendAsync(VoiceSessionOptions options, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        ThrowIfNoSecretOpensIt(options, lifetime);
        Uri session = RealtimeEndpoint.Resolve(options);
        RealtimeEndpoint.ThrowIfCredentialWouldBeReadable(session, options);
        Uri address = RealtimeEndpoint.ClientSecrets(session, out string? model);
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        McpTokens tokens = await TokensAsync(options, either.Token, cancellationToken).ConfigureAwait(false);
        byte[] body = Body(options, model, lifetime, tokens);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        string? credential = await AddHeadersAsync(request.Headers, options, either.Token).ConfigureAwait(false);
        using var socket = new ClientWebSocket();
        SocketsHttpHandler handler = WebSocketConnector.CreateHandler(socket.Options, address, options);
        Uri? proxy = WebSocketConnector.ProxyFor(handler, address);
        var witness = new HandshakeWitness(handler, WebSocketConnector.Secrets(options, credential), options.TimeProvider) { TakesAnySuccess = true };
        using var http = new HttpMessageInvoker(witness);
        byte[] answer = [];
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
            if (witness.Refusal is null)
            {
                await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, either.Token).ConfigureAwait(false);
                answer = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw witness.Refusal is { } late ? ConnectFailure.FromSecretAnswer(address, late)
                : timeout.IsCancellationRequested ? ConnectFailure.FromTimeout(address, options.ConnectTimeout, failure)
                : ConnectFailure.FromNetwork(address, proxy, failure);
        }

        return witness.Refusal is { } refusal ? throw ConnectFailure.FromSecretAnswer(address, refusal) : Read(answer) ?? throw ConnectFailure.FromNoSecret(address);
    }

    private static void ThrowIfNoSecretOpensIt(VoiceSessionOptions options, TimeSpan? lifetime)
    {
        if (lifetime is { } wanted)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(wanted, TimeSpan.FromSeconds(1), nameof(lifetime));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted, TimeSpan.FromDays(24), nameof(lifetime));
        }

        if (options.IsBesideACall)
        {
            throw new ArgumentException("A client secret opens a session of its own; these options stand beside a call.", nameof(options));
        }

        if (options is { Transport: not null, Endpoint: null })
        {
            throw new ArgumentException($"A client secret is asked for over HTTP, and these options know no address: they have a {nameof(options.Transport)} and no {nameof(options.Endpoint)}.", nameof(options));
        }
    }

    private static async ValueTask<McpTokens> TokensAsync(VoiceSessionOptions options, CancellationToken either, CancellationToken caller)
    {
        try
        {
            return await McpTokens.FetchAsync(options.Session.Tools, either).ConfigureAwait(false);
        }
        catch (Exception failure) when (!caller.IsCancellationRequested)
        {
            throw either.IsCancellationRequested ? ConnectFailure.FromLateCredential(options.ConnectTimeout, failure) : ConnectFailure.FromCredential(failure);
        }
    }

    [SequencerEntry] // It writes the configuration of a session, which is no event.
    private static byte[] Body(VoiceSessionOptions options, string? model, TimeSpan? lifetime, McpTokens tokens)
    {
        ConfigurationWriting.ForConnecting(options, out Session session, tokens);
        if (model is not null)
        {
            session.Model = model;
        }

        var wire = new ArrayBufferWriter<byte>();
        JsonWrite.Write(wire, session);
        var body = new ArrayBufferWriter<byte>(wire.WrittenCount + 128);
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        if (lifetime is { } wanted)
        {
            json.WriteStartObject("expires_after"u8);
            json.WriteString("anchor"u8, "created_at"u8);
            json.WriteNumber("seconds"u8, (long)wanted.TotalSeconds);
            json.WriteEndObject();
        }

        json.WritePropertyName("session"u8);
        json.WriteRawValue(wire.WrittenSpan);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenSpan.ToArray();
    }

    // Gives the credential that it put into a header.
    private static async ValueTask<string?> AddHeadersAsync(HttpRequestHeaders headers, VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        foreach ((string name, string text) in options.Headers)
        {
            Writable.Header(name, text, $"{nameof(options)}.{nameof(options.Headers)}");
            headers.TryAddWithoutValidation(name, text);
        }

        if (options.Credential is not { } credential)
        {
            return null;
        }

        string value = await WebSocketConnector.GetCredentialAsync(credential, options.ConnectTimeout, cancellationToken).ConfigureAwait(false);
        (string header, string carried) = (credential.Header ?? options.CredentialHeader) is CredentialHeader.ApiKey ? ("api-key", value) : ("Authorization", "Bearer " + value);
        headers.Remove(header); // the option wins over a header that says the same, as in a handshake
        headers.TryAddWithoutValidation(header, carried);
        return value;
    }

    /// <summary>The key in the answer; null where there is none.</summary>
    private static EphemeralKey? Read(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            JsonElement root = document.RootElement;
            return Text(root, "value") is { Length: > 0 } value && root.TryGetProperty("expires_at"u8, out JsonElement until) && until.TryGetInt64(out long seconds)
                ? new(value, DateTimeOffset.FromUnixTimeSeconds(seconds), root.TryGetProperty("session"u8, out JsonElement session) ? Text(session, "id") : null)
                : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null; // no JSON, another shape, or a time that no calendar has
        }
    }

    private static string? Text(JsonElement place, string name) => place.TryGetProperty(name, out JsonElement member) && member.ValueKind is JsonValueKind.String ? member.GetString() : null;
}
