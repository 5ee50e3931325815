using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol;

/// <summary>
/// A key or token for the service: a text, or a callback that fetches one for each connection. It goes into one request header and nowhere
/// else: no property shows it, it is never logged, and its text form is the type's name.
/// </summary>
[TypeConverter(typeof(RealtimeCredentialConverter))]
[DebuggerDisplay("RealtimeCredential (hidden)")]
public sealed class RealtimeCredential
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly Func<CancellationToken, ValueTask<string>> _get;

    /// <summary>A credential that does not change.</summary>
    /// <param name="value">The key or token as the service issued it, without <c>Bearer</c>.</param>
    /// <exception cref="ArgumentException">It is empty, or holds a character that a header can't carry, such as a line break.</exception>
    public RealtimeCredential(string value)
    {
        ThrowIfUnusable(value, nameof(value));
        _get = _ => new(value);
    }

    /// <summary>A credential that is asked for at each connection: for tokens that expire.</summary>
    /// <param name="get">Called once per connection attempt, with a token that is cancelled when the connect timeout runs out. Nobody waits longer for it than that, whether it looks at its token or not.</param>
    public RealtimeCredential(Func<CancellationToken, ValueTask<string>> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        _get = get;
    }

    /// <summary>The header that it goes into; null leaves it to <see cref="RealtimeConnectionOptions.CredentialHeader"/>.</summary>
    internal CredentialHeader? Header { get; private init; }

    /// <summary>A key of an Azure resource: it goes into the header <c>api-key</c>, whatever <see cref="RealtimeConnectionOptions.CredentialHeader"/> says.</summary>
    /// <param name="value">The key as the service issued it.</param>
    /// <exception cref="ArgumentException">It is empty, or holds a character that a header can't carry.</exception>
    public static RealtimeCredential ApiKey(string value) => new(value) { Header = CredentialHeader.ApiKey };

    /// <summary>A credential that does not change, or none: an environment variable that is not set gives null.</summary>
    /// <param name="value">The key or token as the service issued it.</param>
    [return: NotNullIfNotNull(nameof(value))]
    public static implicit operator RealtimeCredential?(string? value) => value is null ? null : new(value);

    /// <summary>The type's name; never the credential.</summary>
    public override string ToString() => "RealtimeCredential (hidden)";

    internal async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        // The wait is ours: a callback may not look at its token.
        string value = await _get(cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        ThrowIfUnusable(value, "credential");
        return value;
    }

    // The message tells where the bad character is, never what stands around it.
    private static void ThrowIfUnusable(string value, string name)
    {
        if (string.IsNullOrEmpty(value))
        {
            throw new ArgumentException("The credential is empty.", name);
        }

        if (value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("The credential begins with the word \"Bearer\"; leave it out, it is added.", name);
        }

        int bad = value.AsSpan().IndexOfAnyExceptInRange('!', '~');
        if (bad >= 0)
        {
            string what = value[bad] is '\r' or '\n' ? "a line break" : value[bad] == ' ' ? "a space" : "a character outside printable ASCII";
            throw new ArgumentException($"The credential holds {what} at position {bad} of {value.Length}; a header can't carry it.", name);
        }
    }
}

/// <summary>Which request header carries the credential.</summary>
public enum CredentialHeader
{
    /// <summary><c>Authorization: Bearer …</c>: OpenAI, and Azure with an Entra ID token.</summary>
    AuthorizationBearer,

    /// <summary><c>api-key: …</c>: Azure with a resource key.</summary>
    ApiKey,
}
