using System.Text.Json;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>
/// The platform's own reader on the same message. It shares no code with ours, so it sees what all ways of reading would get
/// wrong alike, the strict one included: where strings end, what a number is, which base64 is refused.
/// </summary>
internal static class PlatformJudge
{
    /// <summary>What the platform sees otherwise; null when it agrees.</summary>
    public static string? ObjectionTo(Reading strict, ReadOnlySpan<byte> message)
    {
        bool isJson = TryRead(message, strict.Error.Path, out string? refused);
        return strict.WasRead && !isJson ? "read, and the platform says that it is no JSON"
            : isJson && IsOfJson(strict.Error.Reason) ? $"refused ({strict.Error}), and the platform says that it is JSON"
            : strict.Error.Reason == ReadErrorReason.InvalidBase64 && refused is not null && IsBase64(refused) ? $"refused ({strict.Error}), and the platform says that it is base64"
            : null;
    }

    /// <summary>True for text that the platform decodes, and encodes to the same text: without white space and stray bits.</summary>
    private static bool IsBase64(string text)
    {
        try
        {
            return Convert.ToBase64String(Convert.FromBase64String(text)) == text;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The reasons that only text has which is no JSON.</summary>
    private static bool IsOfJson(ReadErrorReason reason) =>
        reason is ReadErrorReason.Truncated or ReadErrorReason.UnexpectedByte or ReadErrorReason.TrailingData or ReadErrorReason.TooDeep or ReadErrorReason.ControlCharacter
            or ReadErrorReason.InvalidEscape or ReadErrorReason.InvalidUtf8 or ReadErrorReason.LoneSurrogate;

    /// <summary>Reads all of a message. False when it is no JSON.</summary>
    /// <param name="message">The message.</param>
    /// <param name="member">A member of the event itself.</param>
    /// <param name="text">The text of that member where it first occurs; null when it has none.</param>
    private static bool TryRead(ReadOnlySpan<byte> message, string? member, out string? text)
    {
        text = null;
        bool isNext = false;
        try
        {
            var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
                if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
                {
                    isNext = false;
                    continue;
                }

                // Whether text can be decoded is seen when it is decoded.
                string decoded = reader.GetString()!;
                text = isNext && text is null && reader.TokenType == JsonTokenType.String ? decoded : text;
                isNext = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && decoded == member;
            }

            return true;
        }
        catch (Exception refusal) when (refusal is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
