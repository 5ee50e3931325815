using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol;

/// <summary>
/// The addresses of the services, and the rules for an address of one's own. Pure: addresses in, addresses out.
/// </summary>
public static class RealtimeEndpoint
{
    /// <summary>The model asked for when neither the options nor the address name one and the service is OpenAI's.</summary>
    public const string DefaultModel = "gpt-realtime";

    private const string OpenAIHost = "api.openai.com";

    private const string OpenAIPath = "/v1/realtime";

    private const string AzurePath = "/openai/v1/realtime";

    internal const string OpenAIAddress = $"wss://{OpenAIHost}{OpenAIPath}";

    internal const string OpenAITranslations = $"{OpenAIAddress}/translations";

    internal const string DefaultTranslationModel = "gpt-realtime-translate";

    /// <summary>OpenAI's service.</summary>
    /// <param name="model">The model, for instance <c>gpt-realtime</c>.</param>
    public static Uri OpenAI(string model = DefaultModel)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        return new($"{OpenAIAddress}?model={Uri.EscapeDataString(model)}");
    }

    /// <summary>A call that runs over WebRTC or SIP with OpenAI's service: a session at this address stands beside it.</summary>
    /// <param name="callId">The id of the call.</param>
    internal static Uri Call(string callId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(callId);
        return new($"{OpenAIAddress}?call_id={Uri.EscapeDataString(callId)}");
    }

    /// <summary>
    /// An Azure OpenAI resource. Use it with <see cref="CredentialHeader.ApiKey"/> for a resource key, or with the default header for an
    /// Entra ID token.
    /// </summary>
    /// <param name="resource">The resource's address, for instance <c>https://name.openai.azure.com</c>; its path is not used.</param>
    /// <param name="deployment">The name of the deployment, which takes the place of the model.</param>
    public static Uri Azure(Uri resource, string deployment)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentException.ThrowIfNullOrEmpty(deployment);
        Uri server = ToWebSocket(resource, nameof(resource));
        return new(server, $"{AzurePath}?model={Uri.EscapeDataString(deployment)}");
    }

    /// <summary>The address that the options lead to.</summary>
    /// <exception cref="ArgumentException">The address is not absolute, or of a scheme that can't carry a WebSocket, or holds a user name or password.</exception>
    internal static Uri Resolve(RealtimeConnectionOptions options)
    {
        Uri address = options.Endpoint is null ? new(options.DefaultAddress) : ToWebSocket(options.Endpoint, $"{nameof(options)}.{nameof(options.Endpoint)}");
        address = With(address, "intent", options.Intent);
        return With(address, "model", options.Model ?? (options.Endpoint is null ? options.DefaultModel : null));
    }

    /// <summary>
    /// Where client secrets for sessions at this address are to be had, and the model that such a session has. OpenAI, Azure OpenAI (API v1) and the simulator alike keep them below the path of the sessions.
    /// What else the query says, an <c>api-version</c> for instance, goes along.
    /// </summary>
    /// <param name="address">As <see cref="Resolve"/> gives it.</param>
    /// <param name="model">The model that the address states; null for none.</param>
    internal static Uri ClientSecrets(Uri address, out string? model)
    {
        ILookup<bool, string> query = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .ToLookup(static pair => pair.StartsWith("model=", StringComparison.Ordinal) || pair.StartsWith("intent=", StringComparison.Ordinal));
        model = query[true].FirstOrDefault(static pair => pair.StartsWith("model=", StringComparison.Ordinal)) is { } stated ? Uri.UnescapeDataString(stated["model=".Length..]) : null;
        return new UriBuilder(address)
        {
            Scheme = address.Scheme == Uri.UriSchemeWss ? Uri.UriSchemeHttps : Uri.UriSchemeHttp,
            Port = address.IsDefaultPort ? -1 : address.Port,
            Path = address.AbsolutePath.TrimEnd('/') + "/client_secrets",
            Query = string.Join('&', query[false]),
        }.Uri;
    }

    /// <summary>
    /// What is known of the service at this address before it says a word. OpenAI and Azure OpenAI repeat a request's metadata in its <c>response.created</c> and state the conversation, so
    /// already their first response is matched by its token. Behind any other address may stand anything; it is learned from what it does.
    /// </summary>
    /// <param name="address">As <see cref="Resolve"/> gives it.</param>
    internal static Capabilities CapabilitiesOf(Uri address)
    {
        string path = address.AbsolutePath.TrimEnd('/');
        bool isOpenAI = path == OpenAIPath && (address.Host == OpenAIHost || address.Host.EndsWith($".{OpenAIHost}", StringComparison.Ordinal));
        bool isAzure = path == AzurePath && (address.Host.EndsWith(".azure.com", StringComparison.Ordinal) || address.Host.EndsWith(".azure.us", StringComparison.Ordinal));
        return isOpenAI || isAzure ? new() { EchoesMetadata = Knowledge.Yes, StatesConversation = Knowledge.Yes } : new();
    }

    /// <summary>Refuses to send a credential where everyone on the way can read it.</summary>
    /// <exception cref="ArgumentException">A credential, <c>ws:</c>, a host other than this machine, and no permission.</exception>
    internal static void ThrowIfCredentialWouldBeReadable(Uri address, RealtimeConnectionOptions options)
    {
        bool carriesCredential = options.Credential is not null || options.Headers.Keys.Any(CarriesCredential);
        if (carriesCredential && address.Scheme == Uri.UriSchemeWs && !address.IsLoopback && !options.AllowCredentialOverPlainText)
        {
            throw new ArgumentException(
                $"The credential would travel unencrypted to {address.Host}. Use wss:, or set {nameof(options.AllowCredentialOverPlainText)} if the way there is trusted.",
                nameof(options));
        }
    }

    /// <summary>Whether a request header of this name carries a key or token.</summary>
    internal static bool CarriesCredential(string header) =>
        header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || header.Equals("api-key", StringComparison.OrdinalIgnoreCase);

    // What the address says already stays as it is.
    private static Uri With(Uri address, string name, string? value)
    {
        string query = address.Query.TrimStart('?');
        if (value is null || query.Split('&').Any(pair => pair.StartsWith($"{name}=", StringComparison.Ordinal)))
        {
            return address;
        }

        string stated = $"{name}={Uri.EscapeDataString(value)}";
        return new UriBuilder(address) { Query = query.Length == 0 ? stated : $"{query}&{stated}" }.Uri;
    }

    private static Uri ToWebSocket(Uri address, string member)
    {
        if (!address.IsAbsoluteUri)
        {
            // Not repeated: its query, or what stands before its host, may hold a secret.
            throw new ArgumentException("The endpoint is not a whole address; write for instance ws://127.0.0.1:5000/v1/realtime.", member);
        }

        string scheme = address.Scheme switch
        {
            "wss" or "https" => Uri.UriSchemeWss,
            "ws" or "http" => Uri.UriSchemeWs,
            _ => throw new ArgumentException($"The endpoint's scheme is \"{address.Scheme}:\"; expected wss:, ws:, https: or http:.", member),
        };

        // The address itself is not repeated: it holds a secret.
        if (address.UserInfo.Length != 0)
        {
            throw new ArgumentException("The endpoint holds a user name or password; use the Credential option.", member);
        }

        return address.Scheme == scheme ? address : new UriBuilder(address) { Scheme = scheme, Port = address.IsDefaultPort ? -1 : address.Port }.Uri;
    }
}
