using System.Text.Json;

namespace Realtime.Protocol.Gateway;

/// <summary>A JSON message of a caller's side, as far as it is known. Members of other names are passed over.</summary>
/// <param name="Type">What it is; null where it does not say.</param>
/// <param name="Turn">A turn; 0 for none.</param>
/// <param name="Bytes">How much of it; -1 for nothing.</param>
/// <param name="Digit">A key.</param>
/// <param name="Id">Of a ping.</param>
internal readonly record struct ClientControl(string? Type, int Turn, long Bytes, string? Digit, string? Id)
{
    /// <exception cref="JsonException">It is no JSON object, or not whole.</exception>
    public static ClientControl Read(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        var control = new ClientControl(null, 0, -1, null, null);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> name = reader.ValueSpan;
            reader.Read();
            control = reader.TokenType switch
            {
                JsonTokenType.String when name.SequenceEqual("type"u8) => control with { Type = Text(ref reader) },
                JsonTokenType.String when name.SequenceEqual("digit"u8) => control with { Digit = Text(ref reader) },
                JsonTokenType.String when name.SequenceEqual("id"u8) => control with { Id = Text(ref reader) },
                JsonTokenType.Number when name.SequenceEqual("turn"u8) && reader.TryGetInt32(out int turn) => control with { Turn = turn },
                JsonTokenType.Number when name.SequenceEqual("bytes"u8) && reader.TryGetInt64(out long bytes) => control with { Bytes = bytes },
                _ => control,
            };
            reader.Skip();
        }

        // Nothing but white space may follow.
        if (reader.Read())
        {
            throw new JsonException();
        }

        return control;
    }

    // Half a character is no text.
    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException("A text is no UTF-8.", broken);
        }
    }
}
