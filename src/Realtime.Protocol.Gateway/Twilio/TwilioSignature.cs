using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// The header <c>X-Twilio-Signature</c>: it says that a request is Twilio's own, by the account's auth token. HMAC-SHA1 of the public address as Twilio called it and, of a POST, of every parameter with its value, in the order of their names.
/// </summary>
/// <remarks>https://www.twilio.com/docs/usage/security#validating-requests</remarks>
public static class TwilioSignature
{
    /// <summary>The name of the header.</summary>
    public const string Header = "X-Twilio-Signature";

    private const int HashBytes = 20;

    /// <summary>What Twilio would sign with.</summary>
    /// <param name="authToken">Of the account.</param>
    /// <param name="url">The whole address, with scheme and query, as it stands in the TwiML or in the console.</param>
    /// <param name="form">The parameters of a POST; null for none.</param>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Twilio signs with HMAC-SHA1 and with nothing else.")]
    public static string Compute(string authToken, string url, IEnumerable<KeyValuePair<string, string>>? form = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(authToken);
        ArgumentException.ThrowIfNullOrEmpty(url);
        var signed = new StringBuilder(url);
        foreach ((string name, string value) in (form ?? []).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            signed.Append(name).Append(value);
        }

        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(signed.ToString())));
    }

    /// <summary>Whether a request was signed with this token. It takes the same time for every wrong signature.</summary>
    /// <param name="signature">The header's value; null where there is none.</param>
    /// <param name="authToken">Of the account.</param>
    /// <param name="url">As for <see cref="Compute"/>.</param>
    /// <param name="form">As for <see cref="Compute"/>.</param>
    public static bool IsValid(string? signature, string authToken, string url, IEnumerable<KeyValuePair<string, string>>? form = null)
    {
        Span<byte> stated = stackalloc byte[HashBytes];
        byte[] due = Convert.FromBase64String(Compute(authToken, url, form));
        return signature is not null && Convert.TryFromBase64String(signature, stated, out int length) && length == HashBytes && CryptographicOperations.FixedTimeEquals(stated, due);
    }

    /// <summary>Whether a request is Twilio's: for the webhook that answers with TwiML. The parameters of a POST are read for it.</summary>
    /// <param name="request">A GET, or a POST with a form.</param>
    /// <param name="authToken">Of the account.</param>
    /// <param name="publicAddress">Behind a proxy, what Twilio calls in place of scheme and host, for instance <c>https://voice.example.com</c>; null for the request's own.</param>
    /// <param name="cancellationToken">Gives up reading the form.</param>
    public static async Task<bool> IsValidAsync(HttpRequest request, string authToken, Uri? publicAddress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? signature = request.Headers[Header];
        if (signature is null)
        {
            return false;
        }

        IEnumerable<KeyValuePair<string, string>>? form = null;
        if (HttpMethods.IsPost(request.Method) && request.HasFormContentType)
        {
            IFormCollection read = await request.ReadFormAsync(cancellationToken).ConfigureAwait(false);
            form = read.SelectMany(static pair => pair.Value, static (pair, value) => new KeyValuePair<string, string>(pair.Key, value ?? "")).ToArray();
        }

        // Of a stream Twilio signs the address with the scheme that the TwiML has, and of a request with that of the webhook.
        string address = AddressOf(request, publicAddress);
        return IsValid(signature, authToken, address, form)
            || IsValid(signature, authToken, WithOtherScheme(address), form);
    }

    /// <summary>As Twilio called it.</summary>
    internal static string AddressOf(HttpRequest request, Uri? publicAddress)
    {
        string origin = publicAddress?.GetLeftPart(UriPartial.Authority) ?? $"{request.Scheme}://{request.Host}";
        string prefix = publicAddress?.AbsolutePath.TrimEnd('/') ?? "";
        return $"{origin}{prefix}{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}";
    }

    private static string WithOtherScheme(string address)
    {
        int end = address.IndexOf("://", StringComparison.Ordinal);
        string scheme = address[..end] switch
        {
            "https" => "wss",
            "wss" => "https",
            "http" => "ws",
            "ws" => "http",
            var other => other,
        };
        return scheme + address[end..];
    }
}
