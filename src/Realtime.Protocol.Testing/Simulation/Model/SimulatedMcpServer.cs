namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>
/// A remote MCP server that the simulated service can reach: when a session declares a tool of type <c>mcp</c> with this label, its tools
/// are listed, and the model may call them. A label that is not among the options cannot be reached, and its listing fails.
/// </summary>
/// <param name="Label">The <c>server_label</c> of the session's tool.</param>
/// <param name="Tools">What the server offers.</param>
public sealed record SimulatedMcpServer(string Label, params IReadOnlyList<SimulatedMcpTool> Tools)
{
    internal static readonly Delay DefaultListAfter = 200;

    /// <summary>From <c>mcp_list_tools.in_progress</c> to the end of the listing.</summary>
    public Delay ListAfter { get; init; } = DefaultListAfter;

    /// <summary>The listing ends with <c>mcp_list_tools.failed</c>.</summary>
    public bool ListFails { get; init; }
}

/// <summary>One tool of an MCP server, and what a call of it gives.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Output">What each call returns.</param>
public sealed record SimulatedMcpTool(string Name, string Output = SimulatedMcpTool.DefaultOutput)
{
    internal const string DefaultOutput = "Done.";
    internal const string AnyObject = """{"type":"object"}""";
    internal static readonly Delay DefaultRunsFor = 200;

    /// <summary>What the tool is for.</summary>
    public string? Description { get; init; }

    /// <summary>The JSON Schema of its arguments, as JSON text.</summary>
    public string InputSchema { get; init; } = AnyObject;

    /// <summary>Set when each call fails: the message of the error, in place of an output.</summary>
    public string? Error { get; init; }

    /// <summary>How long a call takes, from the end of the response that made it.</summary>
    public Delay RunsFor { get; init; } = DefaultRunsFor;

    /// <summary>Only the name; arguments and outputs are what somebody said.</summary>
    public override string ToString() => Name;
}
