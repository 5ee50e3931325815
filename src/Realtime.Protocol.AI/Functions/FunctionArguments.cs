using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Realtime.Protocol.AI;

/// <summary>What the model wrote, as what a function takes: values by name, each a <see cref="JsonElement"/> of its own. Text that is no such object is refused; nothing is guessed.</summary>
internal static class FunctionArguments
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>False: they do not fit the schema, and the model is to be told.</summary>
    public static bool TryRead(string json, JsonElement schema, [NotNullWhen(true)] out Dictionary<string, object?>? arguments)
    {
        arguments = null;
        JsonElement read;
        try
        {
            read = JsonElement.Parse(json, Strict);
        }
        catch (JsonException)
        {
            return false;
        }

        if (read.ValueKind is not JsonValueKind.Object || !FunctionSchema.Fits(schema, read))
        {
            return false;
        }

        arguments = new(StringComparer.Ordinal);
        foreach (JsonProperty argument in read.EnumerateObject())
        {
            arguments.Add(argument.Name, argument.Value);
        }

        return true;
    }

    /// <summary>What a caller of Microsoft.Extensions.AI gives, as the JSON that a tool reads.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, object?>> arguments, JsonSerializerOptions options)
    {
        using var written = new MemoryStream();
        using (var writer = new Utf8JsonWriter(written))
        {
            writer.WriteStartObject();
            foreach ((string name, object? value) in arguments)
            {
                writer.WritePropertyName(name);
                FunctionResult.Write(writer, value, options);
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length);
    }
}
