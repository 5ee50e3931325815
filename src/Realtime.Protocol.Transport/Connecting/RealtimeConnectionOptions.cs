using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Realtime.Protocol;

/// <summary>
/// Where to connect, with which credential, and what the connection may cost. The values are read when connecting starts; later changes
/// have no effect on a connection that exists.
/// </summary>
public class RealtimeConnectionOptions
{
    private TimeSpan _connectTimeout = TimeSpan.FromSeconds(15);
    private TimeSpan _keepAliveInterval = TimeSpan.FromSeconds(15);
    private TimeSpan _keepAliveTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The service's address: <c>wss:</c>, <c>ws:</c>, or <c>https:</c> and <c>http:</c>, which mean the same two. Null means OpenAI's,
    /// <c>wss://api.openai.com/v1/realtime</c>. <see cref="RealtimeEndpoint"/> builds the common ones.
    /// </summary>
    public Uri? Endpoint { get; set; }

    /// <summary>
    /// The model, sent as the <c>model</c> parameter of the address unless the address has one already. Null leaves the address as it is;
    /// with OpenAI's own address it then means <see cref="RealtimeEndpoint.DefaultModel"/>.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>
    /// The application's own name of this call, for instance its number in a telephone system; null for none. Nobody else is told it: every log message of the session stands in a scope with it as
    /// <c>CallId</c>. The service's name of a call that a session stands beside is the argument of <see cref="VoiceSessionOptions.Attach"/>.
    /// </summary>
    public string? CallId { get; set; }

    /// <summary>The key or token; null connects without one.</summary>
    public RealtimeCredential? Credential { get; set; }

    /// <summary>Which header carries the credential. The default is <c>Authorization: Bearer</c>.</summary>
    public CredentialHeader CredentialHeader { get; set; }

    /// <summary>
    /// Lets the credential travel unencrypted over <c>ws:</c> to a host other than this machine. The default is false: such a connection is
    /// refused before anything is sent.
    /// </summary>
    public bool AllowCredentialOverPlainText { get; set; }

    /// <summary>Further request headers, for instance <c>OpenAI-Organization</c>. Names and values are printable ASCII; anything else is an <see cref="ArgumentException"/> of connecting that names the header.</summary>
    public IDictionary<string, string> Headers { get; private set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long each half of connecting may take: the handshake, fetching the credential included; then the opening and configuring of the session. 15 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than 24 days; <see cref="Timeout.InfiniteTimeSpan"/> is allowed.</exception>
    public TimeSpan ConnectTimeout { get => _connectTimeout; set => _connectTimeout = Time(value); }

    /// <summary>How long the connection may be silent before a ping is sent. 15 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than 24 days; <see cref="Timeout.InfiniteTimeSpan"/> is allowed.</exception>
    public TimeSpan KeepAliveInterval { get => _keepAliveInterval; set => _keepAliveInterval = Time(value); }

    /// <summary>How long the answer to a ping may take before the connection counts as lost. 15 s; the platform would wait for ever.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, or more than 24 days; <see cref="Timeout.InfiniteTimeSpan"/> is allowed.</exception>
    public TimeSpan KeepAliveTimeout { get => _keepAliveTimeout; set => _keepAliveTimeout = Time(value); }

    /// <summary>What the server may send in one message.</summary>
    public Transport.MessageLimits Limits { get; set; }

    /// <summary>
    /// Called last with the WebSocket's own options: for a proxy, client certificates, a certificate check. Redirects stay off whatever it
    /// does, because the platform would carry <c>api-key</c> and every other header to wherever the redirect points.
    /// </summary>
    public Action<ClientWebSocketOptions>? ConfigureWebSocket { get; set; }

    /// <summary>
    /// Gives the connection in place of a WebSocket; null, the default, connects one. For a test without a socket, <c>o.Transport = (_, _) =&gt; new(new InMemoryTransport())</c>; for one that sees what another
    /// carries, around <see cref="Transport.WebSocketTransport.ConnectAsync"/>. Called once for each connection, with a copy of these options and a token that is cancelled with the caller's and after
    /// <see cref="ConnectTimeout"/>. It gives a new, connected transport each time, which the session owns from then on and disposes. What it throws comes out of connecting as it is.
    /// </summary>
    public Func<RealtimeConnectionOptions, CancellationToken, ValueTask<Transport.IRealtimeTransport>>? Transport { get; set; }

    /// <summary>Where log messages go. They never hold a credential, instructions, a transcript or audio.</summary>
    public ILoggerFactory LoggerFactory { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = NullLoggerFactory.Instance;

    /// <summary>The clock of every timeout.</summary>
    public TimeProvider TimeProvider { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = TimeProvider.System;

    /// <summary>Where such sessions are to be had when no <see cref="Endpoint"/> is given.</summary>
    internal virtual string DefaultAddress => RealtimeEndpoint.OpenAIAddress;

    /// <summary>Which model is asked for there when no <see cref="Model"/> is given.</summary>
    internal virtual string? DefaultModel => RealtimeEndpoint.DefaultModel;

    /// <summary>What the address says that the session is for; null where the path says it.</summary>
    internal virtual string? Intent => null;

    /// <summary>Options of their own that say the same: what changes in one does not change in the other. Connecting reads such a copy, so what is changed while it takes its time has no effect.</summary>
    public virtual RealtimeConnectionOptions Clone()
    {
        var copy = (RealtimeConnectionOptions)MemberwiseClone();
        copy.Headers = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase);
        return copy;
    }

    /// <summary>Gives what concerns the connection to options of another kind.</summary>
    internal void CopyTo(RealtimeConnectionOptions other)
    {
        (other.Endpoint, other.Model, other.CallId, other.Credential, other.CredentialHeader) = (Endpoint, Model, CallId, Credential, CredentialHeader);
        (other.AllowCredentialOverPlainText, other.Limits, other.ConfigureWebSocket) = (AllowCredentialOverPlainText, Limits, ConfigureWebSocket);
        (other.ConnectTimeout, other.KeepAliveInterval, other.KeepAliveTimeout) = (ConnectTimeout, KeepAliveInterval, KeepAliveTimeout);
        (other.LoggerFactory, other.TimeProvider, other.Headers, other.Transport) = (LoggerFactory, TimeProvider, Headers, Transport);
    }

    // What a timer can hold: one that can't would throw where it is set, in the middle of a session.
    private static TimeSpan Time(TimeSpan value)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromDays(24));
        }

        return value;
    }
}
