using System.Buffers.Text;
using System.Text.Json;

namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>How much sound an event carries. A log that leaves sound out writes its size beside it, as <c>delta_bytes</c> or <c>audio_bytes</c>.</summary>
internal static class SoundSize
{
    /// <summary>The bytes of sound in a member; null when it is no base64, or is not there.</summary>
    public static long? Of(JsonElement json, string member)
    {
        if (json.TryMember($"{member}_bytes", out JsonElement size))
        {
            return size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long counted) && counted >= 0 ? counted : null;
        }

        if (!json.TryMember(member, out JsonElement sound) || sound.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        return Base64.IsValid(sound.Raw(), out int bytes) ? bytes : Json.AsText(sound) is { } text && Base64.IsValid(text, out bytes) ? bytes : null;
    }
}
