using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Copies an event without the credentials in it. An application gives a session the token of an MCP server, and a server may repeat it; a log of events is no place for it.
/// It goes by the name of the member alone, wherever it stands: a word too many that is masked costs less than a token that is not.
/// </summary>
internal static class MaskedCopy
{
    private static ReadOnlySpan<byte> Mask => "\"***\""u8;

    /// <summary>A copy of an event that was read before, so that it is known to be sound.</summary>
    public static byte[] Of(ReadOnlySpan<byte> json)
    {
        if (!MayHoldSecrets(json))
        {
            return json.ToArray();
        }

        var secrets = new List<Slot>();
        var cursor = new JsonCursor(json);
        Find(ref cursor, isSecret: false, secrets);
        return secrets.Count == 0 ? json.ToArray() : WithoutThem(json, secrets);
    }

    // A name may be written with escapes; then it must be looked at.
    private static bool MayHoldSecrets(ReadOnlySpan<byte> json) =>
        json.IndexOf("authorization"u8) >= 0 || json.IndexOf("headers"u8) >= 0 || json.IndexOf("client_secret"u8) >= 0 || json.IndexOf("\\u"u8) >= 0;

    private static bool IsSecret(ReadOnlySpan<byte> json, Slot name) =>
        JsonEscapes.ValueEquals(json, name, "authorization"u8) || JsonEscapes.ValueEquals(json, name, "headers"u8) || JsonEscapes.ValueEquals(json, name, "client_secret"u8);

    // As deep as the cursor goes, which is 64.
    private static bool Find(scoped ref JsonCursor json, bool isSecret, List<Slot> secrets)
    {
        bool more;
        switch (json.Peek())
        {
            case (byte)'{':
                bool goesOn = json.BeginObject(out more);
                while (goesOn && more)
                {
                    goesOn = json.ReadName(out Slot name) && Find(ref json, isSecret || IsSecret(json.Json, name), secrets) && json.NextMember(out more);
                }

                return goesOn;
            case (byte)'[':
                goesOn = json.BeginArray(out more);
                while (goesOn && more)
                {
                    goesOn = Find(ref json, isSecret, secrets) && json.NextElement(out more);
                }

                return goesOn;
            default:
                bool isText = json.Peek() == (byte)'"';
                bool isSound = json.Skip(out Slot value);
                if (isSecret && isText && isSound)
                {
                    secrets.Add(value);
                }

                return isSound;
        }
    }

    private static byte[] WithoutThem(ReadOnlySpan<byte> json, List<Slot> secrets)
    {
        byte[] masked = new byte[json.Length + secrets.Sum(static secret => Mask.Length - secret.Length)];
        Span<byte> rest = masked;
        int copied = 0;
        foreach (Slot secret in secrets)
        {
            ReadOnlySpan<byte> before = json[copied..secret.Start];
            before.CopyTo(rest);
            Mask.CopyTo(rest[before.Length..]);
            rest = rest[(before.Length + Mask.Length)..];
            copied = secret.Start + secret.Length;
        }

        json[copied..].CopyTo(rest);
        return masked;
    }
}
