using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>The schema of a function's arguments, for two readers: the service, which gets it as it is, and <see cref="FunctionArguments"/>, which holds a call to the first level of it.</summary>
internal static class FunctionSchema
{
    // The schema of who has none (AIFunctionDeclaration.JsonSchema); the service takes objects only.
    private const string OfAnyObject = """{"type":"object","properties":{}}""";

    /// <exception cref="ArgumentException">It is not the schema of an object.</exception>
    public static string TextOf(AIFunctionDeclaration function)
    {
        JsonElement schema = function.JsonSchema;
        if (schema.ValueKind is JsonValueKind.Undefined or JsonValueKind.True || (schema.ValueKind is JsonValueKind.Object && !schema.EnumerateObject().Any()))
        {
            return OfAnyObject;
        }

        return schema.ValueKind is not JsonValueKind.Object || (schema.TryGetProperty("type", out JsonElement type) && !(type.ValueKind is JsonValueKind.String && type.ValueEquals("object")))
            ? throw new ArgumentException($"The schema of the function \"{function.Name}\" is not that of an object, and the arguments of a function are one.", nameof(function))
            : schema.GetRawText();
    }

    /// <summary>Whether these arguments have what the schema requires, each in a form that it names. What it says deeper down, or by <c>$ref</c>, is the serializer's to find out.</summary>
    public static bool Fits(JsonElement schema, JsonElement arguments)
    {
        if (schema.ValueKind is not JsonValueKind.Object)
        {
            return true;
        }

        if (schema.TryGetProperty("required", out JsonElement required) && required.ValueKind is JsonValueKind.Array
            && required.EnumerateArray().Any(name => name.ValueKind is JsonValueKind.String && !arguments.TryGetProperty(name.GetString()!, out _)))
        {
            return false;
        }

        return !schema.TryGetProperty("properties", out JsonElement properties) || properties.ValueKind is not JsonValueKind.Object
            || arguments.EnumerateObject().All(argument => !properties.TryGetProperty(argument.Name, out JsonElement property) || HasTypeOf(property, argument.Value));
    }

    private static bool HasTypeOf(JsonElement property, JsonElement value)
    {
        if (property.ValueKind is not JsonValueKind.Object || !property.TryGetProperty("type", out JsonElement type))
        {
            return true;
        }

        return type.ValueKind switch
        {
            JsonValueKind.String => IsOf(type.GetString()!, value),
            JsonValueKind.Array => type.EnumerateArray().Any(one => one.ValueKind is not JsonValueKind.String || IsOf(one.GetString()!, value)),
            _ => true,
        };
    }

    private static bool IsOf(string type, JsonElement value) => (type, value.ValueKind) switch
    {
        ("string", JsonValueKind.String) or ("array", JsonValueKind.Array) or ("object", JsonValueKind.Object) or ("null", JsonValueKind.Null)
            or ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number" or "integer", JsonValueKind.Number) => true,
        ("string" or "array" or "object" or "null" or "boolean" or "number" or "integer", _) => false,
        _ => true, // no word of JSON Schema that we know
    };
}
