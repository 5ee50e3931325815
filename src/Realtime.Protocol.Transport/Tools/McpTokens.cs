namespace Realtime.Protocol.Transport;

/// <summary>The access tokens of the MCP servers in one list of tools, fetched before the list is written: writing waits for nothing. Its text is its type's name.</summary>
internal sealed class McpTokens
{
    private readonly Dictionary<VoiceTool.McpServer, string> _tokens = new(ReferenceEqualityComparer.Instance);

    public static McpTokens None { get; } = new();

    /// <summary>Whether a server of the list has a token.</summary>
    public static bool AreAskedFor(IReadOnlyList<VoiceTool>? tools) => ToolList.Servers(tools).Any(static server => server.Authorization is not null);

    /// <summary>Asks for every token of the list. Completed at once where none has to be waited for.</summary>
    /// <exception cref="Exception">Whatever a callback throws.</exception>
    public static ValueTask<McpTokens> FetchAsync(IReadOnlyList<VoiceTool>? tools, CancellationToken cancellationToken) =>
        AreAskedFor(tools) ? FetchAllAsync(tools, cancellationToken) : new(None);

    public string? Of(VoiceTool.McpServer server) => _tokens.GetValueOrDefault(server);

    private static async ValueTask<McpTokens> FetchAllAsync(IReadOnlyList<VoiceTool>? tools, CancellationToken cancellationToken)
    {
        var fetched = new McpTokens();
        foreach (VoiceTool.McpServer server in ToolList.Servers(tools))
        {
            if (server.Authorization is { } credential)
            {
                fetched._tokens[server] = await credential.GetAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return fetched;
    }
}
