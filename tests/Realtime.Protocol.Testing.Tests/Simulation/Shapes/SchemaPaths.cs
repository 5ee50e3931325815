using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation.Shapes;

namespace Realtime.Protocol.Testing.Tests.Simulation.Shapes;

/// <summary>
/// The client events of the repository's schema, one row for each path, in the notation of the simulator's tables. It reads the files and
/// knows nothing of those tables.
/// </summary>
internal static class SchemaPaths
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "schema");

    /// <summary>The events of a family, by type.</summary>
    public static Dictionary<string, Dictionary<string, Shape>> Of(string family) => Directory.GetFiles(Path.Combine(Root, family, "client"), "*.json")
        .Order(StringComparer.Ordinal)
        .ToDictionary(static file => Path.GetFileNameWithoutExtension(file), static file =>
        {
            Dictionary<string, Shape> rows = [];
            Walk(new Place(Read(file), file), "", isRequired: false, rows);
            return rows;
        });

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(file))!.AsObject();

    private static void Walk(Place place, string path, bool isRequired, Dictionary<string, Shape> rows)
    {
        Place[] forms = [.. Alternatives(place.Resolved)];
        Place[] objects = [.. forms.Where(static form => (string?)form.Schema["type"] == "object")];
        rows.Add(path, new Shape(path, forms.Aggregate(ShapeForms.None, (all, form) => all | FormOf(form.Schema, objects.Length)))
        {
            IsRequired = isRequired,
            Values = [.. forms.SelectMany(static form => Values(form.Schema))],
            Least = Number(forms, "minimum") ?? double.NegativeInfinity,
            Most = Number(forms, "maximum") ?? double.PositiveInfinity,
            MaxLength = (int?)Number(forms, "maxLength") ?? int.MaxValue,
            MaxMembers = (int?)Number(forms, "maxProperties") ?? int.MaxValue,
            MaxNameLength = (int?)forms.Select(static form => (double?)form.Schema["propertyNames"]?["maxLength"]).FirstOrDefault(static found => found is not null) ?? int.MaxValue,
        });
        foreach (Place one in objects)
        {
            string at = path;
            if (objects.Length > 1)
            {
                at = $"{path}<{(string)one.Schema["properties"]!["type"]!["const"]!}>";
                rows.Add(at, new Shape(at, ShapeForms.Object));
            }

            string[] required = [.. (one.Schema["required"] as JsonArray ?? []).Select(static name => (string)name!)];
            foreach ((string name, JsonNode? member) in one.Schema["properties"] as JsonObject ?? [])
            {
                Walk(one with { Schema = member!.AsObject() }, at.Length == 0 ? name : $"{at}.{name}", required.Contains(name), rows);
            }

            if (one.Schema["additionalProperties"] is JsonObject value)
            {
                Walk(one with { Schema = value }, $"{at}.*", isRequired: false, rows);
            }
        }

        foreach (Place list in forms.Where(static form => (string?)form.Schema["type"] == "array"))
        {
            Walk(list with { Schema = list.Schema["items"]!.AsObject() }, $"{path}[]", isRequired: false, rows);
        }
    }

    private static IEnumerable<Place> Alternatives(Place place) =>
        place.Schema["oneOf"] is JsonArray several ? several.SelectMany(one => Alternatives((place with { Schema = one!.AsObject() }).Resolved))
        : place.Schema["type"] is JsonArray types ? types.Select(type => place with { Schema = WithType(place.Schema, type!) })
        : [place];

    private static JsonObject WithType(JsonObject schema, JsonNode type)
    {
        JsonObject copy = schema.DeepClone().AsObject();
        copy["type"] = type.DeepClone();
        return copy;
    }

    private static ShapeForms FormOf(JsonObject schema, int objects) => (string?)schema["type"] switch
    {
        null when schema.ContainsKey("const") => ShapeForms.Text,
        "string" => schema.ContainsKey("contentEncoding") ? ShapeForms.Audio : ShapeForms.Text,
        "integer" => ShapeForms.Integer,
        "number" => ShapeForms.Number,
        "boolean" => ShapeForms.Boolean,
        "null" => ShapeForms.Null,
        "array" => ShapeForms.Array,
        "object" when schema["additionalProperties"] is JsonObject => ShapeForms.Map,
        "object" when !schema.ContainsKey("properties") && schema.ContainsKey("x-open") => ShapeForms.Open,
        "object" => objects > 1 ? ShapeForms.Choice : ShapeForms.Object,
        var other => throw new InvalidDataException($"The type '{other}' is none that this test knows."),
    };

    private static IEnumerable<string> Values(JsonObject schema) =>
        schema["const"] is { } only ? [(string)only!]
        : (string?)schema["type"] == "string" && schema["enum"] is JsonArray words ? words.Select(static word => (string)word!)
        : [];

    // An integer of one value is that value's range.
    private static double? Number(Place[] forms, string name) => forms
        .Select(form => (double?)form.Schema[name] ?? ((string?)form.Schema["type"] == "integer" && name is "minimum" or "maximum" && form.Schema["enum"] is JsonArray only ? (double?)only[0] : null))
        .FirstOrDefault(static found => found is not null);

    /// <summary>A schema and the file in which its references are looked up.</summary>
    private sealed record Place(JsonObject Schema, string File)
    {
        public Place Resolved
        {
            get
            {
                if ((string?)Schema["$ref"] is not { } reference)
                {
                    return this;
                }

                string file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(File)!, reference));
                return new Place(Read(file), file).Resolved;
            }
        }
    }
}
