using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation.Mcp;

/// <summary>
/// Lists the tools of the MCP servers that the session declares: each label once, until it is taken out of the session. What was listed
/// is what a model may call.
/// </summary>
internal sealed class McpListing : IDue
{
    private readonly SessionContext _session;
    private readonly Dictionary<string, Listing> _listings = [];

    public McpListing(SessionContext session)
    {
        _session = session;
        session.Agenda.Enroll(this);
    }

    public long? Due => First()?.Due;

    /// <summary>The session's tools were changed.</summary>
    public void ToolsChanged()
    {
        IReadOnlyList<McpDeclaration> declared = _session.Settings.McpServers;
        foreach (string label in _listings.Keys.Where(label => !declared.Any(server => server.Label == label)).ToArray())
        {
            _listings.Remove(label, out Listing? taken);
            if (taken!.Due is not null)
            {
                // What the service says then was never seen; what has begun ends, or a client would wait for it.
                _session.Speaker.McpListing("mcp_list_tools.failed", taken.ItemId);
            }
        }

        foreach (McpDeclaration server in declared.Where(server => !_listings.ContainsKey(server.Label)))
        {
            SimulatedMcpServer? reached = _session.Options.McpServers.FirstOrDefault(one => one.Label == server.Label);
            var listing = new Listing(_session.Ids.Item(), server.Label, reached) { Due = _session.Now + _session.Draws.Draw(reached?.ListAfter ?? default) };
            _listings.Add(server.Label, listing);
            _session.Speaker.McpListing("mcp_list_tools.in_progress", listing.ItemId);
        }
    }

    /// <summary>The servers of these declarations that are listed by now, with the tools that may be used.</summary>
    public IReadOnlyList<SimulatedMcpServer> Listed(IReadOnlyList<McpDeclaration> declared) =>
    [
        .. declared.Where(one => _listings.TryGetValue(one.Label, out Listing? listing) && listing.IsListed)
            .Select(one => _listings[one.Label].Server! with { Tools = [.. _listings[one.Label].Server!.Tools.Where(tool => one.Allows(tool.Name))] }),
    ];

    public void Act()
    {
        Listing listing = First()!;
        listing.Due = null;
        if (listing.Server is not { ListFails: false } server)
        {
            _session.Speaker.McpListing("mcp_list_tools.failed", listing.ItemId);
            return;
        }

        listing.IsListed = true;
        var item = new SimulatedItem(listing.ItemId, ItemKind.McpListTools) { ServerLabel = listing.Label, McpTools = server.Tools };
        _session.Conversation.Append(item);
        _session.Announce(item);
        _session.AnnounceDone(item);
        _session.Speaker.McpListing("mcp_list_tools.completed", listing.ItemId);
    }

    private Listing? First() => _listings.Count == 0 ? null : _listings.Values.Where(static listing => listing.Due is not null).MinBy(static listing => listing.Due);

    private sealed record Listing(string ItemId, string Label, SimulatedMcpServer? Server)
    {
        public long? Due { get; set; }

        public bool IsListed { get; set; }
    }
}
