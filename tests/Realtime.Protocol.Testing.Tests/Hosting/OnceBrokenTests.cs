using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>
/// What the simulator was once found to do wrong, each as it was seen, by the number under which it was found: W1 a client's null ended the session with an
/// exception; W2 a program that hosted it no longer ended on SIGTERM; W3 sound that was never made could be truncated; W4 speed and tracing changed when the
/// service refuses that; W5 a client that did not read filled the memory; W6 a goodbye without a status, or no goodbye at all, could not be had.
/// </summary>
public class OnceBrokenTests
{
    private const int HangsAfterMs = 60_000;
    private const int EndedBySigTerm = 143;
    private const int LoudBytes = 8_000_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task W1_NullWhereAResponseIsDescribed_IsRefused_AndTheConnectionGoesOn()
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(cancellationToken: Stop);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadFrameAsync();

        await client.SayAsync("""{"type":"response.create","event_id":"e1","response":null}""");
        JsonNode error = JsonNode.Parse((await client.ReadFrameAsync()).Payload)!["error"]!;
        await client.SayAsync("""{"type":"input_audio_buffer.clear"}""");

        Assert.Equal(("invalid_type", "response", "e1"), ((string?)error["code"], (string?)error["param"], (string?)error["event_id"]));
        Assert.Contains("input_audio_buffer.cleared", Encoding.UTF8.GetString((await client.ReadFrameAsync()).Payload), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task W2_ProgramThatHostsASimulator_EndsOnSigTerm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM here.");
        using Process program = HostProgram.Start();
        try
        {
            Assert.StartsWith("ws://127.0.0.1:", await program.StandardOutput.ReadLineAsync(Stop), StringComparison.Ordinal);

            using Process kill = Process.Start("kill", ["-TERM", program.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(Stop);

            await program.WaitForExitAsync(Stop);
            Assert.Equal(EndedBySigTerm, program.ExitCode);
        }
        finally
        {
            program.Kill();
        }
    }

    [Fact]
    public void W3_SoundThatIsNotThereYet_CannotBeTruncated()
    {
        // The item comes 150 ms before its first sound.
        var server = new SimulatedServer(new SimulatorOptions { Pace = new() { Item = 50, FirstDelta = 200 } });
        server.TakeTurn(Sound.Speech(1_000)).Wait(200);
        string item = (string)server.The("response.output_item.added")["item"]!["id"]!;
        Assert.DoesNotContain("response.output_audio.delta", server.Types);

        JsonNode refusal = server.Refusal($$"""{"type":"conversation.item.truncate","item_id":"{{item}}","content_index":0,"audio_end_ms":0}""");

        Assert.Equal("unsupported_content_type", (string?)refusal["code"]);
        Assert.Equal("completed", (string?)server.Wait(10_000).The("response.done")["response"]!["status"]);
    }

    [Fact]
    public void W4_SpeedDuringAResponse_AndTracingThatIsSet_CannotBeChanged()
    {
        var server = new SimulatedServer();
        server.Say("""{"type":"session.update","session":{"type":"realtime","tracing":"auto"}}""");
        server.TakeTurn(Sound.Speech(1_000)).Wait(350);
        string before = server.Snapshot;

        JsonNode speed = server.Refusal("""{"type":"session.update","session":{"type":"realtime","audio":{"output":{"speed":1.2}}}}""");
        JsonNode tracing = server.Refusal("""{"type":"session.update","session":{"type":"realtime","tracing":null}}""");

        Assert.Equal(("invalid_value", "session.audio.output.speed"), ((string?)speed["code"], (string?)speed["param"]));
        Assert.Equal(("invalid_value", "session.tracing"), ((string?)tracing["code"], (string?)tracing["param"]));
        Assert.Equal(before, server.Snapshot);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task W5_ClientThatDoesNotRead_IsGivenUp_AndIsNotAnsweredForEver()
    {
        var loud = new FixedModel(new ModelAnswer(new ModelOutput.Speech(new byte[LoudBytes], "long")));
        var ends = new ConnectionEnds();
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(
            new()
            {
                Simulator = SimulatedServer.Immediate with { Speaker = loud },
                Limits = new() { MaxQueuedBytes = 1_000_000 },
                Connections = ends,
            },
            Stop);
        using RawClient deaf = await RawClient.ConnectAsync(host, Stop, receiveBuffer: 4_096);
        try
        {
            for (int i = 0; i < 100; i++)
            {
                await deaf.SayAsync("""{"type":"response.create","response":{"conversation":"none"}}""");
            }
        }
        catch (IOException)
        {
            // On a slow machine it is given up and reset before it has said everything.
        }

        HostedConnection connection = await ends.First.WaitAsync(Stop);

        Assert.Equal((ConnectionEnd.Server, 1008, "The client does not read what it is sent."), (connection.End, connection.CloseStatus, connection.CloseReason));
        Assert.InRange(loud.Asked.Count, 1, 2);
    }

    [Fact]
    public void W6_GoodbyeWithoutAStatus_AndNoGoodbye_AreThere()
    {
        Assert.Equal(SimulatorEffect.NoStatus, ClosedBy(FaultPlan.None.CloseAt("session.updated", 1, 1005)));
        Assert.Equal(SimulatorEffect.BrokenConnection, ClosedBy(FaultPlan.None.CloseAt("session.updated", 1, 1006)));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(1005, "8800")]
    [InlineData(1006, "")]
    public async Task W6_OnTheWire_TheyAreAnEmptyGoodbye_AndTheEndOfTheStream(int status, string expected)
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { Simulator = new SimulatorOptions { Faults = FaultPlan.None.CloseAt("session.updated", 1, status) } }, Stop);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadFrameAsync();

        await client.SayAsync("""{"type":"session.update","session":{"type":"realtime"}}""");

        Assert.Equal(Convert.FromHexString(expected), (await client.ReadToEndAsync()).Bytes);
    }

    private static int? ClosedBy(FaultPlan faults) =>
        new SimulatedServer(new SimulatorOptions { Faults = faults }, manual: false).Say("""{"type":"session.update","session":{"type":"realtime"}}""").Closed?.Status;
}
