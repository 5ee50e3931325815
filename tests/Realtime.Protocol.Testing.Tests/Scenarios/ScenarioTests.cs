using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>A scenario answers in place of the model, built or read, in memory or on a port.</summary>
public class ScenarioTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void OneWord_IsAWholeScenario()
    {
        SimulatedServer server = Serve(Scenario.Say("Good morning."));

        server.Say("""{"type":"response.create"}""").Wait(5_000);

        Assert.Equal("Good morning.", (string)server.The("response.output_audio_transcript.done")["transcript"]!);
        Assert.Equal(520 * 48, server.Audio().Length);
    }

    [Fact]
    public void TheSameAsJson_SaysTheSameBytes()
    {
        Scenario built = Scenario.Say("Good morning.");
        Scenario read = Scenario.Parse("""{ "turns": [ { "do": [ { "say": "Good morning." } ] } ] }""");

        Assert.Equal(built.ToJson(), read.ToJson());
        Assert.Equal(Said(built), Said(read));

        static string Said(Scenario scenario) => string.Join('\n', Serve(scenario).Say("""{"type":"response.create"}""").Wait(5_000).Said.Select(static said => said.ToJsonString()));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AShopAssistant_IsTestedInTenLines()
    {
        Scenario shop = Scenario.When(Cue.UserSays("blue")).Call("stock", """{"sku":"B-7"}""").Next.Say("Two are left.");
        await using var server = new InMemoryTransport(shop.ToOptions(ResponsePace.Immediate));
        VoiceTool stock = VoiceTool.Create("stock", "Counts what is there.", """{"type":"object"}""", static call => call.Arguments.ToString() == """{"sku":"B-7"}""" ? "2" : "0");
        var options = new VoiceSessionOptions { Session = SessionConfiguration.PushToTalk with { Tools = [stock] }, Transport = (_, _) => new(server) };
        await using VoiceSession session = await VoiceSession.ConnectAsync(options, Stop);
        TurnResult result = await session.SendMessage("Do you have the blue ones?").Completion.WaitAsync(Stop);
        Assert.Equal("Two are left.", result.Transcript);
        Assert.Equal("stock", Assert.Single(result.ToolCalls).Name);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OnAPort_EachConnectionBeginsAtTheFirstTurn()
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(Scenario.Write("one").Next.Write("two"), Stop);
        for (int i = 0; i < 2; i++)
        {
            await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Endpoint = host.Endpoint, Session = SessionConfiguration.PushToTalk }, Stop);
            Assert.Equal("one", (await session.Respond().Completion.WaitAsync(Stop)).Transcript);
            Assert.Equal("two", (await session.Respond().Completion.WaitAsync(Stop)).Transcript);
        }
    }

    private static SimulatedServer Serve(Scenario scenario) => new(scenario.ToOptions());
}
