using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>TD-01: semantic detection waits as long as the meaning of the turn and the session's eagerness say.</summary>
public class SemanticDetectionTests
{
    private const string Stopped = "input_audio_buffer.speech_stopped";

    [Theory]
    [InlineData("low", "Two, please.", 300)]
    [InlineData("high", "Two, please!", 300)]
    [InlineData("auto", "Is it \"Two, please?\"", 300)]
    [InlineData("low", "I would like…", 8_000)]
    [InlineData("medium", "I would like...", 4_000)]
    [InlineData("auto", "I would like two,", 4_000)]
    [InlineData("high", "I would like —", 2_000)]
    [InlineData("high", "I would like two and", 2_000)]
    [InlineData("low", "I would like um", 8_000)]
    [InlineData("medium", "Um", 4_000)]
    [InlineData("low", "two blue ones", 1_200)]
    [InlineData("low", "", 1_200)]
    [InlineData("auto", "", 600)]
    [InlineData("medium", " ", 600)]
    [InlineData("high", "", 300)]
    [InlineData("high", "two", 300)]
    public void TheTurnEnds_AfterThePauseThatItsMeaningAsksFor(string eagerness, string text, int pauseMs)
    {
        var server = new SimulatedServer(new SimulatorOptions { Transcripts = [new(text)] }, manual: false);
        server.Say("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":{\"input\":{\"turn_detection\":{\"type\":\"semantic_vad\",\"eagerness\":\"" + eagerness + "\"}}}}}");

        server.Say(SimulatedServer.Append([.. Sound.Silence(1_000), .. Sound.Speech(1_000), .. Sound.Silence(pauseMs - 20)]));
        Assert.DoesNotContain(Stopped, server.Types);
        server.Say(SimulatedServer.Append(Sound.Silence(20)));

        Assert.Equal(700, (long)server.The("input_audio_buffer.speech_started")["audio_start_ms"]!);
        Assert.Equal(2_000 + pauseMs, (long)server.The(Stopped)["audio_end_ms"]!);
    }

    [Fact]
    public void EachTurnHasItsOwnMeaning_AndBehindTheLastNobodyKnows()
    {
        var server = new SimulatedServer(new SimulatorOptions { Transcripts = [new("One."), new("And then")], TurnDetection = SimulatedTurnDetection.Semantic }, manual: false);
        for (int turn = 0; turn < 3; turn++)
        {
            server.Say(SimulatedServer.Append([.. Sound.Speech(1_000), .. Sound.Silence(5_000)]));
        }

        Assert.Equal([1_300, 7_600, 13_600], server.All(Stopped).Select(static said => (long)said["audio_end_ms"]!));
    }

    [Theory]
    [InlineData(SimulatedTurnDetection.Server, "server_vad")]
    [InlineData(SimulatedTurnDetection.Semantic, "semantic_vad")]
    [InlineData(SimulatedTurnDetection.None, null)]
    [InlineData(SimulatedTurnDetection.Scripted, "server_vad")]
    public void ASessionBegins_WithTheDetectionOfTheOptions(SimulatedTurnDetection detection, string? type)
    {
        foreach (SimulatedSessionKind kind in (SimulatedSessionKind[])[SimulatedSessionKind.Realtime, SimulatedSessionKind.Transcription])
        {
            var server = new SimulatedServer(new SimulatorOptions { TurnDetection = detection, Kind = kind }, manual: false);

            JsonNode? shown = server.The("session.created")["session"]!["audio"]!["input"]!["turn_detection"];

            Assert.Equal(type, (string?)shown?["type"]);
        }
    }
}
