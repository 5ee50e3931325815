using System.Text.Json;

namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary>A log that <c>realtime talk --log</c> wrote.</summary>
internal static class LogFile
{
    public static IReadOnlyList<(double Milliseconds, string Direction, JsonElement Event)> Read(string path) =>
    [
        .. File.ReadAllLines(path).Select(static line =>
        {
            JsonElement entry = JsonDocument.Parse(line).RootElement;
            return (entry.GetProperty("t_ms").GetDouble(), entry.GetProperty("dir").GetString()!, entry.TryGetProperty("event", out JsonElement e) ? e : default);
        }),
    ];

    public static IReadOnlyList<JsonElement> Sent(string path, string type) => Of(path, "client", type);

    public static IReadOnlyList<JsonElement> Received(string path, string type) => Of(path, "server", type);

    private static List<JsonElement> Of(string path, string direction, string type) =>
    [
        .. Read(path)
            .Where(entry => entry.Direction == direction && entry.Event.ValueKind == JsonValueKind.Object && entry.Event.GetProperty("type").GetString() == type)
            .Select(static entry => entry.Event),
    ];
}
