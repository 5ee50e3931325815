using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>TD-07: a user who says nothing is spoken to again, at the moment that the session's settings give, and not before.</summary>
public class IdleTests
{
    private const string Create = """{"type":"response.create"}""";
    private const string Triggered = "input_audio_buffer.timeout_triggered";

    [Fact]
    public void TheTimeCounts_FromTheEndOfWhatIsHeard()
    {
        SimulatedServer server = Answered(5_000, out long done);

        server.Wait((int)(done + 600 + 5_000 - server.Now - 1));
        Assert.DoesNotContain(Triggered, server.Types);
        server.Wait(1);

        Assert.Equal(Triggered, server.Types[0]);
    }

    [Fact]
    public void WithoutTheSetting_NothingHappens()
    {
        SimulatedServer server = Answered(null, out _);

        server.Wait(3_600_000 - (int)server.Now - 1);

        Assert.Empty(server.Said);
    }

    [Fact]
    public void AUserWhoSpeaks_EndsTheWatch_AndTheNextAnswerBeginsIt()
    {
        SimulatedServer server = Answered(5_000, out _);
        server.Wait(4_000).Say(SimulatedServer.Append(Sound.Speech(500))).Wait(20_000);
        Assert.DoesNotContain(Triggered, server.Types);

        server.Say(SimulatedServer.Append(Sound.Silence(300))).Wait(2_000);
        Assert.Contains("response.done", server.Types);
        Assert.DoesNotContain(Triggered, server.Types);
        server.Wait(6_000);

        Assert.Contains(Triggered, server.Types);
    }

    [Fact]
    public void AUserWhoStaysQuiet_IsSpokenToAgainAndAgain()
    {
        SimulatedServer server = Answered(5_000, out _);

        server.Wait(60_000);

        Assert.InRange(server.All(Triggered).Count(), 8, 11);
        Assert.Equal(server.All(Triggered).Count(), server.All("conversation.item.added").Count(static added => (string?)added["item"]!["role"] == "user"));
        Assert.Equal(server.All(Triggered).Select(static said => (string)said["item_id"]!), server.All("input_audio_buffer.committed").Select(static said => (string)said["item_id"]!));
    }

    [Fact]
    public void TheQuietThatWasHeard_IsTheItem_AndIsGoneFromTheBuffer()
    {
        SimulatedServer server = Answered(5_000, out _);
        server.Say(SimulatedServer.Append(Sound.Silence(7_000))).Wait(7_000);
        JsonObject triggered = server.The(Triggered);

        JsonNode item = server.Ask($$"""{"type":"conversation.item.retrieve","item_id":"{{(string)triggered["item_id"]!}}"}""")[0]["item"]!;

        Assert.Equal((2_000, 7_000), ((long)triggered["audio_start_ms"]!, (long)triggered["audio_end_ms"]!));
        Assert.Equal(5_000 * 48, Convert.FromBase64String((string)item["content"]![0]!["audio"]!).Length);
        Assert.Equal("input_audio_buffer_commit_empty", (string)server.Refusal("""{"type":"input_audio_buffer.commit"}""")["code"]!);
    }

    [Fact]
    public void AResponseBesideTheConversation_DoesNotBeginTheWatch()
    {
        SimulatedServer server = Idle(5_000);

        server.Say("""{"type":"response.create","response":{"conversation":"none"}}""").Wait(60_000);

        Assert.DoesNotContain(Triggered, server.Types);
    }

    [Fact]
    public void AResponseThatIsAskedFor_PutsItOff()
    {
        SimulatedServer server = Answered(5_000, out _);
        server.Wait(5_000).Say(Create).Wait(500);
        Assert.Contains("response.done", server.Types);

        server.Wait(5_000);
        Assert.DoesNotContain(Triggered, server.Types);
    }

    [Fact]
    public void TheQuiet_IsNoneOfTheTurns_AndItsTranscriptIsEmpty()
    {
        var server = new SimulatedServer(new SimulatorOptions { Transcripts = [new("Two blue ones.")] }, manual: false);
        server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"transcription":{"model":"whisper-1"},"turn_detection":{"type":"server_vad","idle_timeout_ms":5000}}}}}""").Say(Create);
        server.Wait(9_000);
        Assert.Contains(Triggered, server.Types);

        server.Say(SimulatedServer.Append([.. Sound.Speech(300), .. Sound.Silence(300)])).Wait(2_000);

        Assert.Equal(["", "Two blue ones."], server.All("conversation.item.input_audio_transcription.completed").Select(static completed => (string)completed["transcript"]!));
        Assert.Single(server.All("conversation.item.input_audio_transcription.delta"));
    }

    [Fact]
    public void SwitchingItOff_EndsIt()
    {
        SimulatedServer server = Answered(5_000, out _);

        server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","idle_timeout_ms":null}}}}}""").Wait(60_000);

        Assert.DoesNotContain(Triggered, server.Types);
    }

    private static SimulatedServer Idle(int? timeoutMs)
    {
        var model = new FixedModel(new ModelAnswer(new ModelOutput.Speech(Sound.Speech(600), "Hello there.")));
        var server = new SimulatedServer(new SimulatorOptions { Speaker = model }, manual: false);
        string value = timeoutMs?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null";
        return server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","idle_timeout_ms":""" + value + "}}}}}");
    }

    /// <summary>A server that has just said 600 ms of something.</summary>
    private static SimulatedServer Answered(int? timeoutMs, out long done)
    {
        SimulatedServer server = Idle(timeoutMs).Say(Create);
        while (!server.Types.Contains("response.done"))
        {
            server.Wait(1);
        }

        done = server.Now;
        server.Said.Clear();
        return server;
    }
}
