using System.Text.Json.Serialization;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Programs;

/// <summary>
/// Program 12: a function that answers at once, one between types with a time of its own, one that needs no answer, and a remote MCP server with an operator. Its fifth tool, an
/// <c>AIFunction</c>, is left out: the package that turns one into a tool is another matter.
/// </summary>
public sealed partial class Program12ToolsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tool: clock", ":", "clock")]
    [InlineData("tool: weather {\"city\":\"Husum\"}", "windy in Husum", "weather")]
    [InlineData("tool: shop.order", "ordered", "order")]
    public async Task EachToolAnswers_AndTheModelSpeaksAboutIt(string text, string words, string tool)
    {
        (VoiceSession session, List<string> asked) = await UpdatedAsync();
        TurnResult result = await session.SendMessage(text).Completion.WaitAsync(Patience, Stop);
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Contains(words, result.Transcript);
        Assert.Equal(tool, Assert.Single(result.ToolCalls).Name);
        Assert.Equal(tool == "order" ? ["order"] : [], asked);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ANote_IsTaken_AndNotSpokenAbout()
    {
        (VoiceSession session, _) = await UpdatedAsync();
        TurnResult result = await session.SendMessage("tool: note").Completion.WaitAsync(Patience, Stop);
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal(("", 1), (result.Transcript, result.Responses));
        await session.DisposeAsync();
    }

    private static async Task<(VoiceSession Session, List<string> Asked)> UpdatedAsync()
    {
        List<string> asked = [];
        var simulated = new SimulatedMcpServer("shop", new SimulatedMcpTool("order", "ordered") { RunsFor = Short }) { ListAfter = Short };
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, McpServers = [simulated] }, TimeProvider.System);
        VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk, Transport = (_, _) => new(transport) }, Stop);

        ValueTask<bool> AskOperatorAsync(McpApprovalRequest request, CancellationToken ct)
        {
            ct.ThrowIfCancellationRequested();
            asked.Add(request.Tool);
            return new(true);
        }

        VoiceTool clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static call => $"{DateTime.Now:t}");
        VoiceTool weather = VoiceTool.Create("weather", "Tells the weather.", static async (place, ct) => await Weather.OfAsync(place.City, ct), ToolJson.Default.Place, ToolJson.Default.Weather) with { Timeout = TimeSpan.FromSeconds(5) };
        VoiceTool note = VoiceTool.Create("note", "Takes a note.", """{"type":"object"}""", call => ToolCallOutput.WithoutResponse("noted"));
        VoiceTool shop = new VoiceTool.McpServer { Label = "shop", Url = new("https://mcp.example.com"), Approval = McpApprovalPolicy.Ask(async (request, ct) => await AskOperatorAsync(request, ct)).ExceptReadOnly() };
        await session.UpdateAsync(new() { Tools = [clock, weather, note, shop] });

        return (session, asked);
    }

    private sealed record Place(string City);

    private sealed record Weather(string Sky)
    {
        public static Task<Weather> OfAsync(string city, CancellationToken ct)
        {
            ct.ThrowIfCancellationRequested();
            return Task.FromResult(new Weather($"windy in {city}"));
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Place))]
    [JsonSerializable(typeof(Weather))]
    private sealed partial class ToolJson : JsonSerializerContext;
}
