using System.Diagnostics;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// A key that is good for a short while and for sessions of one configuration: a server asks for it with its own key and gives it to a browser or telephone, which connects with it. Whoever holds it can
/// open sessions at the server's expense until it expires.
/// </summary>
/// <param name="Value">The secret, <c>ek_…</c>: as <c>Authorization: Bearer</c>, or in a browser as the subprotocol <c>openai-insecure-api-key.ek_…</c>.</param>
/// <param name="ExpiresAt">Until when it opens sessions, by the service's clock. A session that is open then goes on.</param>
/// <param name="SessionId">The service's id of the session; null where it gives none before one is opened.</param>
[DebuggerDisplay("EphemeralKey (hidden) until {ExpiresAt}")]
public sealed record EphemeralKey(string Value, DateTimeOffset ExpiresAt, string? SessionId)
{
    /// <summary>
    /// Asks the service for a key to a session such as these options would open: the configuration goes along, <see cref="SessionConfiguration.Customize"/> included, tools as declarations, with the tokens
    /// of MCP servers. What the options say of the way there holds as well: address, credential, headers, proxy and certificates of <see cref="RealtimeConnectionOptions.ConfigureWebSocket"/>.
    /// What concerns the session's own process does not go along: <see cref="VoiceSessionOptions.History"/>, tools as code, <see cref="VoiceSessionOptions.WhenBusy"/> and its like.
    /// </summary>
    /// <param name="options">Read now; later changes have no effect.</param>
    /// <param name="lifetime">For how long it is good, in whole seconds, at least one; OpenAI takes 10 s to 2 h. Null leaves it to the service, which takes 10 minutes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RealtimeConnectException">The service gave none; its <see cref="RealtimeConnectException.Failure"/> says why. It holds neither the credential nor a key.</exception>
    /// <exception cref="ArgumentException">The options are wrong, or stand beside a call or over a <see cref="RealtimeConnectionOptions.Transport"/> without an address; the message says which and why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<EphemeralKey> CreateAsync(VoiceSessionOptions options, TimeSpan? lifetime = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ClientSecretRequest.SendAsync(options.Clone(), lifetime, cancellationToken);
    }

    /// <summary>The type's name and when it expires; never the key.</summary>
    public override string ToString() => FormattableString.Invariant($"{nameof(EphemeralKey)} (hidden) until {ExpiresAt:u}");
}
