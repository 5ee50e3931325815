using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>What is told to go wrong goes wrong at exactly one place, and sessions end when the service's do.</summary>
public class FaultTests
{
    [Fact]
    public void ServerCanCloseInTheMiddleOfAResponse()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate with { Faults = FaultPlan.None.CloseAt("response.output_audio.delta", 2, 1011, "Fell over.") });

        server.TakeTurn(Sound.Speech(2_000));

        Assert.Equal((1011, "Fell over."), server.Closed);
        Assert.Single(server.All("response.output_audio.delta"));
        Assert.Empty(server.Ask("""{"type":"response.cancel"}"""));
    }

    [Fact]
    public void MalformedEvent_IsInjectedBeforeTheEventThatWasNamed()
    {
        const string Broken = """{"type":"response.done","event_id":""";
        var sent = new List<string>();
        var simulator = new RealtimeServerSimulator(new() { Faults = FaultPlan.None.InjectBefore("session.updated", 1, Broken) });
        simulator.Connect(0);
        simulator.Receive("""{"type":"session.update","session":{"type":"realtime"}}"""u8, 0);
        while (simulator.TryTakeEffect(out SimulatorEffect effect))
        {
            if (effect.Kind == SimulatorEffectKind.Send)
            {
                sent.Add(System.Text.Encoding.UTF8.GetString(effect.Message.Span));
            }
        }

        Assert.Equal(3, sent.Count);
        Assert.Equal(Broken, sent[1]);
        Assert.Contains("session.updated", sent[2], StringComparison.Ordinal);
    }

    [Fact]
    public void EventsCanBeDroppedAndRepeated()
    {
        FaultPlan faults = FaultPlan.None.Drop("response.created", 1).Repeat("response.done", 1).Drop(FaultPlan.AnyEvent, 4);
        var server = new SimulatedServer(SimulatedServer.Immediate with { Faults = faults }, grammar: false);

        server.TakeTurn(Sound.Speech(200));

        Assert.Equal(["input_audio_buffer.committed", "conversation.item.done", "response.output_item.added"], server.Types.Take(3));
        Assert.Equal(2, server.All("response.done").Count());
    }

    [Fact]
    public void AModelThatFails_GivesAFailedResponse_WithoutOutputAndUsage_AndLeavesAnIncompleteItem()
    {
        var model = new FailingModel(new([new ModelOutput.Text("I was going to")], new ModelFailure("server_error", "inference_rate_limit_exceeded")));
        var server = new SimulatedServer(SimulatedServer.Immediate with { Speaker = model });

        server.Say("""{"type":"response.create"}""");

        JsonNode response = server.The("response.done")["response"]!;
        Assert.Equal("""{"type":"failed","error":{"type":"server_error","code":"inference_rate_limit_exceeded"}}""", response["status_details"]!.ToJsonString());
        Assert.Equal("incomplete", (string)server.The("conversation.item.done")["item"]!["status"]!);

        // What was made stays in the conversation; the response itself shows neither it nor a count of tokens.
        Assert.Equal("failed", (string)response["status"]!);
        Assert.Empty(response["output"]!.AsArray());
        Assert.Null(response["usage"]);
    }

    [Fact]
    public void SessionExpires_InTheServicesWords()
    {
        var server = new SimulatedServer();

        server.Wait(60 * 60 * 1000);

        JsonNode error = server.Last["error"]!;
        Assert.Equal(("session_expired", "Your session hit the maximum duration of 60 minutes.", null),
            ((string)error["code"]!, (string)error["message"]!, (string?)error["event_id"]));
        Assert.Equal((1001, "Your session hit the maximum duration of 60 minutes."), server.Closed);
    }

    [Theory]
    [InlineData(RateLimitReport.AfterResponse, "rate_limits.updated")]
    [InlineData(RateLimitReport.AtStart, "response.done")]
    [InlineData(RateLimitReport.Never, "response.done")]
    public void RateLimits_ComeWhenTheyAreToldTo(RateLimitReport report, string last)
    {
        var server = new SimulatedServer(SimulatedServer.Immediate with { Service = new() { RateLimits = report } });

        server.TakeTurn(Sound.Speech(200));

        Assert.Equal(last, server.Types[^1]);
        Assert.Equal(report == RateLimitReport.Never ? 0 : 1, server.All("rate_limits.updated").Count());
    }

    [Fact]
    public void MetadataCanBeLeftUnechoed()
    {
        var server = new SimulatedServer(SimulatedServer.Immediate with { Service = new() { EchoMetadata = false } });

        server.Say("""{"type":"response.create","response":{"metadata":{"a":"b"}}}""");

        Assert.Null(server.The("response.created")["response"]!["metadata"]);
    }

    private sealed class FailingModel(ModelAnswer answer) : ISimulatedModel
    {
        public ModelAnswer Answer(ModelRequest request) => answer;
    }
}
