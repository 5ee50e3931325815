namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// After a remote MCP server was configured, its tools are there only when the service has listed them. An automatic create that left at once would be answered by a model that does not
/// know them yet, so it waits for the list, and not longer than its time. A create with parameters of its own is not held.
/// </summary>
internal static class HoldUntilToolsAreListed
{
    [LifecycleRule("MCP-01")]
    public static bool Holds(Create create, McpServers servers, long now) => create.IsAutomatic && now < servers.ListingUntil;
}
