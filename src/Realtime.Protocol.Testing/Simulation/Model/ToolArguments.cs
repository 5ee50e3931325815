using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>
/// Arguments for a function call: what the user wrote, when that is a JSON object, or else values that suit the declared parameters, the
/// user's words among them. Plain rules instead of a mind: required parameters only, each by its type.
/// </summary>
internal static class ToolArguments
{
    public static string For(string parameters, string wish)
    {
        if (TryReadObject(wish) is not null)
        {
            return wish;
        }

        JsonObject? schema = TryReadObject(parameters);
        var arguments = new JsonObject();
        foreach (string name in Required(schema))
        {
            JsonObject? property = (schema?["properties"] as JsonObject)?[name] as JsonObject;
            arguments[name] = Value(property, wish);
        }

        return arguments.ToJsonString();
    }

    private static IEnumerable<string> Required(JsonObject? schema) =>
        (schema?["required"] as JsonArray ?? []).OfType<JsonValue>().Where(static name => name.GetValueKind() == JsonValueKind.String).Select(static name => name.GetValue<string>()).Distinct();

    private static JsonNode? Value(JsonObject? property, string wish) => (property?["enum"] as JsonArray)?.FirstOrDefault()?.DeepClone() ?? (property?["type"] as JsonValue)?.ToString() switch
    {
        "integer" or "number" => 1,
        "boolean" => true,
        "array" => new JsonArray(),
        "object" => new JsonObject(),
        _ => wish,
    };

    private static JsonObject? TryReadObject(string text)
    {
        try
        {
            return text.StartsWith('{') ? JsonNode.Parse(text, null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
