using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>What is new when a model is asked: what came in since it last said or called something, and the results of MCP calls that no answer has seen.</summary>
internal sealed class Situation
{
    private Situation(ModelRequest request, int connection) => (Request, Connection) = (request, connection);

    public ModelRequest Request { get; }

    public int Connection { get; }

    /// <summary>What the user wrote and what was understood of what he said; empty for nothing.</summary>
    public string UserWords { get; private init; } = "";

    public bool Spoke { get; private init; }

    public bool Image { get; private init; }

    /// <summary>The name of the function, and what it returned.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ToolOutputs { get; private init; } = [];

    public IReadOnlyList<string> McpResults { get; private init; } = [];

    public IReadOnlyList<string> McpDenied { get; private init; } = [];

    /// <summary>Looks at a request.</summary>
    /// <param name="seen">The MCP calls whose result an answer has seen; those that this one sees are added.</param>
    public static Situation Of(ModelRequest request, int connection, HashSet<string> seen)
    {
        IReadOnlyList<SimulatedItem> all = request.Conversation;
        SimulatedItem[] news = [.. all.Reverse().TakeWhile(static item => !IsOfTheModel(item)).Reverse()];
        SimulatedPart[] parts = [.. news.Where(static item => item is { Kind: ItemKind.Message, Role: MessageItemRole.User }).SelectMany(static item => item.Parts)];
        return new(request, connection)
        {
            UserWords = string.Join(' ', parts.Select(WordsOf).Where(static words => words.Length > 0)),
            Spoke = parts.Any(static part => part.Type == ContentPartType.InputAudio),
            Image = parts.Any(static part => part.Type == ContentPartType.InputImage),
            ToolOutputs =
            [
                .. news.Where(static item => item.Kind == ItemKind.FunctionCallOutput)
                    .Select(output => new KeyValuePair<string, string>(all.FirstOrDefault(call => call.Kind == ItemKind.FunctionCall && call.CallId == output.CallId)?.Name ?? "", output.Output)),
            ],
            McpResults =
            [
                .. all.Where(item => item.Kind == ItemKind.McpCall && (item.Error is not null || item.Output.Length > 0) && (request.OutOfBand ? !seen.Contains(item.Id) : seen.Add(item.Id)))
                    .Select(static item => $"{item.ServerLabel}.{item.Name}"),
            ],
            McpDenied =
            [
                .. news.Where(static item => item is { Kind: ItemKind.McpApprovalResponse, Approved: false })
                    .Select(answer => all.FirstOrDefault(wanted => wanted.Id == answer.ApprovalRequestId)).OfType<SimulatedItem>()
                    .Select(static wanted => $"{wanted.ServerLabel}.{wanted.Name}"),
            ],
        };
    }

    private static bool IsOfTheModel(SimulatedItem item) =>
        item.Kind is ItemKind.FunctionCall or ItemKind.McpCall or ItemKind.McpApprovalRequest || item is { Kind: ItemKind.Message, Role: MessageItemRole.Assistant };

    private static string WordsOf(SimulatedPart part) => part.Type switch
    {
        ContentPartType.InputText => part.Text,
        ContentPartType.InputAudio => part.Understood ?? part.Transcript ?? "",
        _ => "",
    };
}
