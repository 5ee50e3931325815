using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>Over a real loopback socket: who may come in, what they are told when not, and how connections end.</summary>
public class RealtimeSimulatorHostTests
{
    private const int HangsAfterMs = 30_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task Client_GetsASessionOfTheModelItAskedFor_AndTheSubprotocolItOffered()
    {
        await using RealtimeSimulatorHost host = await Start();
        using var client = new ClientWebSocket();
        client.Options.AddSubProtocol("realtime");

        await client.ConnectAsync(new Uri($"{host.Endpoint}?model=gpt-realtime-mini"), Stop);

        Assert.Equal("realtime", client.SubProtocol);
        JsonNode created = await Receive(client);
        Assert.Equal(("session.created", "gpt-realtime-mini"), ((string)created["type"]!, (string)created["session"]!["model"]!));
        Assert.InRange((long)created["session"]!["expires_at"]!, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3_000, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3_700);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Connections_HaveSessionsOfTheirOwn()
    {
        await using RealtimeSimulatorHost host = await Start();
        using ClientWebSocket one = await Connect(host);
        using ClientWebSocket other = await Connect(host);

        Assert.NotEqual((string)(await Receive(one))["session"]!["id"]!, (string)(await Receive(other))["session"]!["id"]!);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ModelThatThrows_IsNoDefectOfTheSimulator()
    {
        await using RealtimeSimulatorHost host = await Start(new() { Simulator = SimulatedServer.Immediate with { Speaker = new ThrowingModel() } });
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.SayAsync("""{"type":"response.create"}""");

        Assert.Equal((1011, "The simulated model failed: NotSupportedException: No idea."), await client.ReadGoodbyeAsync());
        Assert.Null(host.Connections[0].Defect);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task SettingsOfOneKindOfSession_AreNotForAnother()
    {
        await using RealtimeSimulatorHost host = await Start(new() { Simulator = new() { InitialSession = """{"type":"realtime","instructions":"Be short."}""" } });
        using RawClient talking = await RawClient.ConnectAsync(host, Stop);
        using RawClient writing = await RawClient.ConnectAsync(host, Stop, "?intent=transcription");

        Assert.Contains("Be short.", Encoding.UTF8.GetString((await talking.ReadFrameAsync()).Payload), StringComparison.Ordinal);
        Assert.Contains("\"type\":\"transcription\"", Encoding.UTF8.GetString((await writing.ReadFrameAsync()).Payload), StringComparison.Ordinal);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(null, null, HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer sk-wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "sk-right", HttpStatusCode.Unauthorized)]
    [InlineData("Authorization", "Bearer sk-right", HttpStatusCode.SwitchingProtocols)]
    [InlineData("api-key", "sk-right", HttpStatusCode.SwitchingProtocols)]
    public async Task Key_IsAskedFor_AtTheUpgrade(string? header, string? value, HttpStatusCode expected)
    {
        await using RealtimeSimulatorHost host = await Start(new() { ApiKey = "sk-right" });
        using var client = new ClientWebSocket();
        client.Options.CollectHttpResponseDetails = true;
        if (header is not null)
        {
            client.Options.SetRequestHeader(header, value);
        }

        Exception? refused = await Record.ExceptionAsync(() => client.ConnectAsync(host.Endpoint, Stop));

        Assert.Equal(expected, client.HttpStatusCode);
        Assert.Equal(expected != HttpStatusCode.SwitchingProtocols, refused is WebSocketException);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("/v1/realtime", HttpStatusCode.UpgradeRequired, "This is a WebSocket endpoint: connect with ws://, not with http://.")]
    [InlineData("/v1/realtime/translations", HttpStatusCode.UpgradeRequired, "This is a WebSocket endpoint: connect with ws://, not with http://.")]
    [InlineData("/v1/realtime/translations/more", HttpStatusCode.NotFound, "Nothing is here. The simulator answers at /v1/realtime and /v1/realtime/translations.")]
    [InlineData("/", HttpStatusCode.NotFound, "Nothing is here. The simulator answers at /v1/realtime and /v1/realtime/translations.")]
    [InlineData("/v1/responses", HttpStatusCode.NotFound, "Nothing is here. The simulator answers at /v1/realtime and /v1/realtime/translations.")]
    public async Task OtherRequests_AreToldWhatIsWrong(string path, HttpStatusCode expected, string sentence)
    {
        await using RealtimeSimulatorHost host = await Start();
        using var client = new HttpClient();

        HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{host.Endpoint.Port}{path}"), Stop);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(sentence, (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["error"]!["message"]!);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task IntentOfTranscription_GetsASessionThatOnlyTranscribes()
    {
        await using RealtimeSimulatorHost host = await Start();
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"{host.Endpoint}?intent=transcription"), Stop);

        Assert.Equal("transcription", (string)(await Receive(client))["session"]!["type"]!);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("", "gpt-realtime-translate")]
    [InlineData("?model=gpt-realtime-translate-2", "gpt-realtime-translate-2")]
    public async Task PathOfTranslations_GetsASessionThatTranslates(string query, string model)
    {
        await using RealtimeSimulatorHost host = await Start();
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"{host.TranslationEndpoint}{query}"), Stop);

        JsonNode session = (await Receive(client))["session"]!;
        Assert.Equal(("translation", model), ((string)session["type"]!, (string)session["model"]!));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("?intent=dictation")]
    [InlineData("/translations?intent=transcription")]
    public async Task UnknownIntents_AreRefused(string rest)
    {
        await using RealtimeSimulatorHost host = await Start();
        using var client = new ClientWebSocket();
        client.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => client.ConnectAsync(new Uri($"{host.Endpoint}{rest}"), Stop));

