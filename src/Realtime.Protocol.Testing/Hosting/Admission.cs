using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>Who may come in: from what a client shows to a verdict. A key is never logged, echoed or named in an answer.</summary>
internal sealed class Admission(string? key, ClientSecrets secrets)
{
    private const string Bearer = "Bearer ";
    private const string BrowserKey = "openai-insecure-api-key.";
    private const string SecretBegins = "ek_";

    /// <summary>Whoever mints a secret shows a real key: one secret does not open the next.</summary>
    public bool MayMint(HttpRequest request, out string why)
    {
        string shown = Shown(request);
        if (shown.StartsWith(SecretBegins, StringComparison.Ordinal))
        {
            why = "A client secret can't make another one: show the API key.";
            return false;
        }

        return IsKey(shown, out why);
    }

    /// <summary>Whoever reads what was said, or what others did wrong, shows the key where there is one.</summary>
    public bool MayRead(HttpRequest request, out string why) => IsKey(Shown(request), out why);

    /// <summary>Whether a session of this kind is opened.</summary>
    /// <param name="secret">What it is like, when it is a client secret that opens it; with false, the secret that has run out.</param>
    public bool MayConnect(HttpRequest request, bool isTranslation, out MintedSecret? secret, out string why)
    {
        secret = null;
        string shown = Shown(request);
        if (!shown.StartsWith(SecretBegins, StringComparison.Ordinal))
        {
            return IsKey(shown, out why);
        }

        if (!secrets.TryFind(shown, out MintedSecret found, out why))
        {
            secret = found.Value is null ? null : found;
            return false;
        }

        if (isTranslation != (found.Kind == SimulatedSessionKind.Translation))
        {
            why = isTranslation ? $"This client secret does not open a translation: connect to {Routes.Realtime}." : $"This client secret opens a translation: connect to {Routes.Translation}.";
            return false;
        }

        secret = found;
        return true;
    }

    /// <summary>Whether an API key is shown where only a browser shows one, and where everyone can read it. A client secret may be shown there.</summary>
    public static bool IsKeyInBrowser(HttpRequest request) =>
        Handshake.Subprotocols(request).Any(static name => name.StartsWith(BrowserKey, StringComparison.Ordinal) && !name.AsSpan(BrowserKey.Length).StartsWith(SecretBegins));

    private bool IsKey(string shown, out string why)
    {
        why = "The API key is missing or wrong. Send it as 'Authorization: Bearer KEY' or as 'api-key: KEY'.";
        return key is null || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(key));
    }

    // The first that is there; a browser has no header to show a key in.
    private static string Shown(HttpRequest request)
    {
        string authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..]
            : request.Headers.TryGetValue("api-key", out Microsoft.Extensions.Primitives.StringValues apiKey) ? apiKey.ToString()
            : Handshake.Subprotocols(request).FirstOrDefault(static name => name.StartsWith(BrowserKey, StringComparison.Ordinal)) is { } browser ? browser[BrowserKey.Length..]
            : "";
    }
}
