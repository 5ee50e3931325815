using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>With turn detection the server itself hears when the user speaks, interrupts, commits and answers.</summary>
public class ListeningTests
{
    [Fact]
    public void SpeechAndThenQuiet_IsCommitted_AndAnswered()
    {
        var server = new SimulatedServer(manual: false);
        server.Said.Clear();

        server.Say(SimulatedServer.Append([.. Sound.Silence(1_000), .. Sound.Speech(800), .. Sound.Silence(400)])).Wait(60_000);

        Assert.Equal(
            [
                "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed",
                "conversation.item.added", "conversation.item.done", "response.created",
            ], server.Types.Take(6));
        Assert.Equal(700, (long)server.Said[0]["audio_start_ms"]!);
        Assert.Equal(2_000, (long)server.Said[1]["audio_end_ms"]!);
        Assert.Single(server.Said.Take(4).Select(static said => (string?)said["item_id"] ?? (string)said["item"]!["id"]!).Distinct());
        Assert.Equal("completed", (string)server.The("response.done")["response"]!["status"]!);
        Assert.Equal([.. Sound.Silence(300), .. Sound.Speech(800), .. Sound.Silence(200)], server.Audio());
    }

    [Fact]
    public void SpeechDuringAnAnswer_CancelsIt()
    {
        SimulatedServer server = AnsweringAnotherTurn("{}");

        server.Say(SimulatedServer.Append(Sound.Speech(100)));

        Assert.Equal("input_audio_buffer.speech_started", server.Types[0]);
        JsonNode response = server.The("response.done")["response"]!;
        Assert.Equal("""{"type":"cancelled","reason":"turn_detected"}""", response["status_details"]!.ToJsonString());
        server.Said.Clear();
        server.Say(SimulatedServer.Append(Sound.Silence(300))).Wait(60_000);
        Assert.Equal("completed", (string)server.The("response.done")["response"]!["status"]!);
    }

    [Fact]
    public void WithoutInterrupting_TheAnswerGoesOn_AndTheNextOneFails_WhereTheServiceSaysSo()
    {
        SimulatedServer server = AnsweringAnotherTurn("""{"interrupt_response":false}""", new SimulatorOptions { Service = new() { AutoResponse = new() { Loser = FailedAttempt.Error } } });

        server.Say(SimulatedServer.Append([.. Sound.Speech(200), .. Sound.Silence(300)])).Wait(60_000);

        JsonNode error = server.The("error")["error"]!;
        Assert.Equal("conversation_already_has_active_response", (string)error["code"]!);
        Assert.Null((string?)error["event_id"]);
        Assert.Equal("completed", (string)server.The("response.done")["response"]!["status"]!);
    }

    [Fact]
    public void WithoutCreating_SpeechIsCommittedOnly()
    {
        var server = new SimulatedServer(manual: false);
        server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","create_response":false}}}}}""");

        server.Say(SimulatedServer.Append([.. Sound.Speech(200), .. Sound.Silence(300)])).Wait(60_000);

        Assert.Equal("conversation.item.done", server.Types[^1]);
    }

    [Fact]
    public void SpeechInSmallPieces_IsHeardAsInOne()
    {
        byte[] audio = [.. Sound.Silence(500), .. Sound.Speech(300), .. Sound.Silence(260)];
        var whole = new SimulatedServer(SimulatedServer.Immediate, manual: false);
        var pieces = new SimulatedServer(SimulatedServer.Immediate, manual: false);

        whole.Say(SimulatedServer.Append(audio));
        foreach (byte[] piece in audio.Chunk(334))
        {
            pieces.Say(SimulatedServer.Append(piece));
        }

        Assert.Equal(whole.Said.Select(static said => said.ToJsonString()), pieces.Said.Select(static said => said.ToJsonString()));
    }

    [Fact]
    public void CommitInTheMiddleOfSpeech_KeepsTheItemOfTheSpeech()
    {
        var server = new SimulatedServer(manual: false);
        server.Say(SimulatedServer.Append(Sound.Speech(400)));

        server.Say("""{"type":"input_audio_buffer.commit"}""");

        Assert.Equal((string)server.The("input_audio_buffer.speech_started")["item_id"]!, (string)server.The("input_audio_buffer.committed")["item_id"]!);
        Assert.DoesNotContain("input_audio_buffer.speech_stopped", server.Types);
    }

    [Theory]
    [InlineData("audio/pcmu", 0xFF)]
    [InlineData("audio/pcma", 0xD5)]
    public void G711_IsHeardToo(string format, int silence)
    {
        var server = new SimulatedServer(SimulatedServer.Immediate, manual: false);
        string side = $$$"""{"format":{"type":"{{{format}}}"}}""";
        server.Say(Update($$"""{"input":{{side}},"output":{{side}} }"""));
        byte[] quiet = [.. Enumerable.Repeat((byte)silence, 8 * 300)];
        byte[] loud = [.. Enumerable.Range(0, 8 * 400).Select(static i => (byte)(i % 8 < 4 ? 0x90 : 0x10))];

        server.Say(SimulatedServer.Append([.. quiet, .. loud, .. quiet]));

        Assert.Equal([.. quiet, .. loud, .. quiet[..(8 * 200)]], server.Audio());
    }

    private static string Update(string audio) => "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":" + audio + "}}";

    private static SimulatedServer AnsweringAnotherTurn(string detection, SimulatorOptions? options = null)
    {
        JsonObject settings = JsonNode.Parse(detection)!.AsObject();
        settings["type"] = "server_vad";
        var server = new SimulatedServer(options ?? new SimulatorOptions(), manual: false);
        server.Say(Update("{\"input\":{\"turn_detection\":" + settings.ToJsonString() + "}}"));
        server.Say(SimulatedServer.Append([.. Sound.Speech(4_000), .. Sound.Silence(300)])).Wait(900);
        Assert.Contains("response.output_audio.delta", server.Types);
        Assert.DoesNotContain("response.done", server.Types);
        server.Said.Clear();
        return server;
    }
}
