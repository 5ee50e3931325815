using System.Text.Json;
using System.Text.RegularExpressions;

namespace Realtime.Protocol.Generator.Tests;

/// <summary>
/// The meta-schemas as an editor applies them: JSON Schema 2020-12, as much of it as they use. A keyword that this does not
/// know fails, so that nothing passes unjudged.
/// </summary>
internal static class MetaSchema
{
    private static readonly Dictionary<string, JsonElement> Files = new[] { "event.schema.json", "object.schema.json" }.ToDictionary(
        static name => name,
        static name => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "schema", name))).RootElement);

    /// <summary>True when the text of a file in this folder is what its meta-schema describes.</summary>
    public static bool Accepts(string folder, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        string file = folder == "objects" ? "object.schema.json" : "event.schema.json";
        return Accepts(file, Files[file], document.RootElement);
    }

    private static bool Accepts(string file, JsonElement schema, JsonElement value) => schema.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => schema.EnumerateObject().All(keyword => Accepts(file, schema, keyword.Name, keyword.Value, value)),
    };

    private static bool Accepts(string file, JsonElement schema, string keyword, JsonElement rule, JsonElement value) => keyword switch
    {
        "$schema" or "$defs" or "title" or "description" or "minContains" or "maxContains" => true,
        "$ref" => Resolve(file, rule.GetString()!) is var (target, found) && Accepts(target, found, value),
        "allOf" => rule.EnumerateArray().All(one => Accepts(file, one, value)),
        "anyOf" => rule.EnumerateArray().Any(one => Accepts(file, one, value)),
        "oneOf" => rule.EnumerateArray().Count(one => Accepts(file, one, value)) == 1,
        "not" => !Accepts(file, rule, value),
        "const" => JsonElement.DeepEquals(rule, value),
        "enum" => rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
        "type" => IsOf(rule.GetString()!, value),
        "properties" or "required" or "additionalProperties" or "propertyNames" => value.ValueKind != JsonValueKind.Object || AcceptsObject(file, schema, keyword, rule, value),
        "items" or "contains" or "minItems" or "maxItems" or "uniqueItems" => value.ValueKind != JsonValueKind.Array || AcceptsArray(file, schema, keyword, rule, value),
        "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.ECMAScript),
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= rule.GetDouble(),
        _ => throw new InvalidOperationException($"{file} uses \"{keyword}\", which this test does not judge."),
    };

    private static bool AcceptsObject(string file, JsonElement schema, string keyword, JsonElement rule, JsonElement value) => keyword switch
    {
        "properties" => rule.EnumerateObject().All(one => !value.TryGetProperty(one.Name, out JsonElement member) || Accepts(file, one.Value, member)),
        "required" => rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
        "propertyNames" => value.EnumerateObject().All(member => Accepts(file, rule, JsonSerializer.SerializeToElement(member.Name))),
        _ => value.EnumerateObject().All(member => (schema.TryGetProperty("properties", out JsonElement known) && known.TryGetProperty(member.Name, out _)) || Accepts(file, rule, member.Value)),
    };

    private static bool AcceptsArray(string file, JsonElement schema, string keyword, JsonElement rule, JsonElement value)
    {
        JsonElement[] items = [.. value.EnumerateArray()];
        return keyword switch
        {
            "items" => items.All(item => Accepts(file, rule, item)),
            "minItems" => items.Length >= rule.GetInt32(),
            "maxItems" => items.Length <= rule.GetInt32(),
            "uniqueItems" => !items.Where((item, index) => items[..index].Any(other => JsonElement.DeepEquals(item, other))).Any(),
            _ => items.Count(item => Accepts(file, rule, item)) is var count && count >= Limit(schema, "minContains", 1) && count <= Limit(schema, "maxContains", int.MaxValue),
        };
    }

    private static int Limit(JsonElement schema, string keyword, int otherwise) => schema.TryGetProperty(keyword, out JsonElement limit) ? limit.GetInt32() : otherwise;

    private static bool IsOf(string type, JsonElement value) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value.GetDouble() % 1 == 0,
        _ => false,
    };

    private static (string File, JsonElement Schema) Resolve(string file, string reference)
    {
        string[] parts = reference.Split("#/$defs/");
        string target = parts[0].Length == 0 ? file : parts[0];
        return (target, Files[target].GetProperty("$defs").GetProperty(parts[1]));
    }
}
