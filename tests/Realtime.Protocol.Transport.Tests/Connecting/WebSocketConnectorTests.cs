using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Realtime.Protocol.Transport.Tests.Connecting;

/// <summary>Connecting over real loopback sockets: what the server sees, and what each kind of failure is called.</summary>
public sealed class WebSocketConnectorTests
{
    private const string Canary = "sk-canary-7f3a";

    [Fact]
    public async Task AConnection_CarriesMessagesBothWays()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (_, socket) =>
        {
            byte[] buffer = new byte[100];
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, default);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, endOfMessage: true, default);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "done", default);
        });

        await using WebSocketTransport transport = await WebSocketTransport.ConnectAsync(new() { Endpoint = server.Address });
        await transport.SendAsync("echo"u8.ToArray());

        Assert.Equal("realtime", transport.SubProtocol);
        Assert.Equal("echo", Encoding.UTF8.GetString((await transport.ReceiveAsync()).Body.Span));
        Assert.Equal(new RealtimeCloseReason(RealtimeCloseKind.ByPeer, 1000, "done"), (await transport.ReceiveAsync()).End);
    }

    [Theory]
    [InlineData(CredentialHeader.AuthorizationBearer, "Authorization", "Bearer " + Canary)]
    [InlineData(CredentialHeader.ApiKey, "api-key", Canary)]
    public async Task TheRequest_CarriesTheCredentialInItsHeader_AndTheModelAndFurtherHeaders(CredentialHeader kind, string header, string expected)
    {
        var seen = new TaskCompletionSource<(string?, string?, string?)>();
        await using LoopbackServer server = await LoopbackServer.StartAsync((context, _) =>
        {
            seen.SetResult((context.Request.Headers[header], context.Request.Headers["X-Own"], context.Request.Query["model"]));
            return Task.CompletedTask;
        });

        await using WebSocketTransport transport = await WebSocketTransport.ConnectAsync(new()
        {
            Endpoint = server.Address,
            Model = "m",
            Credential = Canary,
            CredentialHeader = kind,
            Headers = { ["X-Own"] = "1" },
        });

        Assert.Equal((expected, "1", "m"), await seen.Task);
    }

    [Theory]
    [InlineData(401, RealtimeConnectFailure.Unauthorized, "HTTP 401")]
    [InlineData(403, RealtimeConnectFailure.Forbidden, "HTTP 403")]
    [InlineData(404, RealtimeConnectFailure.NotFound, "HTTP 404")]
    [InlineData(407, RealtimeConnectFailure.ProxyRefused, "proxy")]
    [InlineData(429, RealtimeConnectFailure.TooManyRequests, "HTTP 429")]
    [InlineData(503, RealtimeConnectFailure.ServerError, "HTTP 503")]
    [InlineData(200, RealtimeConnectFailure.NotAWebSocket, "HTTP 200")]
    public async Task AnAnswerThatIsNoWebSocket_IsNamed_WithoutTheKey(int status, RealtimeConnectFailure expected, string inMessage)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync($"the key was {Canary}");
        });

        RealtimeConnectException failure = await FailAsync(new() { Endpoint = server.Address, Credential = Canary });

        Assert.Equal((expected, (HttpStatusCode?)status), (failure.Failure, failure.HttpStatus));
        Assert.Contains(inMessage, failure.Message);
        Assert.DoesNotContain(Canary, failure.ToString());
    }

    [Fact]
    public async Task ARedirect_IsNotFollowed_SoTheKeyStaysHere()
    {
        int elsewhere = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            if (context.Request.Path == "/elsewhere")
            {
                Interlocked.Increment(ref elsewhere);
            }

            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });

        RealtimeConnectException failure = await FailAsync(new() { Endpoint = server.Address, Credential = Canary, CredentialHeader = CredentialHeader.ApiKey });

        Assert.Equal(RealtimeConnectFailure.Redirected, failure.Failure);
        Assert.Equal(0, elsewhere);
    }

    [Fact]
    public async Task APortWhereNobodyListens_IsRefused()
    {
        RealtimeConnectException failure = await FailAsync(new() { Endpoint = new($"ws://127.0.0.1:{FreePort()}/v1/realtime?token={Canary}") });

        Assert.Equal(RealtimeConnectFailure.Refused, failure.Failure);
        Assert.Contains("Nobody listens", failure.Message);
        Assert.DoesNotContain(Canary, failure.Message);
    }

    [Fact]
    public async Task AServerWithoutTls_IsATlsFailure()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);

        RealtimeConnectException failure = await FailAsync(new() { Endpoint = new(server.Address.AbsoluteUri.Replace("ws:", "wss:", StringComparison.Ordinal)) });

        Assert.Equal(RealtimeConnectFailure.Tls, failure.Failure);
    }

    [Fact]
    public async Task AServerThatSpeaksSomethingElse_IsNotAWebSocket()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("220 smtp.example.org ESMTP\r\n\r\n"u8.ToArray());
        });

        RealtimeConnectException failure = await FailAsync(new() { Endpoint = new($"ws://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/") });
        await serving;

        Assert.Equal(RealtimeConnectFailure.NotAWebSocket, failure.Failure);
    }

    [Fact]
    public async Task ASilentServer_IsATimeout_ByTheClockOfTheOptions()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using LoopbackServer server = await LoopbackServer.StartAsync(_ =>
        {
            asked.SetResult();
            return release.Task;
        });

        Task<RealtimeConnectException> failing = FailAsync(new() { Endpoint = server.Address, ConnectTimeout = TimeSpan.FromSeconds(7), TimeProvider = time });
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(7));
        RealtimeConnectException failure = await failing;
        release.SetResult();

        Assert.Equal(RealtimeConnectFailure.Timeout, failure.Failure);
        Assert.Contains("7 s", failure.Message);
    }

    [Fact]
    public async Task Cancelling_IsACancellation_AndNotAFailure()
    {
        using var cancellation = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using LoopbackServer server = await LoopbackServer.StartAsync(_ =>
        {
            asked.SetResult();
            return release.Task;
        });

        Task connecting = WebSocketTransport.ConnectAsync(new() { Endpoint = server.Address }, cancellation.Token);
        await asked.Task;
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        release.SetResult();
    }

    [Fact]
    public async Task ACredentialCallbackThatFails_SendsNothing()
    {
        RealtimeConnectException failure = await FailAsync(new()
        {
            Endpoint = new("ws://127.0.0.1:1/"),
            Credential = new RealtimeCredential(_ => throw new InvalidOperationException("vault closed")),
        });

        Assert.Equal(RealtimeConnectFailure.CredentialFailed, failure.Failure);
        Assert.Equal("vault closed", failure.InnerException?.Message);
    }

    [Fact]
    public async Task ACredentialCallbackThatNeverReturns_IsATimeout_ThatNamesIt()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource();
        var never = new TaskCompletionSource<string>();
        Task<RealtimeConnectException> failing = FailAsync(new()
        {
            Endpoint = new("ws://127.0.0.1:1/"),
            ConnectTimeout = TimeSpan.FromSeconds(7),
            TimeProvider = time,
            Credential = new RealtimeCredential(_ =>
            {
                asked.SetResult();
                return new(never.Task);
            }),
        });
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(7));
        RealtimeConnectException failure = await failing.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((RealtimeConnectFailure.Timeout, true), (failure.Failure, failure.IsTransient));
        Assert.Contains("The credential callback did not answer within 7 s", failure.Message);
    }

    [Fact]
    public async Task AGoodbyeThatQuotesTheKey_IsReadWithoutIt()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(static (_, socket) => socket.CloseOutputAsync((WebSocketCloseStatus)4001, $"invalid key {Canary}", default));

        await using WebSocketTransport transport = await WebSocketTransport.ConnectAsync(new() { Endpoint = server.Address, Credential = Canary });

        Assert.Equal(new RealtimeCloseReason(RealtimeCloseKind.ByPeer, 4001, "invalid key …"), (await transport.ReceiveAsync()).End);
    }

    [Theory]
    [InlineData("X-Own", "canary\r\nX-More: 1", "The header X-Own holds a line break at position 6")]
    [InlineData("X-Own", "canäry", "The header X-Own holds a character outside printable ASCII at position 3")]
    [InlineData("X Own", "canary", "\"X Own\" is no name of a header")]
    [InlineData("", "canary", "\"\" is no name of a header")]
    public async Task AHeaderThatARequestCannotCarry_IsNamed_WithoutItsValue(string name, string value, string reason)
    {
        ArgumentException refusal = await Assert.ThrowsAsync<ArgumentException>(
            () => WebSocketTransport.ConnectAsync(new() { Endpoint = new("ws://127.0.0.1:1/"), Headers = { [name] = value } }));

        Assert.Equal("options.Headers", refusal.ParamName);
        Assert.StartsWith(reason, refusal.Message);
        Assert.DoesNotContain("canary", refusal.Message);
    }

    [Fact]
    public async Task AHookForProxyAndCertificates_StillWorks_ThoughTheHandlerIsOurs()
    {
        string? throughProxy = null;
        await using LoopbackServer proxy = await LoopbackServer.StartAsync(context =>
        {
            throughProxy = $"{context.Request.Method} {context.Request.Host}";
            context.Response.StatusCode = 502;
            return Task.CompletedTask;
        });

        await FailAsync(new()
        {
            Endpoint = new("ws://somewhere.invalid/v1/realtime"),
            ConfigureWebSocket = socket =>
            {
                socket.Proxy = new WebProxy($"http://127.0.0.1:{proxy.Address.Port}");
                socket.RemoteCertificateValidationCallback = (_, _, _, _) => true;
                socket.Cookies = new CookieContainer();
                socket.Credentials = new NetworkCredential("user", "password");
            },
        });

        Assert.Equal("CONNECT somewhere.invalid:80", throughProxy);
    }

    private static Task<RealtimeConnectException> FailAsync(RealtimeConnectionOptions options) =>
        Assert.ThrowsAsync<RealtimeConnectException>(() => WebSocketTransport.ConnectAsync(options));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
