using System.Text.Json;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>One example of one event's schema file: what the tests of every event run on.</summary>
public sealed record Example(string Direction, string Type, int Index, byte[] Json)
{
    public bool IsServer => Direction == "server";

    public override string ToString() => $"{Direction}/{Type}#{Index}";

    /// <summary>All examples of all events, compact, in a fixed order.</summary>
    public static IReadOnlyList<Example> All { get; } = [.. Load()];

    public static TheoryData<string> Names => [.. All.Select(static example => example.ToString())];

    public static Example Named(string name) => All.Single(example => example.ToString() == name);

    private static IEnumerable<Example> Load()
    {
        string root = Path.Combine(AppContext.BaseDirectory, "schema", "realtime");
        foreach (string direction in (string[])["client", "server"])
        {
            foreach (string file in Directory.GetFiles(Path.Combine(root, direction), "*.json").Order(StringComparer.Ordinal))
            {
                using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(file));
                int index = 0;
                foreach (JsonElement example in schema.RootElement.GetProperty("examples").EnumerateArray())
                {
                    yield return new Example(direction, Path.GetFileNameWithoutExtension(file), index++, JsonSerializer.SerializeToUtf8Bytes(example, Compact));
                }
            }
        }
    }

    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
