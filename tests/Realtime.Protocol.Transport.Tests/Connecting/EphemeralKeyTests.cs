using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Transport.Tests.Connecting;

/// <summary>A short-lived key for a browser: what goes along, what it opens, until when; and every refusal typed, without a secret.</summary>
public class EphemeralKeyTests
{
    private const int HangsAfterMs = 60_000;

    private const string Key = "sk-canary-7711";

    private static readonly VoiceTool Clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static (_, _) => new("noon"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task AKey_OpensTheSessionThatTheOptionsDescribe_UntilItExpires()
    {
        var time = new VirtualTime();
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { ApiKey = Key, Time = time }, Stop);
        VoiceSessionOptions options = Options(host.Endpoint);
        options.Session = SessionConfiguration.PushToTalk with { Instructions = "Sing.", Voice = "cedar", Tools = [Clock], Customize = static wire => wire.Audio.Output.Speed = 1.2 };
        options.InputEncoding = AudioEncoding.G711MuLaw;

        EphemeralKey key = await EphemeralKey.CreateAsync(options, TimeSpan.FromSeconds(30), Stop);

        Assert.StartsWith("ek_", key.Value, StringComparison.Ordinal);
        Assert.Equal((time.GetUtcNow() + TimeSpan.FromSeconds(30)).ToUnixTimeSeconds(), key.ExpiresAt.ToUnixTimeSeconds());
        Assert.DoesNotContain(key.Value, $"{key} {key with { SessionId = "sess_1" }}", StringComparison.Ordinal);
        using var browser = new ClientWebSocket();
        browser.Options.AddSubProtocol("realtime");
        browser.Options.AddSubProtocol($"openai-insecure-api-key.{key.Value}");
        await browser.ConnectAsync(host.Endpoint, Stop);
        byte[] buffer = new byte[16 * 1024];
        JsonNode session = JsonNode.Parse(buffer.AsSpan(0, (await browser.ReceiveAsync(buffer.AsMemory(), Stop)).Count))!["session"]!;
        Assert.Equal(("my-model", "Sing.", "cedar", 1.2, "audio/pcmu"), (Text(session["model"]), Text(session["instructions"]), Text(session["audio"]!["output"]!["voice"]), (double)session["audio"]!["output"]!["speed"]!, Text(session["audio"]!["input"]!["format"]!["type"])));
        Assert.Equal("clock", Text(session["tools"]![0]!["name"]));

        await using (VoiceSession telephone = await VoiceSession.ConnectAsync(new() { Endpoint = host.Endpoint, Credential = key.Value }, Stop))
        {
            Assert.Equal("Sing.", telephone.Configuration.Instructions);
        }

        time.Advance(TimeSpan.FromSeconds(31));
        RealtimeConnectException late = await Assert.ThrowsAsync<RealtimeConnectException>(() => VoiceSession.ConnectAsync(new() { Endpoint = host.Endpoint, Credential = key.Value }, Stop));
        Assert.Equal(RealtimeConnectFailure.Unauthorized, late.Failure);
        Assert.DoesNotContain(key.Value, late.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task NoLifetime_IsTheServicesOwn()
    {
        var time = new VirtualTime();
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { ApiKey = Key, Time = time }, Stop);

        EphemeralKey key = await EphemeralKey.CreateAsync(Options(host.Endpoint), cancellationToken: Stop);

        Assert.Equal(time.GetUtcNow().AddMinutes(10), key.ExpiresAt, TimeSpan.FromSeconds(1));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ARefusal_IsTyped_AndHoldsNoSecret()
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { ApiKey = "sk-other" }, Stop);
        await using RealtimeSimulatorHost open = await RealtimeSimulatorHost.StartAsync(cancellationToken: Stop);
        VoiceSessionOptions unknownMember = Options(open.Endpoint);
        unknownMember.Session = new() { Customize = static wire => wire.Type = "opera" };

        RealtimeConnectException unauthorized = await RefusedAsync(Options(host.Endpoint));
        RealtimeConnectException tooShort = await RefusedAsync(Options(open.Endpoint), TimeSpan.FromSeconds(5));
        RealtimeConnectException wrong = await RefusedAsync(unknownMember);
        await host.DisposeAsync();
        RealtimeConnectException gone = await RefusedAsync(Options(host.Endpoint));

        Assert.Equal(
            [RealtimeConnectFailure.Unauthorized, RealtimeConnectFailure.ConfigurationRejected, RealtimeConnectFailure.ConfigurationRejected, RealtimeConnectFailure.Refused],
            new[] { unauthorized, tooShort, wrong, gone }.Select(static refused => refused.Failure));
        Assert.Equal(("expires_after.seconds", "session.type"), (tooShort.Error!.Parameter, wrong.Error!.Parameter));
        Assert.Equal((true, false, false), (gone.IsTransient, unauthorized.IsTransient, tooShort.IsTransient));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", RealtimeConnectFailure.Other)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", RealtimeConnectFailure.Other)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 4\n\nnull", RealtimeConnectFailure.Other)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 26\n\n{\"value\":7,\"expires_at\":1}", RealtimeConnectFailure.Other)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 55\n\n{\"value\":\"ek_1\",\"expires_at\":99999999999999999,\"a\":\"\"} ", RealtimeConnectFailure.Other)]
    [InlineData("HTTP/1.1 302 Found\nLocation: http://127.0.0.1:1/steal\nContent-Length: 0\n\n", RealtimeConnectFailure.Redirected)]
    [InlineData("HTTP/1.1 429 Too Many Requests\nRetry-After: 7\nContent-Length: 0\n\n", RealtimeConnectFailure.TooManyRequests)]
    [InlineData("HTTP/1.1 503 No\nContent-Length: 34\n\n{\"error\":{\"code\":\"sk-canary-7711\"}}", RealtimeConnectFailure.ServerError)]
    [InlineData("HTTP/1.1 404 Not Found\nContent-Length: 0\n\n", RealtimeConnectFailure.NotFound)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 99\n\n{\"value\":", RealtimeConnectFailure.NotAWebSocket)]
    [InlineData("SSH-2.0-dropbear\n", RealtimeConnectFailure.NotAWebSocket)]
    public async Task WhateverAServerAnswers_IsAKeyOrAFailure(string answer, RealtimeConnectFailure expected)
    {
        await using var server = new RawServer(answer);

        RealtimeConnectException refused = await RefusedAsync(Options(server.Address));

        Assert.Equal(expected, refused.Failure);
        Assert.Equal("POST /v1/realtime/client_secrets HTTP/1.1", server.Request);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AServerThatNeverAnswers_IsGivenUp()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource();
        await using LoopbackServer server = await LoopbackServer.StartAsync(_ =>
        {
            asked.SetResult();
            return release.Task;
        });
        VoiceSessionOptions options = Options(server.Address);
        options.TimeProvider = time;

        Task<RealtimeConnectException> refused = RefusedAsync(options);
        await asked.Task;
        time.Advance(options.ConnectTimeout);
        RealtimeConnectException late = await refused;
        release.SetResult();

        Assert.Equal((RealtimeConnectFailure.Timeout, true), (late.Failure, late.IsTransient));
    }

    [Theory]
    [InlineData("https://name.openai.azure.com/openai/v1/realtime?model=mine", "https://name.openai.azure.com/openai/v1/realtime/client_secrets", "mine")]
    [InlineData("wss://name.openai.azure.com/openai/v1/realtime/?api-version=preview&model=a%20b", "https://name.openai.azure.com/openai/v1/realtime/client_secrets?api-version=preview", "a b")]
    [InlineData("ws://127.0.0.1:5005/v1/realtime", "http://127.0.0.1:5005/v1/realtime/client_secrets", null)]
    [InlineData(null, "https://api.openai.com/v1/realtime/client_secrets", "gpt-realtime")]
    public void TheAddress_IsBelowThatOfTheSessions(string? endpoint, string expected, string? expectedModel)
    {
        Uri address = RealtimeEndpoint.ClientSecrets(RealtimeEndpoint.Resolve(new VoiceSessionOptions { Endpoint = endpoint is null ? null : new(endpoint) }), out string? model);

        Assert.Equal((expected, expectedModel), (address.OriginalString.Replace(":443", "", StringComparison.Ordinal), model));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AnAzureKey_GoesIntoItsHeader()
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { ApiKey = Key }, Stop);
        VoiceSessionOptions options = Options(host.Endpoint);
        options.Credential = RealtimeCredential.ApiKey(Key);

        Assert.StartsWith("ek_", (await EphemeralKey.CreateAsync(options, cancellationToken: Stop)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatNoKeyOpens_IsRefusedBeforeAnythingIsSent()
    {
        VoiceSessionOptions elsewhere = Options(new("ws://example.com/v1/realtime"));
        VoiceSessionOptions header = Options(new("ws://127.0.0.1:1/v1/realtime"));
        header.Headers["X"] = "a\nb";

        await Assert.ThrowsAsync<ArgumentNullException>(() => EphemeralKey.CreateAsync(null!, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => EphemeralKey.CreateAsync(VoiceSessionOptions.Attach("rtc_1", Key), cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => EphemeralKey.CreateAsync(new() { Transport = static (_, _) => throw new NotSupportedException() }, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => EphemeralKey.CreateAsync(Options(null), TimeSpan.Zero, Stop));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => EphemeralKey.CreateAsync(Options(null), TimeSpan.MaxValue, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => EphemeralKey.CreateAsync(elsewhere, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => EphemeralKey.CreateAsync(header, cancellationToken: Stop));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EphemeralKey.CreateAsync(Options(new("ws://127.0.0.1:1/v1/realtime")), cancellationToken: new(canceled: true)));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACredentialThatFails_IsNotSent()
    {
        VoiceSessionOptions options = Options(new("ws://127.0.0.1:1/v1/realtime"));
        options.Credential = new(static _ => throw new InvalidOperationException("vault"));

        Assert.Equal(RealtimeConnectFailure.CredentialFailed, (await RefusedAsync(options)).Failure);
    }

    private static VoiceSessionOptions Options(Uri? endpoint) => new() { Endpoint = endpoint, Model = "my-model", Credential = Key };

    private static string? Text(JsonNode? node) => (string?)node;

    private static async Task<RealtimeConnectException> RefusedAsync(VoiceSessionOptions options, TimeSpan? lifetime = null)
    {
        RealtimeConnectException refused = await Assert.ThrowsAsync<RealtimeConnectException>(() => EphemeralKey.CreateAsync(options, lifetime, Stop));
        Assert.DoesNotContain("canary", $"{refused} {refused.Error?.Code} {refused.Error?.Message}", StringComparison.Ordinal);
        return refused;
    }
}
