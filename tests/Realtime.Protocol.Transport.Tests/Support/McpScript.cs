using System.Text.Json;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>What a service says of remote MCP servers, in its own events.</summary>
internal static class McpScript
{
    public static async Task ListingAsync(this ScriptedServer server, string item, string label)
    {
        await server.SendAsync($$"""{"type":"conversation.item.added","previous_item_id":null,"item":{{List(item, label)}}}""");
        await server.SendAsync($$"""{"type":"mcp_list_tools.in_progress","item_id":"{{item}}"}""");
    }

    public static async Task ListedAsync(this ScriptedServer server, string item, string label, params string[] tools)
    {
        await server.SendAsync($$"""{"type":"mcp_list_tools.completed","item_id":"{{item}}"}""");
        await server.SendAsync($$"""{"type":"conversation.item.done","previous_item_id":null,"item":{{List(item, label, tools)}}}""");
    }

    public static Task UnlistedAsync(this ScriptedServer server, string item) => server.SendAsync($$"""{"type":"mcp_list_tools.failed","item_id":"{{item}}"}""");

    /// <summary>A call that the service makes: whole, and running.</summary>
    public static async Task McpCallAsync(this ScriptedServer server, string response, string item, string label, string tool, string arguments = "{}", string? approval = null)
    {
        await server.SendAsync($$"""{"type":"response.output_item.added","response_id":"{{response}}","output_index":0,"item":{{Call(item, label, tool, "", approval)}}}""");
        await server.SendAsync($$"""{"type":"conversation.item.added","previous_item_id":null,"item":{{Call(item, label, tool, "", approval)}}}""");
        await server.SendAsync($$"""{"type":"response.mcp_call_arguments.done","response_id":"{{response}}","item_id":"{{item}}","output_index":0,"arguments":{{JsonSerializer.Serialize(arguments)}}}""");
        await server.SendAsync($$"""{"type":"response.mcp_call.in_progress","item_id":"{{item}}","output_index":0}""");
    }

    public static async Task McpEndedAsync(this ScriptedServer server, string item, string label, string tool, string arguments = "{}", string? error = null, string output = "high")
    {
        string end = error is null ? $",\"output\":{JsonSerializer.Serialize(output)}" : $",\"output\":null,\"error\":{error}";
        await server.SendAsync($$"""{"type":"response.mcp_call.{{(error is null ? "completed" : "failed")}}","item_id":"{{item}}","output_index":0}""");
        await server.SendAsync($$"""{"type":"conversation.item.done","previous_item_id":null,"item":{{Call(item, label, tool, arguments, null, end)}}}""");
    }

    public static async Task AskLeaveAsync(this ScriptedServer server, string response, string item, string label, string tool, string arguments = "{}")
    {
        string body = $$"""{"type":"mcp_approval_request","id":"{{item}}","server_label":"{{label}}","name":"{{tool}}","arguments":{{JsonSerializer.Serialize(arguments)}}}""";
        await server.SendAsync($$"""{"type":"response.output_item.added","response_id":"{{response}}","output_index":0,"item":{{body}}}""");
        await server.SendAsync($$"""{"type":"conversation.item.added","previous_item_id":null,"item":{{body}}}""");
        await server.SendAsync($$"""{"type":"conversation.item.done","previous_item_id":null,"item":{{body}}}""");
        await server.SendAsync($$"""{"type":"response.output_item.done","response_id":"{{response}}","output_index":0,"item":{{body}}}""");
    }

    private static string List(string item, string label, params string[] tools) =>
        $$"""{"type":"mcp_list_tools","id":"{{item}}","server_label":"{{label}}","tools":[{{string.Join(',', tools.Select(static tool => $$"""{"name":"{{tool}}","input_schema":{"type":"object"} }"""))}}]}""";

    private static string Call(string item, string label, string tool, string arguments, string? approval, string end = "") =>
        $$"""{"type":"mcp_call","id":"{{item}}","server_label":"{{label}}","name":"{{tool}}","arguments":{{JsonSerializer.Serialize(arguments)}},"approval_request_id":{{JsonSerializer.Serialize(approval)}}{{end}}}""";
}
