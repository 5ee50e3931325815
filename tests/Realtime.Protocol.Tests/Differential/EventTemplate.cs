using System.Text.Json;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>An example of a schema file, taken apart into members, as the material that messages are made of.</summary>
/// <param name="IsHot">True for an event that has fast paths.</param>
/// <param name="AudioMember">The member that holds audio; empty without.</param>
/// <param name="Members">Name and value as JSON text, the type included.</param>
internal sealed record EventTemplate(bool IsHot, string AudioMember, IReadOnlyList<KeyValuePair<string, string>> Members)
{
    /// <summary>As services write it; the mutations add white space.</summary>
    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All examples of one family and direction.</summary>
    public static IReadOnlyList<EventTemplate> Of(string family, string direction)
    {
        var templates = new List<EventTemplate>();
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "schema", family, direction), "*.json").Order(StringComparer.Ordinal))
        {
            using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement root = schema.RootElement;
            bool isHot = root.TryGetProperty("x-hot", out JsonElement hot) && hot.GetBoolean();
            string audio = root.GetProperty("properties").EnumerateObject().FirstOrDefault(static member => member.Value.TryGetProperty("contentEncoding", out _)) is { Value.ValueKind: not JsonValueKind.Undefined } found ? found.Name : "";
            foreach (JsonElement example in root.GetProperty("examples").EnumerateArray())
            {
                templates.Add(new EventTemplate(isHot, audio, [.. example.EnumerateObject().Select(static member => KeyValuePair.Create(member.Name, JsonSerializer.Serialize(member.Value, Compact)))]));
            }
        }

        return templates;
    }
}
