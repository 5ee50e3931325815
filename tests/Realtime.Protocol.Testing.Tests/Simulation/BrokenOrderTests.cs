using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Faults.Words;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>
/// What the rows of the catalogue say about the server's order, held to one conversation in which everything occurs: each fault happens to each of its events in turn, and each
/// switch decides each way. What breaks is what the row says, or of a row that can break everything a part; and what the server says before the faults is in order whatever they do.
/// </summary>
public class BrokenOrderTests
{
    private static readonly SimulatorOptions Plain = new()
    {
        Pace = new() { AudioSpeed = 10 },
        McpServers = [new("docs", new SimulatedMcpTool("search", "Thirty days."))],
        InitialSession = """{"type":"realtime","audio":{"input":{"transcription":{"model":"whisper-1"}}},"tools":[{"type":"function","name":"clock"}]}""",
    };

    private static readonly string[] Conversation =
    [
        SimulatedServer.Append([.. Sound.Speech(100), .. Sound.Silence(500)]),
        Written("tool: clock {}", "twice"),
        """{"type":"session.update","session":{"type":"realtime","output_modalities":["text"],"tools":[{"type":"mcp","server_label":"docs","server_url":"https://mcp.example","require_approval":"never"}]}}""",
        Written("tool: docs.search {}", "twice"),
        Written("a sentence", "kept"),
        """{"type":"response.create","response":{"max_output_tokens":1}}""",
        """{"type":"conversation.item.delete","item_id":"twice"}""",
        """{"type":"conversation.item.retrieve","item_id":"kept"}""",
        """{"type":"response.create","response":{"conversation":"none","output_modalities":["text"]}}""",
    ];

    // The first event of each type: what goes wrong there goes wrong at the others, too.
    private static readonly int[] Places = [.. Hear(Plain).Said.Index().DistinctBy(static said => Type(said.Item)).Select(static said => said.Index + 1)];

    public static TheoryData<string> Names => [.. FaultCatalogue.Rows.Select(static row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ARow_BreaksWhatItSays_AndNothingElse(string name)
    {
        FaultRow row = FaultCatalogue.Rows.Single(row => row.Name == name);
        ServerRules broken = ServerRules.None;
        foreach (string wish in row.IsSwitch ? Decided(row) : Wished(row))
        {
            SimulatorOptions options = Plain.WithFault(wish);
            (ServerGrammar heard, ServerGrammar own, _) = Hear(options);
            Assert.Empty(own.Violations);
            broken |= heard.Broken | (heard.IsAtRest || options.Faults.Wishes.Any(static wish => wish.Split(':', '@')[0] is "close" or "fin" or "reset") ? ServerRules.None : ServerRules.Rest);
        }

        Assert.Equal(ServerRules.None, broken & ~row.Breaks);
        Assert.True(broken == row.Breaks || (row.Breaks.HasFlag(ServerRules.Order) && ServerRules.Running == (broken & ServerRules.Running)), $"It breaks {broken}.");
    }

    private static IEnumerable<string> Decided(FaultRow row) => row.Values.Split(", ").Select(value => $"{row.Name}:{(value == "n" ? "3" : value)}");

    private static IEnumerable<string> Wished(FaultRow row) => Values(row).SelectMany(value => !row.HasPlace ? [value] : row.Breaks == ServerRules.None ? [$"{value}@any/every"] : Places.Select(nth => $"{value}@any/{nth}"));

    private static string[] Values(FaultRow row) => row.Name switch
    {
        "alter" => ["alter:type=\"response.done\"", "alter:item_id=\"item_nobody\"", "alter:response.id=\"resp_nobody\""],
        "inject" => ["inject:{", """inject:{"type":"response.output_text.done","event_id":"a","response_id":"a","item_id":"a","output_index":0,"content_index":0,"text":"a"}"""],
        "remove" => ["remove:event_id", "remove:response_id", "remove:item"],
        "late" => ["late:1s"],
        "stall" => ["stall:1s"],
        "pad" => ["pad:2KiB"],
        _ => [row.Example.Split('@')[0]],
    };

    private static string Type(string said) => (string)JsonNode.Parse(said)!["type"]!;

    private static string Written(string text, string id) => $$$"""{"type":"conversation.item.create","item":{"id":"{{{id}}}","type":"message","role":"user","content":[{"type":"input_text","text":"{{{text}}}"}]}}""";

    private static (ServerGrammar Heard, ServerGrammar Own, List<string> Said) Hear(SimulatorOptions options)
    {
        var heard = new ServerGrammar();
        var own = new ServerGrammar(FaultCatalogue.BrokenBy(options.Service));
        var simulator = new RealtimeServerSimulator(options) { Watcher = own };
        List<string> said = [];
        simulator.Connect(0);
        long now = 0;
        foreach (string message in Conversation)
        {
            simulator.Receive(Encoding.UTF8.GetBytes(message), now += 10_000);
            simulator.Elapse(now += 1_000);
            simulator.Receive("""{"type":"response.create"}"""u8, now);
            simulator.Elapse(now += 500);
        }

        simulator.Elapse(now + 10_000);

        while (simulator.TryTakeEffect(out SimulatorEffect effect))
        {
            if (effect.Kind == SimulatorEffectKind.Send)
            {
                heard.Accept(effect.Message.Span);
                said.Add(Encoding.UTF8.GetString(effect.Message.Span));
            }
        }

        return (heard, own, said);
    }
}
