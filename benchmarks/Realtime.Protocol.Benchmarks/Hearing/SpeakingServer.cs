using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Realtime.Protocol.Benchmarks.Sessions;

namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>
/// A realtime service that speaks at its own pace: Kestrel on loopback. Whoever connects and asks for a response belongs to the way that its address names, and from then on hears what the server is told to say to that way.
/// </summary>
public sealed class SpeakingServer
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Listener>> _listeners = new();
    private readonly StampedSpeech _speech;

    private SpeakingServer(int pieceBytes) => _speech = new(pieceBytes);

    /// <summary>
    /// Serves until the input ends. Its first line of output is the port. It hears <c>speak 100 2 1 ReceiveOnly OpenAISdk</c>, and says 100 pieces to each session of these ways, one after the other, every 2 ms 1 piece;
    /// when all are said, it answers.
    /// </summary>
    public static async Task ServeAsync(int pieceBytes, TextReader input, TextWriter output)
    {
        var server = new SpeakingServer(pieceBytes);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1));
        await using WebApplication application = builder.Build();
        application.UseWebSockets();
        application.Run(server.ConverseAsync);
        await application.StartAsync();
        await output.WriteLineAsync($"{new Uri(application.Urls.First()).Port}");
        await output.FlushAsync();
        while (await input.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            int[] numbers = [.. words[1..4].Select(static number => int.Parse(number, CultureInfo.InvariantCulture))];
            Listener[] listeners = [.. words[4..].SelectMany(way => server._listeners[way])];

            // A thread of its own, so that nothing of Kestrel's comes between two pieces.
            await Task.Factory.StartNew(() => Speak(listeners, numbers[0], TimeSpan.FromMilliseconds(numbers[1]), numbers[2]), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await output.WriteLineAsync("said");
            await output.FlushAsync();
        }
    }

    private static void Speak(Listener[] listeners, int pieces, TimeSpan tick, int piecesInTick)
    {
        TimeSpan due = TimeSpan.Zero;
        long start = Stopwatch.GetTimestamp();
        for (int said = 0; said < pieces * listeners.Length;)
        {
            TimeSpan ahead = due - Stopwatch.GetElapsedTime(start);
            if (ahead > TimeSpan.Zero)
            {
                Thread.Sleep((int)Math.Ceiling(ahead.TotalMilliseconds));
            }

            for (int piece = 0; piece < piecesInTick && said < pieces * listeners.Length; piece++, said++)
            {
                // Who follows whom changes, so that nobody always comes after the same neighbour.
                listeners[(said + (said / listeners.Length)) % listeners.Length].Hear();
            }

            // What is late moves what follows, so that two pieces never come at once that were to be heard apart.
            TimeSpan soonest = Stopwatch.GetElapsedTime(start) - (tick / 4);
            due = (due > soonest ? due : soonest) + tick;
        }
    }

    private async Task ConverseAsync(HttpContext context)
    {
        string way = context.Request.Path.Value!.Split('/')[1];
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        byte[] message = new byte[64 * 1024];
        try
        {
            await SayAsync(TalkMessages.Created);
            while (await socket.ReceiveAsync(message.AsMemory(), context.RequestAborted) is { MessageType: WebSocketMessageType.Text } received)
            {
                JsonNode said = JsonNode.Parse(message.AsSpan(0, received.Count))!;
                switch (said["type"]!.GetValue<string>())
                {
                    case "session.update":
                        await SayAsync(TalkMessages.Updated);
                        break;
                    case "response.create":
                        // First, so that whoever has seen the response begin is sure to hear.
                        _listeners.GetOrAdd(way, static _ => []).Enqueue(new Listener(socket, _speech.NewEvent(TalkMessages.Place(1))));
                        foreach (string json in TalkMessages.Beginning(1, said["response"]?["metadata"]))
                        {
                            await SayAsync(json);
                        }

                        break;
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
        }

        Task SayAsync(string json) => socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
    }

    private sealed class Listener(WebSocket socket, byte[] message)
    {
        private int _heard;

        public void Hear()
        {
            StampedSpeech.Stamp(message, _heard++);
            ValueTask sending = socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            if (!sending.IsCompletedSuccessfully)
            {
                sending.AsTask().GetAwaiter().GetResult();
            }
        }
    }
}
