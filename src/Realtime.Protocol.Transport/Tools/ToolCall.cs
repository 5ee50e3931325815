namespace Realtime.Protocol;

/// <summary>One call that the model made. Its text leaves the arguments out: they are what somebody said.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="CallId">The service's id of the call. No two open calls share one; some services use it again for a later call.</param>
/// <param name="Arguments">JSON text, as the model wrote it: it follows the schema most of the time, not always. A call without arguments has <c>{}</c>.</param>
public sealed record ToolCall(string Name, string CallId, string Arguments)
{
    /// <summary>Name and id.</summary>
    public override string ToString() => $"{Name} ({CallId})";
}
