using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The remote MCP servers of the session, by their labels, and whether the service has listed their tools: until then the model cannot call them (MCP-01). A server is listed again when
/// its address changes or when the service says that it lists it. It waits for nothing and sends nothing.
/// </summary>
internal sealed class McpServers(SessionCore session)
{
    // A configuration has a handful; a service that names more on its own is not kept in step with.
    private const int MaxServers = 64;

    private readonly List<McpServer> _servers = [];

    /// <summary>Until when a create that relies on the tools waits; <see cref="long.MinValue"/> when every list has come or was given up.</summary>
    public long ListingUntil
    {
        get
        {
            long until = long.MinValue;
            foreach (McpServer server in _servers)
            {
                until = server.IsListing ? Math.Max(until, server.DueAt) : until;
            }

            return until;
        }
    }

    /// <summary>A configuration is being sent that may name servers: those that are new are listed from now on.</summary>
    /// <returns>The labels that it names; null when it leaves the tools as they are.</returns>
    public string[]? Expect(Session configuration, int handle, long now)
    {
        if (!configuration.Tools.HasValue)
        {
            return null;
        }

        var labels = new List<string>();
        foreach (Tool tool in configuration.Tools)
        {
            if (tool is McpTool mcp)
            {
                string label = mcp.ServerLabel.ToString();
                labels.Add(label);
                Expect(label, $"{mcp.ServerUrl} {mcp.ConnectorId} {mcp.TunnelId}", handle, now);
            }
        }

        return [.. labels];
    }

    /// <summary>The server took a configuration: it has these servers and no others, but for those of a later one that is on its way.</summary>
    public void Keep(string[]? labels, int handle)
    {
        if (labels is not null)
        {
            _servers.RemoveAll(server => server.NamedBy <= handle && !labels.Contains(server.Label));
        }
    }

    /// <summary>The server refused a configuration: what it asked for is not listed.</summary>
    public void Forget(int handle) => _servers.RemoveAll(server => server.IsListing && server.Handle == handle);

    /// <summary>No create waits any longer.</summary>
    public void StopWaiting(long now)
    {
        foreach (McpServer server in _servers)
        {
            server.IsListing &= server.DueAt > now;
        }
    }

    /// <summary>An <c>mcp_list_tools</c> item says whose list it is and, when it is done, what stands in it.</summary>
    public void Hear(in SessionFact words, bool isDone)
    {
        string label = Encoding.UTF8.GetString(words.Server);
        if (Find(label) is not { } server)
        {
            if (_servers.Count == MaxServers)
            {
                return;
            }

            server = new McpServer(label);
            _servers.Add(server);
        }

        string item = Encoding.UTF8.GetString(words.ItemId);
        if (server.ItemId != item)
        {
            (server.ItemId, server.Tools, server.IsCompleted, server.IsTold) = (item, null, false, false);
        }

        if (isDone)
        {
            server.Tools = Names(words);
            server.IsCompleted |= server.Tools.Length > 0;
            server.IsListing &= !server.IsCompleted;
            TellIfKnown(server);
        }
    }

    /// <summary><c>mcp_list_tools.completed</c> or <c>.failed</c>: the item says whose.</summary>
    public void Listed(in SessionFact words)
    {
        if (Of(words.ItemId) is not { } server)
        {
            return;
        }

        switch (words.Status)
        {
            case FactStatus.Completed:
                server.IsCompleted = true;
                server.IsListing = false;
                TellIfKnown(server);
                break;
            case FactStatus.Failed when !server.IsTold:
                server.IsTold = true;
                server.IsListing = false;
                session.Effects.Tell(new SessionChange.McpToolsFailed(server.Label, McpWords.IsStated(words) ? ErrorReach.Describe(words) : null));
                break;
        }
    }

    private void Expect(string label, string address, int handle, long now)
    {
        McpServer? server = Find(label);
        if (server is not null && (server.Address is null || server.Address == address))
        {
            (server.Address, server.NamedBy) = (address, handle);
            return;
        }

        if (server is not null)
        {
            _servers.Remove(server);
        }

        if (_servers.Count < MaxServers)
        {
            _servers.Add(new McpServer(label) { Address = address, Handle = handle, NamedBy = handle, IsListing = true, DueAt = now + session.Settings.McpListTimeout });
        }
    }

    private void TellIfKnown(McpServer server)
    {
        if (server is { IsCompleted: true, IsTold: false, Tools: { } tools })
        {
            server.IsTold = true;
            session.Effects.Tell(new SessionChange.McpToolsListed(server.Label, tools));
        }
    }

    private McpServer? Find(string label) => _servers.Find(server => server.Label == label);

    /// <summary>The server of a list; where its item was not heard of, the only one whose list has none.</summary>
    private McpServer? Of(ReadOnlySpan<byte> itemId)
    {
        string item = Encoding.UTF8.GetString(itemId);
        if (_servers.Find(server => server.ItemId == item) is { } known)
        {
            return known;
        }

        McpServer[] nameless = [.. _servers.Where(static server => server is { IsListing: true, ItemId: null })];
        return nameless.Length == 1 ? nameless[0] : null;
    }

    private static string[] Names(in SessionFact words)
    {
        var names = new List<string>();
        foreach (McpToolDescriptionView tool in words.Tools)
        {
            names.Add(tool.Name.ToString());
        }

        return [.. names];
    }

    private sealed class McpServer(string label)
    {
        public string Label { get; } = label;

        /// <summary>Where it is; null where the service named it first.</summary>
        public string? Address { get; set; }

        /// <summary>The configuration that asked for it.</summary>
        public int Handle { get; init; }

        /// <summary>The last configuration that names it, whose acknowledgement is the first that can leave it out.</summary>
        public int NamedBy { get; set; }

        public long DueAt { get; init; }

        public bool IsListing { get; set; }

        public string? ItemId { get; set; }

        public bool IsCompleted { get; set; }

        public string[]? Tools { get; set; }

        public bool IsTold { get; set; }
    }
}
