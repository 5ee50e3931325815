using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>What a client shows and where it knocks: every verdict of the door, in one sentence each.</summary>
public class DoorTests
{
    private const int HangsAfterMs = 30_000;
    private const string Wrong = "The API key is missing or wrong. Send it as 'Authorization: Bearer KEY' or as 'api-key: KEY'.";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("", "401")]
    [InlineData("Authorization: Bearer sk-right", "101")]
    [InlineData("Authorization: bearer sk-right", "101")]
    [InlineData("Authorization: Basic sk-right", "401")]
    [InlineData("api-key: sk-right", "101")]
    [InlineData("api-key: sk-wrong", "401")]
    [InlineData("Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-right", "101")]
    [InlineData("Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-wrong", "401")]
    [InlineData("Authorization: Bearer ek_unknown", "401")]
    public async Task Key_IsTaken_FromEachPlaceWhereClientsShowIt(string header, string status)
    {
        await using RealtimeSimulatorHost host = await Start(new() { ApiKey = "sk-right" });

        using RawClient client = await RawClient.ConnectAsync(host, Stop, headers: header.Length > 0 ? header + "\r\n" : "");

        Assert.StartsWith($"HTTP/1.1 {status} ", client.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-right", client.Answer, StringComparison.Ordinal);
        Assert.Equal(header.Contains("realtime,", StringComparison.Ordinal) && status == "101", client.Answer.Contains("Sec-WebSocket-Protocol: realtime\r\n", StringComparison.Ordinal));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("OpenAI-Beta: realtime=v1")]
    [InlineData("Sec-WebSocket-Protocol: realtime, openai-beta.realtime-v1")]
    public async Task Beta_IsToldThatItIsGone_AndClosedWith4000(string header)
    {
        await using RealtimeSimulatorHost host = await Start();
        using RawClient client = await RawClient.ConnectAsync(host, Stop, headers: header + "\r\n");

        JsonNode error = JsonNode.Parse((await client.ReadFrameAsync()).Payload)!;

        Assert.Equal(("error", "beta_api_shape_disabled"), ((string)error["type"]!, (string)error["error"]!["code"]!));
        Assert.Equal((4000, "invalid_request_error.beta_api_shape_disabled"), await client.ReadGoodbyeAsync());
        await using RealtimeSimulatorHost older = await Start(new() { Simulator = new() { Service = new() { BetaHeader = Verdict.Accept } } });
        using RawClient let = await RawClient.ConnectAsync(older, Stop, headers: header + "\r\n");
        Assert.Equal("session.created", await TypeAsync(let));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("GET", "/healthz/", HttpStatusCode.NotFound, "Nothing is here. The simulator answers at /v1/realtime and /v1/realtime/translations.")]
    [InlineData("POST", "/v1/realtime", HttpStatusCode.MethodNotAllowed, "/v1/realtime takes GET, not POST.")]
    [InlineData("GET", "/v1/realtime/client_secrets", HttpStatusCode.MethodNotAllowed, "/v1/realtime/client_secrets takes POST, not GET.")]
    [InlineData("POST", "/v1/realtime/sessions", HttpStatusCode.NotFound, "POST /v1/realtime/sessions was the beta's: use POST /v1/realtime/client_secrets.")]
    [InlineData("POST", "/v1/realtime/calls", HttpStatusCode.NotFound, "POST /v1/realtime/calls is for WebRTC and SIP, which are not simulated: connect a WebSocket to /v1/realtime.")]
    [InlineData("GET", "/openai/realtime", HttpStatusCode.NotFound, "GET /openai/realtime was the preview's: connect to /openai/v1/realtime?model=NAME.")]
    [InlineData("GET", "/openai/v1/realtime", HttpStatusCode.UpgradeRequired, "This is a WebSocket endpoint: connect with ws://, not with http://.")]
    public async Task OtherDoors_SayWhereTheRightOneIs(string method, string path, HttpStatusCode status, string sentence)
    {
        await using RealtimeSimulatorHost host = await Start();
        using var client = new HttpClient();

        using HttpResponseMessage answer = await client.SendAsync(new(new(method), new Uri(host.HttpEndpoint, path)), Stop);

        Assert.Equal((status, sentence), (answer.StatusCode, (string)(await JsonOf(answer))["error"]!["message"]!));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("Sec-WebSocket-Version: 8", "HTTP/1.1 426 ")]
    [InlineData("Sec-WebSocket-Key: tooshort", "HTTP/1.1 400 ")]
    [InlineData("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAAA", "HTTP/1.1 400 ")]
    public async Task HandshakeThatIsNone_IsRefused(string header, string status)
    {
        await using RealtimeSimulatorHost host = await Start();

        // The second header of a name makes the value none that is right.
        using RawClient client = await RawClient.ConnectAsync(host, Stop, headers: header + "\r\n");

        Assert.StartsWith(status, client.Answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Health_CountsWhoIsThere()
    {
        await using RealtimeSimulatorHost host = await Start();
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        using var http = new HttpClient();

        JsonNode health = JsonNode.Parse(await http.GetStringAsync(new Uri(host.HttpEndpoint, "/healthz"), Stop))!;

        Assert.Equal(("ok", 1), ((string)health["status"]!, (int)health["sessions"]!));
        Assert.Equal("""{"violations":[]}""", await http.GetStringAsync(new Uri(host.HttpEndpoint, "/violations"), Stop));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ConnectionsAboveTheLimit_AreRefused_UntilOneEnds()
    {
        await using RealtimeSimulatorHost host = await Start(new() { Limits = new() { MaxConnections = 1 } });
        RawClient first = await RawClient.ConnectAsync(host, Stop);
        using (RawClient second = await RawClient.ConnectAsync(host, Stop))
        {
            Assert.StartsWith("HTTP/1.1 503 ", second.Answer, StringComparison.Ordinal);
        }

        first.Dispose();
        while (true)
        {
            using RawClient third = await RawClient.ConnectAsync(host, Stop);
            if (third.Answer.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
            {
                break;
            }
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AzurePathAndSeed_OpenTheSameSession()
    {
        await using RealtimeSimulatorHost host = await Start(new() { Time = new VirtualTime() });
        using var azure = new ClientWebSocket();
        await azure.ConnectAsync(new UriBuilder(host.Endpoint) { Path = "/openai/v1/realtime", Query = "model=mine&seed=7" }.Uri, Stop);
        using RawClient again = await RawClient.ConnectAsync(host, Stop, "?model=mine&seed=7");
        using RawClient none = await RawClient.ConnectAsync(host, Stop, "?seed=-1");

        byte[] buffer = new byte[16 * 1024];
        ValueWebSocketReceiveResult received = await azure.ReceiveAsync(buffer.AsMemory(), Stop);
        Assert.Equal(Encoding.UTF8.GetString((await again.ReadFrameAsync()).Payload), Encoding.UTF8.GetString(buffer, 0, received.Count));
        Assert.StartsWith("HTTP/1.1 400 ", none.Answer, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task SecondClientOfACall_HearsTheSameSession_AndOutlivesTheFirst()
    {
        await using RealtimeSimulatorHost host = await Start();
        using RawClient phone = await RawClient.ConnectAsync(host, Stop, "?call_id=rtc_1");
        JsonNode created = JsonNode.Parse((await phone.ReadFrameAsync()).Payload)!;
        await phone.SayAsync("""{"type":"session.update","session":{"type":"realtime","instructions":"Whisper."}}""");
        Assert.Equal("session.updated", await TypeAsync(phone));

        using RawClient side = await RawClient.ConnectAsync(host, Stop, "?call_id=rtc_1");
        JsonNode joined = JsonNode.Parse((await side.ReadFrameAsync()).Payload)!;
        Assert.Equal(("session.created", (string)created["session"]!["id"]!, "Whisper."), ((string)joined["type"]!, (string)joined["session"]!["id"]!, (string)joined["session"]!["instructions"]!));
        await side.SayAsync("""{"type":"input_audio_buffer.clear"}""");
        Assert.Equal("input_audio_buffer.cleared", await TypeAsync(phone));
        Assert.Equal("input_audio_buffer.cleared", await TypeAsync(side));

        await phone.WriteAsync(RawClient.Frame(0x88, [0x03, 0xE8]));
        Assert.Equal(1000, (await phone.ReadGoodbyeAsync()).Code);
        await side.SayAsync("""{"type":"input_audio_buffer.clear"}""");
        Assert.Equal("input_audio_buffer.cleared", await TypeAsync(side));
        using RawClient other = await RawClient.ConnectAsync(host, Stop, "?call_id=rtc_2");
        Assert.NotEqual((string)created["session"]!["id"]!, (string)JsonNode.Parse((await other.ReadFrameAsync()).Payload)!["session"]!["id"]!);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("?", "/translations?", "This call is a conversation: connect to /v1/realtime?call_id=NAME without 'intent'.")]
    [InlineData("?", "?intent=transcription&", "This call is a conversation: connect to /v1/realtime?call_id=NAME without 'intent'.")]
    [InlineData("?intent=transcription&", "/translations?", "This call is a transcription: connect to /v1/realtime?call_id=NAME without 'intent'.")]
    [InlineData("?intent=transcription&", "?intent=realtime&", "This call is a transcription: connect to /v1/realtime?call_id=NAME without 'intent'.")]
    [InlineData("/translations?", "?", "This call is a translation: connect to /v1/realtime/translations?call_id=NAME.")]
    public async Task CallOfAnotherKind_IsNotJoined(string opened, string asked, string sentence)
    {
        await using RealtimeSimulatorHost host = await Start();
        using RawClient phone = await RawClient.ConnectAsync(host, Stop, $"{opened}call_id=rtc_1");
        await phone.ReadFrameAsync();

        Assert.Equal(sentence, await RefusedAsync(host, "any", $"{asked}call_id=rtc_1", HttpStatusCode.BadRequest));

        Assert.Single(host.Connections);
        using RawClient other = await RawClient.ConnectAsync(host, Stop, $"{asked}call_id=rtc_2");
        Assert.StartsWith("HTTP/1.1 101 ", other.Answer, StringComparison.Ordinal);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("?", "?intent=realtime&")]
    [InlineData("?intent=transcription&", "?")]
    [InlineData("?intent=transcription&", "?intent=transcription&")]
    [InlineData("/translations?", "/translations?")]
    public async Task WhoJoinsACall_IsListedAsWhatItIs(string opened, string asked)
    {
        await using RealtimeSimulatorHost host = await Start();
        using RawClient phone = await RawClient.ConnectAsync(host, Stop, $"{opened}call_id=rtc_1");
        JsonNode created = JsonNode.Parse((await phone.ReadFrameAsync()).Payload)!;

        using RawClient side = await RawClient.ConnectAsync(host, Stop, $"{asked}call_id=rtc_1");

        Assert.Equal((string)created["session"]!["id"]!, (string)JsonNode.Parse((await side.ReadFrameAsync()).Payload)!["session"]!["id"]!);
        Assert.Equal(2, host.Connections.Count);
        Assert.Equal(host.Connections[0].Kind, host.Connections[1].Kind);
        Assert.EndsWith(", opening a call)", host.Connections[0].ToString(), StringComparison.Ordinal);
        Assert.EndsWith(", joining a call)", host.Connections[1].ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Secret_OpensItsSession_UntilItExpires()
    {
        var time = new VirtualTime();
        await using RealtimeSimulatorHost host = await Start(new() { ApiKey = "sk-right", Time = time });
        using var http = new HttpClient();
        var body = new JsonObject
        {
            ["expires_after"] = new JsonObject { ["anchor"] = "created_at", ["seconds"] = 30 },
            ["session"] = new JsonObject { ["type"] = "realtime", ["model"] = "mine", ["instructions"] = "Sing." },
        };
        using HttpResponseMessage refused = await http.PostAsJsonAsync(new Uri(host.HttpEndpoint, "/v1/realtime/client_secrets"), body, Stop);
        Assert.Equal((HttpStatusCode.Unauthorized, Wrong), (refused.StatusCode, (string)(await JsonOf(refused))["error"]!["message"]!));

        http.DefaultRequestHeaders.Authorization = new("Bearer", "sk-right");
        using HttpResponseMessage minted = await http.PostAsJsonAsync(new Uri(host.HttpEndpoint, "/v1/realtime/client_secrets"), body, Stop);
        JsonNode secret = await JsonOf(minted);
        string value = (string)secret["value"]!;
        Assert.StartsWith("ek_", value, StringComparison.Ordinal);
        Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds() + 30, (long)secret["expires_at"]!);
        Assert.Equal(("mine", "Sing."), ((string)secret["session"]!["model"]!, (string)secret["session"]!["instructions"]!));

        string browser = $"Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.{value}\r\n";
        using RawClient client = await RawClient.ConnectAsync(host, Stop, headers: browser);
        JsonNode session = JsonNode.Parse((await client.ReadFrameAsync()).Payload)!["session"]!;
        Assert.Equal(("mine", "Sing."), ((string)session["model"]!, (string)session["instructions"]!));
        using var translation = new HttpRequestMessage(HttpMethod.Post, new Uri(host.HttpEndpoint, "/v1/realtime/client_secrets")) { Headers = { Authorization = new("Bearer", value) } };
        Assert.Equal("A client secret can't make another one: show the API key.", (string)(await JsonOf(await http.SendAsync(translation, Stop)))["error"]!["message"]!);

        time.Advance(TimeSpan.FromSeconds(42));
        Assert.Equal("The client secret expired 12 s ago: POST to /v1/realtime/client_secrets for another.", await RefusedAsync(host, value));
        Assert.Contains(host.Violations, static violation => violation is { Rule: "secret-expired", Connection: 0 });
        Assert.StartsWith("This client secret was not made here", await RefusedAsync(host, "ek_other"), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task SecretOfAKind_OpensThatKindOnly()
    {
        await using RealtimeSimulatorHost host = await Start();
        using var http = new HttpClient();
        using HttpResponseMessage minted = await http.PostAsJsonAsync(new Uri(host.HttpEndpoint, "/v1/realtime/client_secrets"), new JsonObject { ["session"] = new JsonObject { ["type"] = "transcription" } }, Stop);
        string transcription = (string)(await JsonOf(minted))["value"]!;
        using HttpResponseMessage other = await http.PostAsJsonAsync(new Uri(host.HttpEndpoint, "/v1/realtime/translations/client_secrets"), JsonNode.Parse("""{"session":{"model":"mine","audio":{"output":{"language":"de"} } } }"""), Stop);
        string translation = (string)(await JsonOf(other))["value"]!;

        using RawClient client = await RawClient.ConnectAsync(host, Stop, headers: $"Authorization: Bearer {transcription}\r\n");
        Assert.Equal("transcription", (string)JsonNode.Parse((await client.ReadFrameAsync()).Payload)!["session"]!["type"]!);
        Assert.Equal("This client secret opens a translation: connect to /v1/realtime/translations.", await RefusedAsync(host, translation));
        using var interpreter = new ClientWebSocket();
        interpreter.Options.SetRequestHeader("Authorization", $"Bearer {translation}");
        await interpreter.ConnectAsync(host.TranslationEndpoint, Stop);
        byte[] buffer = new byte[16 * 1024];
        JsonNode session = JsonNode.Parse(buffer.AsSpan(0, (await interpreter.ReceiveAsync(buffer.AsMemory(), Stop)).Count))!["session"]!;
        Assert.Equal(("mine", "de"), ((string)session["model"]!, (string)session["audio"]!["output"]!["language"]!));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("""[]""", "invalid_json", null)]
    [InlineData("""{"session":{"a":1,"a":2}}""", "invalid_json", null)]
    [InlineData("""{"session":""", "invalid_json", null)]
    [InlineData("""{"session":{"type":"\ud800"}}""", "invalid_json", null)]
    [InlineData("""{"session":{"type":"realtime","instructions":"half a pair: \udc00"}}""", "invalid_json", null)]
    [InlineData("""{"session":{"type":"realtime","\ud800":1}}""", "invalid_json", null)]
    [InlineData("""{"\ud800":1}""", "invalid_json", null)]
    [InlineData("""{"expires_after":{"anchor":"\ud800"}}""", "invalid_json", null)]
    [InlineData("""{"sesion":{}}""", "unknown_parameter", "sesion")]
    [InlineData("""{"session":7}""", "invalid_type", "session")]
    [InlineData("""{"session":{"type":"realtime","instrutions":"x"}}""", "unknown_parameter", "session.instrutions")]
    [InlineData("""{"session":{"type":"opera"}}""", "invalid_value", "session.type")]
    [InlineData("""{"session":{"type":7}}""", "invalid_type", "session.type")]
    [InlineData("""{"expires_after":5}""", "invalid_type", "expires_after")]
    [InlineData("""{"expires_after":{"anchor":"now"}}""", "invalid_value", "expires_after.anchor")]
    [InlineData("""{"expires_after":{"seconds":9}}""", "integer_below_min_value", "expires_after.seconds")]
    [InlineData("""{"expires_after":{"seconds":1e300}}""", "integer_above_max_value", "expires_after.seconds")]
    [InlineData("""{"expires_after":{"seconds":"60"}}""", "invalid_type", "expires_after.seconds")]
    [InlineData("""{"expires_after":{"seconds":60.5}}""", "invalid_type", "expires_after.seconds")]
    public async Task SecretThatCannotBeMade_SaysWhichMemberIsWrong(string body, string code, string? param)
    {
        await using RealtimeSimulatorHost host = await Start();
        using var http = new HttpClient();

        using HttpResponseMessage refused = await http.PostAsync(new Uri(host.HttpEndpoint, "/v1/realtime/client_secrets"), new StringContent(body), Stop);

        JsonNode error = (await JsonOf(refused))["error"]!;
        Assert.Equal((HttpStatusCode.BadRequest, code, param), (refused.StatusCode, (string)error["code"]!, (string?)error["param"]));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Tls_HasACertificate_ThatAClientTrustsWhenItIsGivenIt()
    {
        await using RealtimeSimulatorHost host = await Start(new() { Tls = true });
        Assert.Equal(("wss", "https"), (host.Endpoint.Scheme, host.HttpEndpoint.Scheme));
        using var authority = X509Certificate2.CreateFromPem(host.CertificatePem);
        foreach (string name in new[] { "127.0.0.1", "localhost" })
        {
            using var client = new ClientWebSocket();
            client.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => Trusts(authority, shown!, name);
            await client.ConnectAsync(new UriBuilder(host.Endpoint) { Host = name }.Uri, Stop);
            Assert.Equal(WebSocketState.Open, client.State);
        }

        using var stranger = new ClientWebSocket();
        await Assert.ThrowsAsync<WebSocketException>(() => stranger.ConnectAsync(host.Endpoint, Stop));

        static bool Trusts(X509Certificate2 authority, System.Security.Cryptography.X509Certificates.X509Certificate shown, string name)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.Add(authority);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            using var own = new X509Certificate2(shown);
            return chain.Build(own) && own.MatchesHostname(name);
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task InitialSessionThatTheServiceRefuses_IsToldAtTheStart()
    {
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() => Start(new() { Simulator = new() { InitialSession = """{"type":"realtime","voice":"marin"}""" } }));
        Assert.StartsWith("Unknown parameter: 'session.voice'.", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<ArgumentException>(() => Start(new() { Simulator = new() { InitialSession = "{" } }));
        Assert.StartsWith("The initial session is not a JSON object", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Connections_AreListed_WithHowTheyEnded_AndWhatWasSaid()
    {
        var witness = new Witness();
        await using RealtimeSimulatorHost host = await Start(new() { KeepsTranscripts = true, Connections = witness, Simulator = new() { Faults = FaultPlan.None.OnConnection(3).CloseAt("session.created", 1, 4001, "Enough.").OnConnection(4).Fin("session.created", 1) } });
        using var http = new HttpClient();
        for (int number = 1; number <= 4; number++)
        {
            using RawClient client = await RawClient.ConnectAsync(host, Stop);
            if (number == 2)
            {
                await client.SayAsync("{\n}");
                await client.WriteAsync(RawClient.Frame(0x88, [0x03, 0xE8]));
            }

            if (number != 1)
            {
                await client.ReadToEndAsync();
            }
        }

        while (witness.Told < 8)
        {
            await Task.Delay(5, Stop);
        }

        Assert.Equal(["#1 ended without a goodbye", "#2 left (1000)", "#3 was closed (4001: Enough.)", "#4 ended without a goodbye"], host.Connections.Select(static connection => connection.ToString()));
        string list = await http.GetStringAsync(new Uri(host.HttpEndpoint, "/connections"), Stop);
        Assert.Equal(["lost", "client", "server", "lost"], JsonNode.Parse(list)!["connections"]!.AsArray().Select(static one => (string)one!["end"]!));
        string[] log = (await http.GetStringAsync(new Uri(host.HttpEndpoint, "/connections/2/log"), Stop)).TrimEnd().Split('\n');
        Assert.Equal(2, (int)JsonNode.Parse(log[0])!["recipe"]!["connection"]!);
        Assert.Equal(("session.created", "{ }", "error"), ((string)JsonNode.Parse(log[1])!["event"]!["type"]!, JsonNode.Parse(log[2])!["event"]!.ToJsonString().Replace("{}", "{ }", StringComparison.Ordinal), (string)JsonNode.Parse(log[3])!["event"]!["type"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(host.HttpEndpoint, "/connections/9/log"), Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(host.HttpEndpoint, "/connections/-1/log"), Stop)).StatusCode);
    }

    private sealed class Witness : IProgress<HostedConnection>
    {
        private int _told;

        public int Told => Volatile.Read(ref _told);

        public void Report(HostedConnection value) => Interlocked.Increment(ref _told);
    }

    private static Task<RealtimeSimulatorHost> Start(RealtimeSimulatorHostOptions? options = null) => RealtimeSimulatorHost.StartAsync(options, Stop);

    private static async Task<JsonNode> JsonOf(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!;

    private static async Task<string> TypeAsync(RawClient client) => (string)JsonNode.Parse((await client.ReadFrameAsync()).Payload)!["type"]!;

    private static async Task<string> RefusedAsync(RealtimeSimulatorHost host, string secret, string rest = "", HttpStatusCode status = HttpStatusCode.Unauthorized)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.HttpEndpoint, $"/v1/realtime{rest}"));
        request.Headers.Authorization = new("Bearer", secret);
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
        using HttpResponseMessage answer = await http.SendAsync(request, Stop);
        Assert.Equal(status, answer.StatusCode);
        return (string)(await JsonOf(answer))["error"]!["message"]!;
    }
}
