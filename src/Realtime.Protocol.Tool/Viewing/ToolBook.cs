using System.Text.Json;
using Realtime.Protocol.Testing.Grammar.Client;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>The tools that the model called, each from its complete arguments to the output that went to the model. A call that the service makes itself ends with its item.</summary>
internal sealed class ToolBook(TurnBook turns, PageRoom room)
{
    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 1_000 };

    private readonly List<PicturedTool> _tools = [];
    private readonly Dictionary<string, PicturedTool> _calls = [];

    public IReadOnlyList<PicturedTool> Tools => _tools;

    /// <summary>Whether an item is a call.</summary>
    public static bool IsCall(JsonElement item) => item.Text("type") is "mcp_call" or "function_call";

    /// <summary>An item is a call: it begins, or is heard of again.</summary>
    /// <returns>The tool; null when it found no room.</returns>
    public PicturedTool? Begin(JsonElement item, string? response, double now)
    {
        // An output names the call; a call that the service makes itself has its item's id only.
        string id = (item.Text("type") == "mcp_call" ? item.Text("id") : item.Text("call_id")) ?? $"?{_calls.Count}";
        if (!_calls.TryGetValue(id, out PicturedTool? tool) && room.IsIn(_tools, PageRoom.MostSpans))
        {
            tool = new PicturedTool(PageRoom.Short(item.Text("name")) ?? "", id, turns.ResponseOf(response, now).Turn.Number) { Begin = now };
            _calls[id] = tool;
            _tools.Add(tool);
        }

        return tool;
    }

    /// <summary>The arguments of a call are complete. Some clients answer from here on, before the item is done.</summary>
    public void Complete(string? id, string? arguments, double now)
    {
        if (Open(id) is { } tool)
        {
            tool.Begin = now;
            tool.Arguments ??= room.Content(arguments);
        }
    }

    /// <summary>The item of a call is done.</summary>
    public void Finish(JsonElement item, string? response, double now)
    {
        if (!IsCall(item) || Begin(item, response, now) is not { End: null } tool)
        {
            return;
        }

        tool.Arguments = room.Content(item.Text("arguments"));
        if (item.Text("type") == "mcp_call")
        {
            tool.End = now;
            tool.Outcome = item.At("error") is { ValueKind: not JsonValueKind.Null } ? "failed" : "answered";
            tool.Output = room.Content(item.Text("output"));
        }
    }

    /// <summary>The client answers a call.</summary>
    public void Answer(string? id, string output, double now)
    {
        if (Open(id) is { } tool)
        {
            tool.End = now;
            tool.Outcome = HasError(output) ? "failed" : "answered";
            tool.Output = room.Content(output);
        }
    }

    private PicturedTool? Open(string? id) => id is not null && _calls.TryGetValue(id, out PicturedTool? tool) && tool.End is null ? tool : null;

    // As this library and many others tell a model that a tool has failed.
    private static bool HasError(string output)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(output, Lenient);
            return document.RootElement.At("error") is { ValueKind: not (JsonValueKind.Null or JsonValueKind.False) };
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
