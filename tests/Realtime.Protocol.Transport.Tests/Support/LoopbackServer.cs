using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>A web server on a free loopback port that hands each request to the test.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private LoopbackServer(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.First().Replace("http:", "ws:", StringComparison.Ordinal) + "/v1/realtime");

    public static async Task<LoopbackServer> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication application = builder.Build();
        application.UseWebSockets();
        application.Run(answer);
        await application.StartAsync();
        return new(application);
    }

    /// <summary>A server that accepts every WebSocket and runs <paramref name="talk"/> on it.</summary>
    public static Task<LoopbackServer> StartAsync(Func<HttpContext, WebSocket, Task> talk) => StartAsync(async context =>
    {
        string? subProtocol = context.WebSockets.WebSocketRequestedProtocols.Contains("realtime") ? "realtime" : null;
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(subProtocol);
        await talk(context, socket);
    });

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
