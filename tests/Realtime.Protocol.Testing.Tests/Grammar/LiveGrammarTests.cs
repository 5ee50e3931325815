using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>The simulator, in memory and on a port, says what its clients did wrong.</summary>
public class LiveGrammarTests
{
    private const int HangsAfterMs = 60_000;

    private static readonly byte[] Create = """{"type":"response.create"}"""u8.ToArray();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task InMemory_TheFailureMessageIsASentence()
    {
        await using var server = new InMemoryTransport(time: new VirtualTime());

        await server.SendAsync(Create, Stop);
        Assert.Empty(server.Violations);
        await server.SendAsync(Create, Stop);

        Assert.Equal(
            "event 2 (response.create): response.create when response.create has no answer yet. Wait for its response.done. [create-while-active, refused]",
            server.Violations.Single(static violation => violation.Rule == "create-while-active").ToString());
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OnAHost_EveryConnectionHasItsOwnEntries()
    {
        List<string> told = [];
        var options = new RealtimeSimulatorHostOptions
        {
            Simulator = new SimulatorOptions { Pace = ResponsePace.Default },
            OnViolation = violation =>
            {
                lock (told)
                {
                    told.Add($"#{violation.Connection} {violation.Rule}");
                }
            },
        };
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(options, Stop);

        await BreakAsync(host.Endpoint, times: 1);
        await BreakAsync(host.Endpoint, times: 2);

        Assert.Equal([(1, 1), (2, 2)], host.Violations.Where(static violation => violation.Rule == "cancel-nothing").Select(static violation => (violation.Connection, violation.Times)));
        lock (told)
        {
            Assert.Equal(["#1 cancel-nothing", "#2 cancel-nothing"], told);
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Violations_AreAskedForOverHttp_AndStartAfresh()
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(cancellationToken: Stop);
        using var http = new HttpClient { BaseAddress = host.HttpEndpoint };
        await BreakAsync(host.Endpoint, times: 1);
        await BreakAsync(host.Endpoint, times: 3);

        JsonArray all = JsonNode.Parse(await http.GetStringAsync("violations", Stop))!["violations"]!.AsArray();
        Assert.Equal([(1, 1), (2, 3)], all.Select(static entry => ((int)entry!["connection"]!, (int)entry["times"]!)));
        JsonNode second = Assert.Single(JsonNode.Parse(await http.GetStringAsync("violations?connection=2", Stop))!["violations"]!.AsArray())!;
        Assert.Equal(("cancel-nothing", "refused", 1, "response.cancel", "e0"), ((string?)second["rule"], (string?)second["level"], (int)second["event"]!, (string?)second["type"], (string?)second["event_id"]));
        Assert.Equal(
            "#2 event 1 (response.cancel): response.cancel, but nothing is active: no response was created yet. Send response.cancel between response.created and response.done, with response_id. [cancel-nothing, refused, 3 times]\n",
            await http.GetStringAsync("violations?text&connection=2", Stop));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await http.GetAsync("violations?connection=two", Stop)).StatusCode);

        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await http.DeleteAsync("violations", Stop)).StatusCode);
        Assert.Equal("""{"violations":[]}""", await http.GetStringAsync("violations", Stop));
        Assert.Empty(host.Violations);
    }

    [Fact(Timeout = HangsAfterMs)]
    [Trait("breaks", "message-not-text")]
    public async Task BinaryMessage_IsNoText()
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(cancellationToken: Stop);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.WriteAsync(RawClient.Frame(0x82, [1, 2, 3]));
        await client.ReadGoodbyeAsync();

        Assert.Equal(["message-not-text"], Rules(host));
    }

    [Fact(Timeout = HangsAfterMs)]
    [Trait("breaks", "key-in-browser")]
    public async Task KeyThatABrowserShows_CanBeReadByEveryone()
    {
        var told = new TaskCompletionSource<Violation>();
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { OnViolation = violation => told.TrySetResult(violation) }, Stop);
        using RawClient client = await RawClient.ConnectAsync(host, Stop, headers: "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-mine\r\n");

        // The session begins meanwhile: its first words may come before.
        Violation found = await told.Task.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Single(host.Violations);
        Assert.Equal("key-in-browser", found.Rule);
        Assert.DoesNotContain("sk-mine", found.ToJson(), StringComparison.Ordinal);
    }

    [Theory(Timeout = HangsAfterMs)]
    [Trait("breaks", "left-without-goodbye")]
    [Trait("keeps", "left-without-goodbye")]
    [InlineData(false, "left-without-goodbye")]
    [InlineData(true, null)]
    public async Task EndWithoutAGoodbye_IsSeen(bool saysGoodbye, string? expected)
    {
        var found = new TaskCompletionSource();
        await using (RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { OnViolation = _ => found.TrySetResult() }, Stop))
        {
            using (RawClient client = await RawClient.ConnectAsync(host, Stop))
            {
                await client.ReadFrameAsync();
                if (saysGoodbye)
                {
                    await client.WriteAsync(RawClient.Frame(0x88, [3, 232]));
                    await client.ReadGoodbyeAsync();
                }
            }

            if (expected is not null)
            {
                await found.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
            }

            Assert.Equal(expected is null ? [] : [expected], Rules(host));
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    [Trait("breaks", "no-pong")]
    public async Task PingWithoutAPong_IsSeen()
    {
        var limits = new SimulatorHostLimits { PingAfter = TimeSpan.FromMilliseconds(50), PongTimeout = TimeSpan.FromMilliseconds(50) };
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { Limits = limits }, Stop);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadToEndAsync();

        Assert.Equal(["no-pong"], Rules(host));
    }

    [Fact(Timeout = HangsAfterMs)]
    [Trait("breaks", "reads-too-slowly")]
    public async Task ClientThatDoesNotRead_IsSeen()
    {
        var found = new TaskCompletionSource();
        var limits = new SimulatorHostLimits { MaxQueuedBytes = 64 * 1024 };
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(
            new() { Limits = limits, Simulator = new SimulatorOptions { Pace = ResponsePace.Immediate }, OnViolation = violation => Note(violation, found) }, Stop);
        using RawClient client = await RawClient.ConnectAsync(host, Stop, receiveBuffer: 4_096);
        string sound = Convert.ToBase64String(Sound.Speech(20_000));
        await client.SayAsync("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}""");
        for (int turn = 0; turn < 4; turn++)
        {
            await client.SayAsync($$"""{"type":"input_audio_buffer.append","audio":"{{sound}}"}""");
            await client.SayAsync("""{"type":"input_audio_buffer.commit"}""");
            await client.SayAsync("""{"type":"response.create"}""");
        }

        await found.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);

        Assert.Contains("reads-too-slowly", Rules(host));
    }

    [Fact(Timeout = HangsAfterMs)]
    [Trait("breaks", "secret-expired")]
    public async Task SecretThatHasRunOut_IsSeen_AndWhen()
    {
        var time = new VirtualTime();
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { Time = time }, Stop);
        string secret = await SecretAsync(host);
        time.Advance(TimeSpan.FromSeconds(42));

        using RawClient client = await RawClient.ConnectAsync(host, Stop, headers: $"Authorization: Bearer {secret}\r\n");

        Violation found = Assert.Single(host.Violations);
        Assert.Equal(("secret-expired", "The client secret expired 12 s ago."), (found.Rule, found.Says));
    }

    /// <summary>A browser with a client secret that reads what it is sent, answers pings, sends text and says goodbye.</summary>
    [Fact(Timeout = HangsAfterMs)]
    [Trait("keeps", "message-not-text")]
    [Trait("keeps", "key-in-browser")]
    [Trait("keeps", "secret-expired")]
    [Trait("keeps", "reads-too-slowly")]
    [Trait("keeps", "no-pong")]
    public async Task ClientThatDoesAllOfThisRight_BreaksNothing()
    {
        var limits = new SimulatorHostLimits { MaxQueuedBytes = 64 * 1024, PingAfter = TimeSpan.FromMilliseconds(50), PongTimeout = TimeSpan.FromMinutes(1) };
        var ends = new ConnectionEnds();
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { Limits = limits, Simulator = SimulatedServer.Immediate, Connections = ends }, Stop);
        using (RawClient client = await RawClient.ConnectAsync(host, Stop, headers: $"Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.{await SecretAsync(host)}\r\n"))
        {
            await client.SayAsync("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}""");
            await client.SayAsync(SimulatedServer.Append(Sound.Speech(20_000)));
            await client.SayAsync("""{"type":"input_audio_buffer.commit"}""");
            await client.SayAsync("""{"type":"response.create"}""");
            bool isDone = false;
            for (int pings = 0; !isDone || pings < 2;)
            {
                (int first, bool _, byte[] payload) = await client.ReadFrameAsync();
                isDone |= first == 0x81 && Encoding.UTF8.GetString(payload).StartsWith("{\"type\":\"response.done\"", StringComparison.Ordinal);
                if (first == 0x89)
                {
                    pings++;
                    await client.WriteAsync(RawClient.Frame(0x8A, payload));
                }
            }

            await client.WriteAsync(RawClient.Frame(0x88, [3, 232]));
            await client.ReadGoodbyeAsync();
        }

        await ends.First.WaitAsync(Stop);
        Assert.Empty(host.Violations);
    }

    private static async Task<string> SecretAsync(RealtimeSimulatorHost host)
    {
        using var http = new HttpClient { BaseAddress = host.HttpEndpoint };
        using var body = new StringContent("""{"expires_after":{"anchor":"created_at","seconds":30},"session":{"type":"realtime"}}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage minted = await http.PostAsync("v1/realtime/client_secrets", body, Stop);
        return (string)JsonNode.Parse(await minted.Content.ReadAsStringAsync(Stop))!["value"]!;
    }

    private static void Note(Violation violation, TaskCompletionSource found)
    {
        if (violation.Rule == "reads-too-slowly")
        {
            found.TrySetResult();
        }
    }

    private static string[] Rules(RealtimeSimulatorHost host) => [.. host.Violations.Select(static violation => violation.Rule)];

    private static async Task BreakAsync(Uri endpoint, int times)
    {
        using var client = new ClientWebSocket();
        await client.ConnectAsync(endpoint, Stop);
        byte[] answer = new byte[64 * 1024];
        await client.ReceiveAsync(answer, Stop);
        for (int time = 0; time < times; time++)
        {
            await client.SendAsync(Encoding.UTF8.GetBytes($$"""{"type":"response.cancel","event_id":"e{{time}}"}"""), WebSocketMessageType.Text, true, Stop);
            await client.ReceiveAsync(answer, Stop);
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Stop);
    }
}
