using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Realtime.Protocol.Gateway;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Repository.Tests.Programs;

/// <summary>The programs of the README of Gateway, run word for word, with the simulator on the other side: the telephone bridge hears Twilio's documented frames; of the page that is talked to, the document is fetched and its address dialled.</summary>
[Collection("The current folder")]
public class GatewayProgramTests
{
    private const string AuthToken = "12345";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheTelephoneBridge_Greets_HearsKeys_AndEnds()
    {
        await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(new() { ApiKey = "key", Simulator = new() { Pace = ResponsePace.Immediate } }, Stop);
        var started = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] args = ["--urls", "http://127.0.0.1:0", "--Voice:Credential", "key", "--Voice:Endpoint", simulator.Endpoint.OriginalString, "--Twilio:AuthToken", AuthToken, "--Logging:LogLevel:Default", "None"];
        Task serving = GatewayPrograms.BridgeAsync(args, app => app.Lifetime.ApplicationStarted.Register(() => started.SetResult(app)));
        WebApplication app = await started.Task.WaitAsync(Patience, Stop);
        using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        using HttpResponseMessage answer = await http.PostAsync("/voice", content: null, Stop).WaitAsync(Patience, Stop);
        string twiml = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Contains($"""<Stream url="wss://127.0.0.1:{http.BaseAddress.Port}/twilio"/>""", twiml, StringComparison.Ordinal);

        using var twilio = new ClientWebSocket();
        Uri stream = new($"ws://127.0.0.1:{http.BaseAddress.Port}/twilio");
        twilio.Options.SetRequestHeader(TwilioSignature.Header, TwilioSignature.Compute(AuthToken, stream.ToString()));
        await twilio.ConnectAsync(stream, Stop).WaitAsync(Patience, Stop);
        await SayAsync(twilio, """{"event":"connected","protocol":"Call","version":"1.0.0"}""");
        await SayAsync(twilio, """{"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1","tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{}},"streamSid":"MZ1"}""");

        // The simulator's voice takes 40 ms for each character of "I have heard nothing yet." and of "You wrote: I pressed 5."
        await PlayTurnAsync(twilio, turn: 1, length: 25 * 40 * 8);
        await SayAsync(twilio, """{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"5","dtmf":{"track":"inbound_track","digit":"5"}}""");
        await PlayTurnAsync(twilio, turn: 2, length: 23 * 40 * 8);
        await SayAsync(twilio, """{"event":"stop","sequenceNumber":"6","streamSid":"MZ1","stop":{"accountSid":"AC1","callSid":"CA1"}}""");
        WebSocketReceiveResult close;
        do
        {
            close = await twilio.ReceiveAsync(new byte[4_096], Stop).WaitAsync(Patience, Stop);
        }
        while (close.MessageType is not WebSocketMessageType.Close);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, close.CloseStatus);
        await twilio.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Stop).WaitAsync(Patience, Stop);
        await app.StopAsync(Stop);
        await serving.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task ThePage_IsServed_AndTakesCalls()
    {
        await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(new() { ApiKey = "key", Simulator = new() { Pace = ResponsePace.Immediate } }, Stop);
        var started = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] args = ["--urls", "http://127.0.0.1:0", "--Voice:Credential", "key", "--Voice:Endpoint", simulator.Endpoint.OriginalString, "--Logging:LogLevel:Default", "None"];
        Task serving = GatewayPrograms.PageAsync(args, app => app.Lifetime.ApplicationStarted.Register(() => started.SetResult(app)));
        WebApplication app = await started.Task.WaitAsync(Patience, Stop);
        using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };
        string page = await http.GetStringAsync("/", Stop).WaitAsync(Patience, Stop);
        Assert.Contains("""{"calls":"/call/",""", page, StringComparison.Ordinal);

        // As the page dials.
        using var browser = new ClientWebSocket();
        browser.Options.AddSubProtocol("realtime-call.v1");
        browser.Options.SetRequestHeader("Origin", app.Urls.Single());
        await browser.ConnectAsync(new($"ws://127.0.0.1:{http.BaseAddress.Port}/call/42"), Stop).WaitAsync(Patience, Stop);
        byte[] buffer = new byte[4_096];
        WebSocketReceiveResult ready = await browser.ReceiveAsync(buffer, Stop).WaitAsync(Patience, Stop);
        Assert.StartsWith("""{"type":"ready","call":"42",""", Encoding.UTF8.GetString(buffer, 0, ready.Count), StringComparison.Ordinal);
        await browser.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", Stop).WaitAsync(Patience, Stop);
        await app.StopAsync(Stop);
        await serving.WaitAsync(Patience, Stop);
    }

    private static Task SayAsync(ClientWebSocket twilio, string frame) => twilio.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, Stop).WaitAsync(Patience, Stop);

    /// <summary>Takes the sound of a turn to its last mark, and sends every mark back.</summary>
    private static async Task PlayTurnAsync(ClientWebSocket twilio, int turn, int length)
    {
        byte[] buffer = new byte[64 * 1_024];
        long bytes = 0;
        int clears = 0;
        string name = "";
        while (name != $"c{clears}t{turn}b{length}")
        {
            WebSocketReceiveResult read = await twilio.ReceiveAsync(buffer, Stop).WaitAsync(Patience, Stop);
            Assert.True(read.EndOfMessage);
            JsonNode frame = JsonNode.Parse(buffer.AsSpan(0, read.Count))!;
            if ((string)frame["event"]! == "media")
            {
                bytes += Convert.FromBase64String((string)frame["media"]!["payload"]!).Length;
                continue;
            }

            // All of a turn was heard, and a key is pressed before its response has ended: that interrupts it.
            if ((string)frame["event"]! == "clear" && turn > 1 && bytes == 0 && clears == 0)
            {
                clears++;
                continue;
            }

            Assert.True((string)frame["event"]! == "mark", frame.ToJsonString());
            name = (string)frame["mark"]!["name"]!;
            await SayAsync(twilio, frame.ToJsonString());
            Assert.Equal($"c{clears}t{turn}b{bytes}", name);
        }
    }
}