        Assert.Equal(HttpStatusCode.BadRequest, client.HttpStatusCode);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task PortInUse_IsSaidInOneSentence()
    {
        await using RealtimeSimulatorHost host = await Start();

        PortInUseException failure = await Assert.ThrowsAsync<PortInUseException>(() => Start(new() { Port = host.Endpoint.Port }));

        Assert.Equal(host.Endpoint.Port, failure.Port);
        Assert.Equal($"Port {host.Endpoint.Port} is in use by another program: choose another port, or 0 for any that is free.", failure.Message);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task BinaryFrame_EndsTheConnectionWith1003()
    {
        await using RealtimeSimulatorHost host = await Start();
        using ClientWebSocket client = await Connect(host);

        await client.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Binary, true, Stop);

        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, await End(client));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task MessageAboveTheLimit_EndsTheConnectionWith1009()
    {
        await using RealtimeSimulatorHost host = await Start(new() { Limits = new SimulatorHostLimits { MaxMessageBytes = 1_000 } });
        using ClientWebSocket client = await Connect(host);

        await client.SendAsync(new byte[1_001], WebSocketMessageType.Text, true, Stop);

        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await End(client));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task FaultInTheMiddleOfAResponse_ReachesTheClient()
    {
        FaultPlan faults = FaultPlan.None.CloseAt("response.output_audio.delta", 2, 1011, "Fell over.");
        await using RealtimeSimulatorHost host = await Start(new() { Simulator = new() { Pace = ResponsePace.Immediate, Faults = faults } });
        using ClientWebSocket client = await Connect(host);

        await SpeakAsync(client);

        Assert.Equal(WebSocketCloseStatus.InternalServerError, await End(client));
        Assert.Equal("Fell over.", client.CloseStatusDescription);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task BrokenConnection_HasNoGoodbye()
    {
        FaultPlan faults = FaultPlan.None.CloseAt("response.output_audio.delta", 2, SimulatorEffect.BrokenConnection);
        await using RealtimeSimulatorHost host = await Start(new() { Simulator = new() { Pace = ResponsePace.Immediate, Faults = faults } });
        using ClientWebSocket client = await Connect(host);

        await SpeakAsync(client);

        await Assert.ThrowsAsync<WebSocketException>(() => End(client));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task StoppingTheHost_SaysGoodbyeToItsClients()
    {
        RealtimeSimulatorHost host = await Start();
        using ClientWebSocket client = await Connect(host);
        await Receive(client);
        Task<WebSocketCloseStatus?> end = End(client);

        await host.DisposeAsync();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await end);
        using var late = new ClientWebSocket();
        await Assert.ThrowsAsync<WebSocketException>(() => late.ConnectAsync(host.Endpoint, Stop));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ClientThatLeavesInTheMiddle_DoesNotDisturbTheNext()
    {
        await using RealtimeSimulatorHost host = await Start();
        using (ClientWebSocket first = await Connect(host))
        {
            await SpeakAsync(first);
            first.Abort();
        }

        using ClientWebSocket second = await Connect(host);
        Assert.Equal("session.created", (string)(await Receive(second))["type"]!);
    }

    private static Task<RealtimeSimulatorHost> Start(RealtimeSimulatorHostOptions? options = null) => RealtimeSimulatorHost.StartAsync(options, Stop);

    private static async Task<ClientWebSocket> Connect(RealtimeSimulatorHost host)
    {
        var client = new ClientWebSocket();
        await client.ConnectAsync(host.Endpoint, Stop);
        return client;
    }

    private static async Task SpeakAsync(ClientWebSocket client)
    {
        string[] turn =
        [
            """{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}""",
            SimulatedServer.Append(Sound.Speech(2_000)),
            """{"type":"input_audio_buffer.commit"}""",
            """{"type":"response.create"}""",
        ];
        foreach (string message in turn)
        {
            await client.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, Stop);
        }
    }

    private static async Task<JsonNode> Receive(ClientWebSocket client)
    {
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        ValueWebSocketReceiveResult received;
        do
        {
            received = await client.ReceiveAsync(buffer.AsMemory(length), Stop);
            length += received.Count;
        }
        while (!received.EndOfMessage);

        return JsonNode.Parse(buffer.AsSpan(0, length))!;
    }

    private static async Task<WebSocketCloseStatus?> End(ClientWebSocket client)
    {
        byte[] buffer = new byte[64 * 1024];
        while ((await client.ReceiveAsync(buffer.AsMemory(), Stop)).MessageType != WebSocketMessageType.Close)
        {
        }

        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Stop);
        return client.CloseStatus;
    }

    private sealed class ThrowingModel : ISimulatedModel
    {
        public ModelAnswer Answer(ModelRequest request) => throw new NotSupportedException("No idea.");
    }
}
