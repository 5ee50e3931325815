using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Realtime.Protocol.Transport;

/// <summary>The JSON Schema of a tool's arguments: given as text, or made from a type. What a schema requires is required when arguments are read.</summary>
internal static class ToolSchema
{
    private static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };

    /// <exception cref="ArgumentException">The text is not one JSON object.</exception>
    public static RawJson Parse(string tool, string parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        try
        {
            RawJson parsed = RawJson.Parse(parameters);
            return parameters.AsSpan().TrimStart().StartsWith('{') ? parsed : throw new FormatException("It is not a JSON object.");
        }
        catch (FormatException failure)
        {
            throw new ArgumentException($"The schema of the tool \"{tool}\" is unusable. {failure.Message}", nameof(parameters), failure);
        }
    }

    /// <summary>The same type, read as its schema says: what has no default is required, and null is refused where the type has none. The serializer forgives both unless told otherwise.</summary>
    public static JsonTypeInfo<T> Strict<T>(JsonTypeInfo<T> type)
    {
        var options = new JsonSerializerOptions(type.Options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
        return options.TryGetTypeInfo(typeof(T), out JsonTypeInfo? strict) ? (JsonTypeInfo<T>)strict : type;
    }

    /// <exception cref="ArgumentException">The type is no object.</exception>
    public static RawJson Of<T>(JsonTypeInfo<T> arguments) =>
        arguments.GetJsonSchemaAsNode(Options) is JsonObject schema && schema["type"] is JsonValue kind && kind.TryGetValue(out string? name) && name == "object"
            ? RawJson.Parse(schema.ToJsonString())
            : throw new ArgumentException($"The arguments of a function are an object, and the schema of {typeof(T).Name} is none.", nameof(arguments));

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        string? description = Description(context.PropertyInfo?.AssociatedParameter?.AttributeProvider) ?? Description(context.PropertyInfo?.AttributeProvider);
        if (description is not null && schema is JsonObject described)
        {
            described.Insert(0, "description", description);
        }

        return schema;
    }

    private static string? Description(ICustomAttributeProvider? member) =>
        member?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true) is [DescriptionAttribute { Description.Length: > 0 } attribute, ..] ? attribute.Description : null;
}
