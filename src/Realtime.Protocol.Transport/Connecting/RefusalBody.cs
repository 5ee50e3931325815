using System.Text;
using System.Text.Json;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The words in the body of a refused handshake, in any of the shapes that services and gateways use: an <c>error</c> object or text, the
/// same members at the top level, problem details (RFC 9457), plain text. A body that is cut off gives what stands before the cut.
/// </summary>
internal static class RefusalBody
{
    // A plain text longer than this is a page for people.
    private const int MaxTextLength = 500;

    /// <summary>What the body says; null when it says nothing.</summary>
    /// <param name="body">The first bytes of it.</param>
    /// <param name="mediaType">The type that the server gave it; null when it gave none.</param>
    public static ServerError? Read(ReadOnlySpan<byte> body, string? mediaType)
    {
        ReadOnlySpan<byte> text = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        if (text.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
        {
            return ReadJson(text);
        }

        return mediaType is null or "text/plain" ? ReadText(text) : null;
    }

    private static ServerError? ReadText(ReadOnlySpan<byte> text)
    {
        string words = Encoding.UTF8.GetString(text).Trim();
        return words.Length is > 0 and <= MaxTextLength ? new(null, null, words, null, null) : null;
    }

    private static ServerError? ReadJson(ReadOnlySpan<byte> json)
    {
        // The block is never the last one, so that a body that is cut off is no error but an end.
        var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
        var words = new Words();
        try
        {
            reader.Read();
            words.Read(ref reader, isTop: true);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // No JSON after all, or text that is no UTF-8: what stood before it counts.
        }

        return words.ToError();
    }

    private sealed class Words
    {
        private string? _code;
        private string? _type;
        private string? _message;
        private string? _parameter;
        private string? _error;

        public ServerError? ToError()
        {
            // "error": "access_denied" is a code where a sentence stands beside it, and the sentence where none does.
            string? code = _code ?? (_message is null ? null : _error);
            string? message = _message ?? _error;
            return (code ?? _type ?? message ?? _parameter) is null ? null : new(code, _type, message, _parameter, null);
        }

        /// <summary>Reads the members of the object that the reader stands on; false when the text ends in it.</summary>
        public bool Read(ref Utf8JsonReader reader, bool isTop)
        {
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!reader.Read())
                {
                    return false;
                }

                bool goesOn = reader.TokenType is JsonTokenType.StartObject && name == "error" && isTop
                    ? Read(ref reader, isTop: false)
                    : Take(name, ref reader, isTop);
                if (!goesOn)
                {
                    return false;
                }
            }

            return reader.TokenType is JsonTokenType.EndObject;
        }

        private bool Take(string name, ref Utf8JsonReader reader, bool isTop)
        {
            string? text = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => null,
            };
            switch (name)
            {
                // What the error object says wins over the same word beside it, whichever comes first.
                case "code": _code = isTop ? _code ?? text : text ?? _code; break;
                case "type": _type = isTop ? _type ?? text : text ?? _type; break;
                case "message": _message = isTop ? _message ?? text : text ?? _message; break;
                case "param": _parameter = isTop ? _parameter ?? text : text ?? _parameter; break;
                case "error" when isTop: _error = text; break;
                case "detail" or "title" or "error_description" when isTop: _message ??= text; break;
            }

            return reader.TrySkip();
        }
    }
}
