using System.Security.Cryptography;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>The client secrets (<c>ek_…</c>) that were minted here, each with the session it opens, until it expires.</summary>
internal sealed class ClientSecrets(TimeProvider time)
{
    // So many may be good at once; then the oldest are forgotten.
    private const int Most = 10_000;

    // An expired secret is remembered for as long again, to be told from one that never was.
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, MintedSecret> _secrets = [];
    private readonly Queue<string> _order = new();

    public MintedSecret Mint(SimulatedSessionKind kind, string? model, string session, int seconds)
    {
        var secret = new MintedSecret($"ek_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}", kind, model, session, time.GetUtcNow().ToUnixTimeSeconds() + seconds);
        lock (_gate)
        {
            while (_order.TryPeek(out string? oldest) && (_order.Count >= Most || _secrets[oldest].ExpiresAt + Remembered.TotalSeconds < Now))
            {
                _secrets.Remove(_order.Dequeue());
            }

            _secrets.Add(secret.Value, secret);
            _order.Enqueue(secret.Value);
        }

        return secret;
    }

    /// <summary>The secret, or in one sentence why it opens nothing.</summary>
    public bool TryFind(string value, out MintedSecret secret, out string why)
    {
        lock (_gate)
        {
            if (!_secrets.TryGetValue(value, out secret))
            {
                why = "This client secret was not made here, or so long ago that it is forgotten: POST to /v1/realtime/client_secrets for another.";
                return false;
            }
        }

        long late = Now - secret.ExpiresAt;
        why = late < 0 ? "" : $"The client secret expired {late} s ago: POST to /v1/realtime/client_secrets for another.";
        return late < 0;
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();
}

/// <summary>A key that opens one kind of session for a while.</summary>
/// <param name="Session">How the session is at its beginning, as the one who minted it wrote it.</param>
/// <param name="ExpiresAt">In seconds of Unix time.</param>
internal readonly record struct MintedSecret(string Value, SimulatedSessionKind Kind, string? Model, string Session, long ExpiresAt)
{
    /// <summary>Everything but the secret.</summary>
    public override string ToString() => $"{Kind} until {ExpiresAt}";
}
