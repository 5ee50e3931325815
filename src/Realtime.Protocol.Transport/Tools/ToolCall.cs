using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Realtime.Protocol;

/// <summary>One call that the model made. Its text leaves the arguments out: they are what somebody said.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="CallId">The service's id of the call; of one that it makes by itself the id of its item. No two open calls share one; some services use it again for a later call.</param>
/// <param name="Arguments">JSON text, as the model wrote it: it follows the schema most of the time, not always. A call without arguments has <c>{}</c>.</param>
public sealed record ToolCall(string Name, string CallId, string Arguments)
{
    /// <summary>The number of the turn that it belongs to (<see cref="Turn.Number"/>).</summary>
    public int Turn { get; init; }

    /// <summary>The <see cref="VoiceTool.McpServer.Label"/> of the remote MCP server that the service calls by itself; null for a function of the application.</summary>
    public string? Server { get; init; }

    /// <summary>The arguments as a value; null when they are the JSON <c>null</c>.</summary>
    /// <typeparam name="T">What they are read as.</typeparam>
    /// <param name="type">From a <c>JsonSerializerContext</c>.</param>
    /// <exception cref="JsonException">They do not fit the type: the model wrote them. Thrown out of a tool it counts as a failure of the tool.</exception>
    public T? Read<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Arguments, type);

    /// <summary>Name and id.</summary>
    public override string ToString() => $"{(Server is null ? "" : Server + "/")}{Name} ({CallId})";
}
