using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Realtime.Protocol.Benchmarks.EndToEnd;

/// <summary>
/// A server that does nothing but send: Kestrel on loopback, and for each request of a client so many audio events, made
/// beforehand, as fast as the connection takes them. It serves any number of clients, one of which is busy at a time.
/// </summary>
public static class AudioServer
{
    /// <summary>Serves until the input ends; its first line of output is the port.</summary>
    public static async Task ServeAsync(TextReader input, TextWriter output)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1));
        await using WebApplication application = builder.Build();
        application.UseWebSockets();
        application.Run(AnswerAsync);
        await application.StartAsync();
        await output.WriteLineAsync($"{new Uri(application.Urls.First()).Port}");
        await output.FlushAsync();
        await input.ReadToEndAsync();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        byte[][] messages = [.. EndToEndMessages.All.Select(static message => message.ToArray())];
        byte[] request = new byte[4_096];
        try
        {
            while (await socket.ReceiveAsync(request.AsMemory(), context.RequestAborted) is { MessageType: WebSocketMessageType.Text } received)
            {
                int count = JsonDocument.Parse(request.AsMemory(0, received.Count)).RootElement.GetProperty("count").GetInt32();
                for (int index = 0; index < count; index++)
                {
                    await socket.SendAsync(messages[index % messages.Length].AsMemory(), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
        }
    }
}
