using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>What a function gave, as the text that the model reads: text as it is, nothing for null, all else as JSON.</summary>
internal static class FunctionResult
{
    /// <exception cref="NotSupportedException">The options know no way to write the type.</exception>
    public static ToolCallOutput ToOutput(object? result, JsonSerializerOptions options) => result switch
    {
        ToolCallOutput output => output,
        null => "",
        string text => text,
        TextContent content => content.Text,
        JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement json => json.GetRawText(),
        _ => ToJson(result, options),
    };

    /// <summary>Writes a value of any type that the options know.</summary>
    public static void Write(Utf8JsonWriter writer, object? value, JsonSerializerOptions options)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonElement { ValueKind: JsonValueKind.Undefined }:
                writer.WriteNullValue();
                break;
            case JsonElement json:
                json.WriteTo(writer);
                break;
            default:
                JsonSerializer.Serialize(writer, value, TypeOf(value, options));
                break;
        }
    }

    // Without line breaks, whatever the options say: a model pays for them.
    private static string ToJson(object value, JsonSerializerOptions options)
    {
        using var written = new MemoryStream();
        using (var writer = new Utf8JsonWriter(written, new() { Encoder = options.Encoder }))
        {
            Write(writer, value, options);
        }

        return Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length);
    }

    // Asked for by type, so that nothing is reflected upon that a trimmed program does not have.
    private static JsonTypeInfo TypeOf(object value, JsonSerializerOptions options) =>
        options.TryGetTypeInfo(value.GetType(), out JsonTypeInfo? own) ? own : options.GetTypeInfo(typeof(object));
}
