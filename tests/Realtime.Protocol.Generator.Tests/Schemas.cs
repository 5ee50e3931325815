namespace Realtime.Protocol.Generator.Tests;

/// <summary>A small protocol of nobody's, with one of everything, and the real one.</summary>
internal static class Schemas
{
    public const string Ping = """
        {
          "description": "Says that somebody is there.",
          "type": "object",
          "x-number": 1,
          "properties": {
            "type": { "const": "ping" },
            "count": { "type": "integer", "description": "How often." },
            "mood": { "type": "string", "enum": ["calm", "very-calm", "2nd"] },
            "tags": { "type": "object", "additionalProperties": { "type": "string" } }
          },
          "required": ["type", "count"]
        }
        """;

    public const string Chunk = """
        {
          "description": "A piece of sound.",
          "type": "object",
          "x-number": 2,
          "properties": {
            "type": { "const": "chunk" },
            "sound": { "type": "string", "contentEncoding": "base64" },
            "shape": { "$ref": "../objects/shape.json" },
            "inline": { "type": "object", "properties": { "limit": { "oneOf": [{ "type": "integer" }, { "const": "inf" }] }, "ratio": { "type": "number" }, "numbers": { "type": "array", "items": { "type": "integer" } } } },
            "style": { "oneOf": [{ "type": "string", "enum": ["plain"] }, { "$ref": "../objects/circle_style.json" }, { "type": "null" }] },
            "anything": { "x-open": true }
          },
          "required": ["type", "sound", "shape"]
        }
        """;

    public const string Tone = """
        {
          "description": "A piece of sound that comes many times a second.",
          "type": "object",
          "x-number": 2,
          "x-hot": true,
          "properties": {
            "type": { "const": "tone" },
            "event_id": { "x-hot": true, "type": "string" },
            "voice": { "type": "string" },
            "step": { "type": ["integer", "null"] },
            "sound": { "x-hot": true, "type": "string", "contentEncoding": "base64" }
          },
          "required": ["type", "event_id", "voice", "sound"]
        }
        """;

    public const string Hum = """
        {
          "description": "A piece of sound that needs nothing else.",
          "type": "object",
          "x-number": 3,
          "x-hot": true,
          "properties": {
            "type": { "const": "hum" },
            "event_id": { "x-hot": true, "type": "string" },
            "sound": { "x-hot": true, "type": "string", "contentEncoding": "base64" },
            "pitch": { "type": "integer" }
          },
          "required": ["type", "sound"]
        }
        """;

    public static (string Key, string Json)[] Foreign =>
    [
        ("geometry/server/ping", Ping),
        ("geometry/server/tone", Tone),
        ("geometry/client/chunk", Chunk),
        ("geometry/client/hum", Hum),
        ("geometry/objects/shape", """{ "oneOf": [{ "$ref": "../objects/circle.json" }, { "$ref": "../objects/square.json" }], "discriminator": { "propertyName": "type" } }"""),
        ("geometry/objects/circle", """{ "properties": { "type": { "const": "circle" }, "id": { "type": "string" }, "radius": { "type": "number" } }, "required": ["type", "radius"] }"""),
        ("geometry/objects/square", """{ "properties": { "type": { "const": "square" }, "id": { "type": "string" }, "corners": { "type": "array", "items": { "$ref": "../objects/corner.json" } } }, "required": ["type"] }"""),
        ("geometry/objects/corner", """{ "type": "string", "enum": ["left", "right"] }"""),
        ("geometry/objects/circle_style", """{ "properties": { "dashes": { "type": "array", "items": { "type": "string" } } } }"""),
    ];

    /// <summary>Every schema file of this repository.</summary>
    public static (string Key, string Json)[] Real { get; } = [.. LoadReal()];

    private static IEnumerable<(string, string)> LoadReal()
    {
        string root = Path.Combine(AppContext.BaseDirectory, "schema");
        foreach (string file in Directory.GetFiles(root, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string key = Path.ChangeExtension(Path.GetRelativePath(root, file), null).Replace('\\', '/');
            if (key.Contains('/', StringComparison.Ordinal))
            {
                yield return (key, File.ReadAllText(file));
            }
        }
    }
}
