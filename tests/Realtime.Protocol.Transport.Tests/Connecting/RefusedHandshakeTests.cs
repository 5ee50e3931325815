using System.Net;
using System.Text;

namespace Realtime.Protocol.Transport.Tests.Connecting;

/// <summary>What a refused handshake says beyond its status: who refused, why, and when to come again. Over loopback, answered in bytes.</summary>
public sealed class RefusedHandshakeTests
{
    private const string Canary = "sk-canary-7f3a";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("ws")]
    [InlineData("wss")]
    public async Task F15_AProxyThatAsksForAPassword_IsNamed_AndItsStatusReachesTheException(string scheme)
    {
        await using var proxy = new RawServer("HTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: Basic realm=\"x\"\nContent-Length: 2\n\nno");

        RealtimeConnectException failure = await FailAsync(new()
        {
            Endpoint = new($"{scheme}://somewhere.invalid/v1/realtime?token={Canary}"),
            Credential = Canary,
            AllowCredentialOverPlainText = true,
            ConfigureWebSocket = socket => socket.Proxy = new WebProxy($"http://user:{Canary}@127.0.0.1:{proxy.Port}"),
        });

        Assert.StartsWith("CONNECT somewhere.invalid", proxy.Request);
        Assert.Equal((RealtimeConnectFailure.ProxyRefused, HttpStatusCode.ProxyAuthenticationRequired, false), (failure.Failure, failure.HttpStatus, failure.IsTransient));
        Assert.Contains($"The proxy http://127.0.0.1:{proxy.Port} asks for a user and password (HTTP 407)", failure.Message);
        Assert.DoesNotContain(Canary, failure.ToString());
    }

    [Theory]
    [InlineData(403, false)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    public async Task F15_AProxyThatRefusesOtherwise_IsNotTakenForTheServer(int status, bool isTransient)
    {
        await using var proxy = new RawServer($"HTTP/1.1 {status} No\nContent-Length: 0\n\n");

        RealtimeConnectException failure = await FailAsync(new()
        {
            Endpoint = new("wss://somewhere.invalid/v1/realtime"),
            ConfigureWebSocket = socket => socket.Proxy = new WebProxy($"http://127.0.0.1:{proxy.Port}"),
        });

        Assert.Equal((RealtimeConnectFailure.ProxyRefused, (HttpStatusCode)status, isTransient), (failure.Failure, failure.HttpStatus, failure.IsTransient));
        Assert.Contains($"The proxy http://127.0.0.1:{proxy.Port}", failure.Message);
    }

    [Fact]
    public async Task F15_AProxyThatIsNotThere_IsNotTakenForTheServer()
    {
        int port;
        await using (var gone = new RawServer(""))
        {
            port = gone.Port;
        }

        RealtimeConnectException failure = await FailAsync(new()
        {
            Endpoint = new("wss://somewhere.invalid/v1/realtime"),
            ConfigureWebSocket = socket => socket.Proxy = new WebProxy($"http://user:{Canary}@127.0.0.1:{port}"),
        });

        Assert.Equal((RealtimeConnectFailure.Refused, true), (failure.Failure, failure.IsTransient));
        Assert.Contains($"Nobody listens at the proxy http://127.0.0.1:{port}", failure.Message);
        Assert.DoesNotContain(Canary, failure.ToString());
    }

    [Fact]
    public async Task F15_ASocksProxyThatRefuses_IsAProxy_WithoutAStatus()
    {
        await using var proxy = new RawServer("\u0005\u0001", readsRequest: false);

        RealtimeConnectException failure = await FailAsync(new()
        {
            Endpoint = new("wss://somewhere.invalid/v1/realtime"),
            ConfigureWebSocket = socket => socket.Proxy = new WebProxy($"socks5://user:{Canary}@127.0.0.1:{proxy.Port}"),
        });

        Assert.Equal((RealtimeConnectFailure.ProxyRefused, null), (failure.Failure, failure.HttpStatus));
        Assert.Contains($"The proxy socks5://127.0.0.1:{proxy.Port} made no connection", failure.Message);
        Assert.DoesNotContain(Canary, failure.ToString());
    }

    [Fact]
    public async Task F15_TheBodyOfARefusal_AndRetryAfter_ReachTheException_AndTheSentenceStaysOutOfTheMessage()
    {
        await using var server = new RawServer(Answer("429 Too Many Requests", "Retry-After: 17\nContent-Type: application/json",
            """{"error":{"message":"Rate limit reached for gpt-realtime.","type":"requests","param":"model","code":"rate_limit_exceeded"}}"""));

        RealtimeConnectException failure = await FailAsync(new() { Endpoint = server.Address, Credential = Canary });

        Assert.Equal((RealtimeConnectFailure.TooManyRequests, HttpStatusCode.TooManyRequests, true), (failure.Failure, failure.HttpStatus, failure.IsTransient));
        Assert.Equal(TimeSpan.FromSeconds(17), failure.RetryAfter);
        Assert.Equal(new ServerError("rate_limit_exceeded", "requests", "Rate limit reached for gpt-realtime.", "model", null), failure.Error);
        Assert.EndsWith("has had too many requests (HTTP 429). Try again in 17 s. Its error is rate_limit_exceeded (model).", failure.Message);
        Assert.DoesNotContain("gpt-realtime.", failure.ToString());
    }

    [Fact]
    public async Task ASpentQuota_IsNotWorthAnotherAttempt_ThoughItsStatusIs()
    {
        await using var server = new RawServer(Answer("429 Too Many Requests", "", """{"error":{"code":"insufficient_quota","type":"insufficient_quota"}}"""));

        RealtimeConnectException failure = await FailAsync(new() { Endpoint = server.Address });

        Assert.False(failure.IsTransient);
        Assert.Contains("no quota left", failure.Message);
    }

    [Theory]
    [InlineData("400 Bad Request", RealtimeConnectFailure.HandshakeRefused, false)]
    [InlineData("401 Unauthorized", RealtimeConnectFailure.Unauthorized, false)]
    [InlineData("408 Request Timeout", RealtimeConnectFailure.HandshakeRefused, true)]
    [InlineData("500 Internal Server Error", RealtimeConnectFailure.ServerError, true)]
    [InlineData("501 Not Implemented", RealtimeConnectFailure.ServerError, false)]
    public async Task AnAnswerWithAnError_IsARefusal_WhateverItsStatus(string status, RealtimeConnectFailure expected, bool isTransient)
    {
        await using var server = new RawServer(Answer(status, "", """{"error":{"message":"No.","code":"no"}}"""));

        RealtimeConnectException failure = await FailAsync(new() { Endpoint = server.Address });

        Assert.Equal((expected, "no", isTransient), (failure.Failure, failure.Error?.Code, failure.IsTransient));
    }

    [Fact]
    public async Task ACredentialThatTheServerQuotes_IsBlanked()
    {
        await using var server = new RawServer(Answer("401 Unauthorized", "",
            $$$"""{"error":{"message":"Incorrect API key provided: {{{Canary}}} (was sk-second-key).","code":"invalid_api_key:{{{Canary}}}"}}"""));

        RealtimeConnectException failure = await FailAsync(new() { Endpoint = server.Address, Credential = Canary, Headers = { ["api-key"] = "sk-second-key" } });

        Assert.Equal("Incorrect API key provided: … (was …).", failure.Error?.Message);
        Assert.DoesNotContain(Canary, failure.ToString());
    }

    [Theory]
    [InlineData("Retry-After: Thu, 01 Jan 1970 00:01:30 GMT", 90_000)]
    [InlineData("Retry-After: Wed, 31 Dec 1969 23:59:00 GMT", 0)]
    [InlineData("Retry-After: 2\nretry-after-ms: 1500", 1500)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("retry-after-ms: soon\nRetry-After: 3", 3000)]
    public async Task RetryAfter_MayBeSecondsOrADate_OrMilliseconds(string header, int? milliseconds)
    {
        await using var server = new RawServer(Answer("503 Service Unavailable", header, ""));

        RealtimeConnectException failure = await FailAsync(new() { Endpoint = server.Address, TimeProvider = new ManualTime() });

        Assert.Equal(milliseconds is int some ? TimeSpan.FromMilliseconds(some) : null, failure.RetryAfter);
    }

    [Fact]
    public async Task ABodyThatNeverComes_HidesNothingOfTheAnswer()
    {
        var time = new ManualTime();
        var hold = new TaskCompletionSource();
        await using var server = new RawServer("HTTP/1.1 503 No\nRetry-After: 4\nContent-Length: 100\n\n", hold.Task);

        Task<RealtimeConnectException> failing = FailAsync(new() { Endpoint = server.Address, TimeProvider = time, ConnectTimeout = Timeout.InfiniteTimeSpan });

        // The wait for the body begins when the header has come, which no clock of ours can tell.
        await time.AdvanceUntilAsync(failing);
        RealtimeConnectException failure = await failing.WaitAsync(Patience);
        hold.SetResult();
        Assert.Equal((RealtimeConnectFailure.ServerError, TimeSpan.FromSeconds(4)), (failure.Failure, failure.RetryAfter));
    }

    [Fact]
    public async Task ABodyWithoutEnd_IsReadAsFarAs4KB()
    {
        await using var server = new RawServer(
            $$"""
            HTTP/1.1 400 No
            Connection: close

            {"error":{"code":"no","message":"{{new string('x', 100_000)}}
            """);

        RealtimeConnectException failure = await FailAsync(new() { Endpoint = server.Address });

        Assert.Equal(new ServerError("no", null, null, null, null), failure.Error);
    }

    [Theory]
    [InlineData("""{"error":"Not allowed."}""", null, null, "Not allowed.", null)]
    [InlineData("""{"error":"access_denied","error_description":"Ask the owner."}""", "access_denied", null, "Ask the owner.", null)]
    [InlineData("""{"object":"error","message":"No such model.","type":"NotFoundError","param":null,"code":404}""", "404", "NotFoundError", "No such model.", null)]
    [InlineData("""{"statusCode":401,"message":"Access denied."}""", null, null, "Access denied.", null)]
    [InlineData("""{"detail":"Not authenticated"}""", null, null, "Not authenticated", null)]
    [InlineData("""{"type":"about:blank","title":"Forbidden","status":403}""", null, "about:blank", "Forbidden", null)]
    [InlineData("""{"message":"outer","error":{"message":"inner","inner":{"code":"x"},"param":"model"}}""", null, null, "inner", "model")]
    [InlineData("""{"error":{"message":"inner"},"message":"outer"}""", null, null, "inner", null)]
    [InlineData("""{"error":{"code":["a"],"message":{"text":"x"},"type":"t"}}""", null, "t", null, null)]
    [InlineData("upstream connect error", null, null, "upstream connect error", null)]
    public void TheWordsOfABody_AreFoundInEveryUsualShape(string body, string? code, string? type, string? message, string? parameter) =>
        Assert.Equal(new ServerError(code, type, message, parameter, null), RefusalBody.Read(Encoding.UTF8.GetBytes(body), mediaType: null));

    [Theory]
    [InlineData("", null)]
    [InlineData("  \r\n ", null)]
    [InlineData("{}", null)]
    [InlineData("{", null)]
    [InlineData("""{"error":null}""", null)]
    [InlineData("""{"error":{}}""", null)]
    [InlineData("""{"ok":true}""", null)]
    [InlineData("""{"error" 1}""", "application/json")]
    [InlineData("<html><title>502</title></html>", "text/html")]
    [InlineData("[1]", "application/json")]
    public void ABodyWithoutWords_IsNoError(string body, string? mediaType) =>
        Assert.Null(RefusalBody.Read(Encoding.UTF8.GetBytes(body), mediaType));

    [Fact]
    public void ABodyThatIsCutAnywhere_GivesWhatStandsBeforeTheCut_AndNeverThrows()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"error":{"code":"no","message":"Nö \ud83d\ude00","param":"model"},"x":[1,{"y":2}]}""");

        for (int length = 0; length <= body.Length; length++)
        {
            ServerError? error = RefusalBody.Read(body.AsSpan(0, length), "application/json");
            Assert.True(length < 21 ? error is null : error?.Code is "no", $"cut at {length}: {error}");
        }
    }

    [Fact]
    public void ABodyThatIsNotUtf8_GivesWhatStandsBefore()
    {
        byte[] body = [.. """{"error":{"code":"no","message":" """u8, 0xFF, .. "\"}}"u8];

        Assert.Equal("no", RefusalBody.Read(body, "application/json")?.Code);
    }

    private static string Answer(string status, string headers, string body) =>
        $"HTTP/1.1 {status}\n{headers}{(headers.Length == 0 ? "" : "\n")}Content-Length: {Encoding.UTF8.GetByteCount(body)}\n\n{body}";

    private static Task<RealtimeConnectException> FailAsync(RealtimeConnectionOptions options) =>
        Assert.ThrowsAsync<RealtimeConnectException>(() => WebSocketTransport.ConnectAsync(options));
}
