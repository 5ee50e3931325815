using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Realtime.Protocol.CommandLine.Bridging;
using Realtime.Protocol.CommandLine.Tests.Support;
using Realtime.Protocol.Gateway;

namespace Realtime.Protocol.CommandLine.Tests.Bridging;

public sealed class GatewayTests
{
    private const int HangsAfterMs = 120_000;
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string Secret = "hunter2-and-more";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("--journal-variable NAME", "--journal", "Host=db;Password=" + Secret)]
    [InlineData("--journal-variable NAME", "--journal", "redis://:" + Secret + "@cache")]
    [InlineData("cannot be read as a connection", "--journal", "Host=db;Pasword=" + Secret)]
    [InlineData("use one of them", "--journal", "calls", "--journal-variable", "JOURNAL")]
    [InlineData("that --journal-variable names is not set", "--journal-variable", Secret)]
    [InlineData("that --ticket-key-variable names is not set", "--ticket-key-variable", Secret)]
    [InlineData("that --twilio-token-variable names is not set", "--twilio-token-variable", Secret)]
    [InlineData("fewer than 32 characters", "--ticket-key-variable", "SHORT")]
    [InlineData("--ticket-key-variable NAME", "--listen", "0.0.0.0")]
    [InlineData("--ticket-key-variable NAME", "--public", "https://voice.example.com")]
    [InlineData("--ticket-key-variable NAME", "--public", "https://voice.example.com", "--twilio-token-variable", "KEY")]
    [InlineData("--ticket-key-variable NAME", "--peer", "https://b.example.com")]
    [InlineData("--public URL", "--listen", "0.0.0.0", "--ticket-key-variable", "KEY", "--peer", "http://b:7001")]
    [InlineData("--peer needs a --port", "--port", "0", "--peer", "http://127.0.0.1:7002")]
    [InlineData("--peer takes an address", "--peer", "http://app:" + Secret + "@b")]
    [InlineData("--public takes an address", "--public", "ftp://b")]
    [InlineData("--audiosocket takes a port", "--audiosocket", "nowhere")]
    [InlineData("without --url", "--key-variable", "KEY")]
    [InlineData("would travel unencrypted", "--url", "ws://example.com/v1/realtime", "--key-variable", "KEY")]
    [InlineData("--otlp is the address", "--otlp", "nowhere")]
    public async Task WhatCannotBe_IsOneLine_BeforeAnythingListens(string says, params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(["gateway", .. args], new() { Variables = new() { ["HOME"] = Path.GetTempPath(), ["SHORT"] = "short", ["KEY"] = Key, ["JOURNAL"] = "calls" } });

        Assert.Equal(("", ExitCode.UnusableInput), (run.Output, run.ExitCode));
        string line = Assert.Single(run.ErrorLines);
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, line, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WithoutAKey_AGatewayTakesACall_ServesItsPage_AndSaysHowTheCallEnded()
    {
        using GatewayRunning gateway = await GatewayRunning.StartAsync([]);
        await ReadyAsync(gateway);
        string page = await gateway.Client.GetStringAsync(gateway.Http, Stop);
        using ClientWebSocket phone = await DialAsync(gateway, "42");
        JsonElement ready = await HearAsync(phone);
        await phone.CloseAsync(WebSocketCloseStatus.NormalClosure, "", Stop);
        ToolRun run = await gateway.EndAsync();

        Assert.Contains("<html", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("ready", 0, false), (ready.GetProperty("type").GetString(), ready.GetProperty("items").GetInt32(), ready.TryGetProperty("ticket", out _)));
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Single(lines, static line => Regex.IsMatch(line, @"^listening on http://127\.0\.0\.1:\d+ · open it in a browser · a simulator is the model · calls in .+$")); // the log has no order with it
        Assert.Contains(lines, static line => line.Contains("The call 42 ended after", StringComparison.Ordinal) && line.Contains(": HungUp.", StringComparison.Ordinal));
        Assert.EndsWith(" 1 call", lines[^1], StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ForeignPages_AndForeignNamesOfThisMachine_AreNotLetIn()
    {
        using GatewayRunning gateway = await GatewayRunning.StartAsync([]);
        await ReadyAsync(gateway);
        using var foreignName = new HttpRequestMessage(HttpMethod.Get, gateway.Http) { Headers = { Host = $"evil.example:{gateway.Http.Port}" } };
        using HttpResponseMessage refused = await gateway.Client.SendAsync(foreignName, Stop);
        using ClientWebSocket own = await DialAsync(gateway, "1", gateway.Http.GetLeftPart(UriPartial.Authority));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await RefusalAsync(gateway, "2", "http://evil.example"));
        Assert.Equal(WebSocketState.Open, own.State);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WithAKeyOfTickets_WhoShowsItGetsTickets_AndNobodyElseGetsIn()
    {
        using GatewayRunning gateway = await GatewayRunning.StartAsync(["--ticket-key-variable", "KEY"], new() { ["KEY"] = Key });
        await ReadyAsync(gateway);
        HttpStatusCode unasked = (await gateway.Client.PostAsync(new Uri(gateway.Http, "/ticket/42"), null, Stop)).StatusCode;
        HttpResponseMessage page = await gateway.Client.GetAsync(gateway.Http, Stop);
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("anybody:" + Key)));
        HttpStatusCode shown = (await gateway.Client.GetAsync(gateway.Http, Stop)).StatusCode;
        gateway.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        string ticket = await (await gateway.Client.PostAsync(new Uri(gateway.Http, "/ticket/42"), null, Stop)).Content.ReadAsStringAsync(Stop);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (unasked, page.StatusCode, shown));
        Assert.Equal("Basic", Assert.Single(page.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusalAsync(gateway, "42"));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusalAsync(gateway, "43", ticket: ticket));
        using ClientWebSocket phone = await DialAsync(gateway, "42", ticket: ticket);
        Assert.True((await HearAsync(phone)).TryGetProperty("ticket", out _));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusalAsync(gateway, "42", ticket: ticket));
        ToolRun run = await gateway.EndAsync();
        Assert.DoesNotContain(Key, run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(ticket, run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task TheWebhookOfTwilio_LeadsToItsStreams_WhichAreSigned()
    {
        using GatewayRunning gateway = await GatewayRunning.StartAsync(["--twilio-token-variable", "TOKEN", "--public", "https://voice.example.com", "--ticket-key-variable", "KEY"], new() { ["TOKEN"] = "token-of-an-account", ["KEY"] = Key });
        await ReadyAsync(gateway);
        HttpResponseMessage answer = await gateway.Client.PostAsync(new Uri(gateway.Http, "/voice"), null, Stop);
        using var unsigned = new ClientWebSocket();
        unsigned.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => unsigned.ConnectAsync(new Uri($"ws://{gateway.Http.Authority}/twilio"), Stop));

        // What is not signed wants its ticket, here as on a network.
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Client.GetAsync(gateway.Http, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await RefusalAsync(gateway, "42"));
        Assert.Contains("<Stream url=\"wss://voice.example.com/twilio\"/>", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, unsigned.HttpStatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1", null, null, false, 1_000)]
    [InlineData("0.0.0.0", null, null, false, 32)]
    [InlineData("0.0.0.0", "https://voice.example.com", null, false, 1_000)]
    [InlineData("0.0.0.0", "https://voice.example.com", 5, false, 5)]
    [InlineData("0.0.0.0", null, 5, true, 1_000)]
    public void WhereManyCallersAreOneAddress_TheyAreNotCountedAsOne(string listen, string? address, int? asked, bool isSigned, int most)
    {
        var options = new VoiceCallsOptions();
        GatewayDoors.Limit(options, new() { Service = new(null, null, default, null), Listen = IPAddress.Parse(listen), PublicAddress = address is null ? null : new(address), MaxCallsPerAddress = asked }, isSigned);

        Assert.Equal((1_000, most), (options.MaxCalls, options.MaxCallsPerAddress));
    }

    private static async Task ReadyAsync(GatewayRunning gateway)
    {
        // Nothing else tells of it.
        while (!(await gateway.Client.GetAsync(new Uri(gateway.Http, "/ready"), Stop)).IsSuccessStatusCode)
        {
            await Task.Delay(20, Stop);
        }
    }

    private static async Task<HttpStatusCode> RefusalAsync(GatewayRunning gateway, string id, string? origin = null, string? ticket = null)
    {
        using ClientWebSocket socket = Socket(origin, ticket);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(gateway.Calls + id), Stop));
        return socket.HttpStatusCode;
    }

    private static async Task<ClientWebSocket> DialAsync(GatewayRunning gateway, string id, string? origin = null, string? ticket = null)
    {
        ClientWebSocket socket = Socket(origin, ticket);
        await socket.ConnectAsync(new Uri(gateway.Calls + id), Stop);
        return socket;
    }

    private static ClientWebSocket Socket(string? origin, string? ticket)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.AddSubProtocol("realtime-call.v1");
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        if (ticket is not null)
        {
            socket.Options.AddSubProtocol("ticket." + ticket);
        }

        return socket;
    }

    private static async Task<JsonElement> HearAsync(ClientWebSocket phone)
    {
        byte[] message = new byte[64 * 1024];
        WebSocketReceiveResult read = await phone.ReceiveAsync(message, Stop);
        return JsonDocument.Parse(message.AsMemory(0, read.Count)).RootElement;
    }
}
