namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>A response of the small server that runs: what of it is still to come, and what is open.</summary>
internal sealed class SmallResponse(string id, string? token, bool isBeside)
{
    public string Id { get; } = id;
    public bool IsBeside { get; } = isBeside;
    public string? Token { get; } = token;
    public string? Message { get; set; }
    public bool IsMessageOpen { get; set; }
    public string? Call { get; set; }
    public string CallId { get; set; } = "";
    public bool IsCallOpen { get; set; }
    public int CallsLeft { get; init; }
    public int ChunksLeft { get; set; }
    public int CallsMade { get; set; }
    public int Items { get; set; }
    public int McpLeft { get; set; }
    public int Approved { get; set; }
}
