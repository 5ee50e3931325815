using System.Text.Encodings.Web;
using System.Text.Json;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>One example of one event's schema file: what the tests of every event run on.</summary>
public sealed record Example(string Family, string Direction, string Type, int Index, byte[] Json)
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All examples of all events of all families, compact, in a fixed order.</summary>
    public static IReadOnlyList<Example> All { get; } = [.. Load()];

    public static TheoryData<string> Names => [.. All.Select(static example => example.ToString())];

    /// <summary>The generated code that reads this example.</summary>
    internal EventFamily Events => EventFamily.Of(Family, Direction);

    public static Example Named(string name) => All.Single(example => example.ToString() == name);

    public override string ToString() => $"{Family}/{Direction}/{Type}#{Index}";

    private static IEnumerable<Example> Load()
    {
        string root = Path.Combine(AppContext.BaseDirectory, "schema");
        foreach (string file in Directory.GetFiles(root, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string[] place = Path.GetRelativePath(root, file).Replace('\\', '/').Split('/');
            if (place is not [string family, ("client" or "server") and string direction, _])
            {
                continue;
            }

            using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(file));
            int index = 0;
            foreach (JsonElement example in schema.RootElement.GetProperty("examples").EnumerateArray())
            {
                yield return new Example(family, direction, Path.GetFileNameWithoutExtension(file), index++, JsonSerializer.SerializeToUtf8Bytes(example, Compact));
            }
        }
    }
}
