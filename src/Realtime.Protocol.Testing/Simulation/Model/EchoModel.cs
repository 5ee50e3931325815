using System.Globalization;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Conversation;

namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>
/// The model that answers with what it heard: the caller's own audio comes back, sample for sample, under a transcript that says how long
/// it was. A text that starts with <c>tool:</c> makes it call a function first and then say what the function returned.
/// </summary>
/// <remarks>
/// It looks at one turn: everything after its own last message. <c>tool: clock {"zone":"UTC"}</c> calls <c>clock</c> with these arguments;
/// without the name of a declared function it calls the first one, and without arguments it fills the declared parameters itself.
/// <c>tool: docs.search {"q":"x"}</c> calls the tool <c>search</c> of the MCP server <c>docs</c>.
/// </remarks>
public sealed class EchoModel : ISimulatedModel
{
    private const string ToolPrefix = "tool:";
    private const int MsPerCharacter = 40;
    private const int ShortestToneMs = 400;
    private const int LongestToneMs = 10_000;

    /// <summary>What a text sounds like that nobody spoke.</summary>
    internal const double ToneHertz = 220;

    /// <inheritdoc/>
    public ModelAnswer Answer(ModelRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Turn turn = Turn.Last(request.Conversation);
        if (turn.Returned.Count > 0)
        {
            return Say(request, turn, string.Join(" ", turn.Returned));
        }

        if (turn.Text.StartsWith(ToolPrefix, StringComparison.OrdinalIgnoreCase))
        {
            if (McpCall(turn.Text[ToolPrefix.Length..].Trim(), request.McpServers) is { } remote)
            {
                return new(remote);
            }

            return request.Tools.Count > 0
                ? new(Call(turn.Text[ToolPrefix.Length..].Trim(), request.Tools))
                : Say(request, turn, "No tool was declared that could be called.");
        }

        return Say(request, turn, (turn.Heard.Count > 0, turn.Text.Length > 0) switch
        {
            (true, _) => string.Create(CultureInfo.InvariantCulture, $"I heard {turn.HeardMs / 1000.0:0.0} seconds of speech."),
            (_, true) => $"You wrote: {turn.Text}",
            _ => "I have heard nothing yet.",
        });
    }

    /// <summary>How long a text sounds.</summary>
    internal static int ToneMs(string words) => Math.Clamp(words.Length * MsPerCharacter, ShortestToneMs, LongestToneMs);

    /// <summary>What the caller said since the model's last message, as it was said; null when nothing was.</summary>
    internal static ISoundSource? Heard(ModelRequest request) => Joined(Turn.Last(request.Conversation).Heard, request.Format);

    private static ModelOutput.Call Call(string wish, IReadOnlyList<SimulatedTool> tools)
    {
        int end = wish.AsSpan().IndexOfAny(" {");
        string first = end < 0 ? wish : wish[..end];
        SimulatedTool? named = tools.FirstOrDefault(tool => tool.Name == first);
        string rest = named is null ? wish : wish[first.Length..].Trim();
        SimulatedTool tool = named ?? tools[0];
        return new(tool.Name, ToolArguments.For(tool.Parameters, rest));
    }

    private static ModelOutput.McpCall? McpCall(string wish, IReadOnlyList<SimulatedMcpServer> servers)
    {
        int end = wish.AsSpan().IndexOfAny(" {");
        string first = end < 0 ? wish : wish[..end];
        foreach (SimulatedMcpServer server in servers)
        {
            if (server.Tools.FirstOrDefault(tool => first == $"{server.Label}.{tool.Name}") is { } tool)
            {
                return new(server.Label, tool.Name, ToolArguments.For(tool.InputSchema, wish[first.Length..].Trim()));
            }
        }

        return null;
    }

    private static ModelAnswer Say(ModelRequest request, Turn turn, string words)
    {
        if (!request.Spoken)
        {
            return new(new ModelOutput.Text(words));
        }

        return new(new ModelOutput.Speech(default, words) { Sound = Joined(turn.Heard, request.Format) ?? new ComputedSound(ToneHertz, ToneMs(words), request.Format) });
    }

    private static ISoundSource? Joined(IReadOnlyList<SimulatedPart> heard, SpeechFormat format)
    {
        ISoundSource[] sounds = [.. heard.Where(static part => part.Sound is not null).Select(part => part.Sound!.In(part.Format, format))];
        return sounds switch
        {
            [] => null,
            [var only] => only,
            _ => new JoinedSound(sounds),
        };
    }

    /// <summary>What came in since the model's last message.</summary>
    private sealed record Turn(IReadOnlyList<SimulatedPart> Heard, string Text, IReadOnlyList<string> Returned)
    {
        public long HeardMs => Heard.Sum(static part => part.AudioMs);

        private static string? Result(SimulatedItem item) => item.Kind switch
        {
            ItemKind.FunctionCallOutput => $"The tool returned: {item.Output}",
            ItemKind.McpCall when item.Error is not null => $"The tool failed: {item.Error}",
            ItemKind.McpCall when item.Output.Length > 0 => $"The tool returned: {item.Output}",
            ItemKind.McpApprovalResponse when !item.Approved => "The tool was not allowed.",
            _ => null,
        };

        public static Turn Last(IReadOnlyList<SimulatedItem> conversation)
        {
            SimulatedItem[] items = [.. conversation.Reverse().TakeWhile(static item => item.Role != MessageItemRole.Assistant).Reverse()];
            SimulatedPart[] parts = [.. items.Where(static item => item.Role == MessageItemRole.User).SelectMany(static item => item.Parts)];
            return new(
                [.. parts.Where(static part => part.Type == ContentPartType.InputAudio && part.AudioLength > 0)],
                string.Join(" ", parts.Where(static part => part.Type == ContentPartType.InputText).Select(static part => part.Text)).Trim(),
                [.. items.Select(Result).OfType<string>()]);
        }
    }
}
