using System.Text;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Benchmarks.Payloads;

/// <summary>One message of every kind that the server sends: the first example of each schema file, which has what is required and no more.</summary>
public static class EventExamples
{
    public static Message[] Server() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "core", "schema", "realtime", "server"), "*.json")
            .Order(StringComparer.Ordinal)
            .Select(static file => JsonNode.Parse(File.ReadAllText(file))!["examples"]![0]!)
            .Select(static example => new Message(Encoding.UTF8.GetBytes(example.ToJsonString()), [], [], new(("type", (string)example["type"]!))))];
}
