using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Realtime.Protocol.Gateway;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.OutlivingTalk;

/// <summary>A gateway with its page and a model of its own, whose calls are in a journal of files. It says of each turn what came of it, and what was heard of it.</summary>
public static class CallableGateway
{
    /// <summary>Takes calls until it is killed.</summary>
    /// <param name="folder">Of the journal.</param>
    /// <param name="key">Of the tickets, in hexadecimal digits.</param>
    /// <param name="other">The gateway that goes on with its calls.</param>
    public static async Task RunAsync(string folder, string key, Uri other)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Voice:Session:Voice", "marin")]);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging();
        builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Voice")).Configure(options => Configure(options, folder, "A"));
        builder.Services.AddVoiceGateway(options => options.TicketKey = Convert.FromHexString(key));
        await using WebApplication app = builder.Build();
        app.MapPost("/ticket/{id}", static context => context.Response.WriteAsync(context.RequestServices.GetRequiredService<CallTickets>().Create((string)context.Request.RouteValues["id"]!)));
        app.MapVoiceCalls("/call/{id}", static options => options.OnAnswered = TellAsync);
        app.MapVoicePage("/", options =>
        {
            options.Title = "The bicycle shop";
            options.TicketPath = "/ticket/";
            options.Gateways.Add(other);
        });
        await app.StartAsync();
        Console.WriteLine($"listening on {app.Urls.Single()}");
        await app.WaitForShutdownAsync();
    }

    /// <summary>Sessions of a shop: the server takes the turns, and both sides have captions.</summary>
    /// <param name="options">To be set.</param>
    /// <param name="folder">Of the journal.</param>
    /// <param name="name">Of the gateway, which the model knows.</param>
    public static void Configure(VoiceSessionOptions options, string folder, string name)
    {
        options.Journal = new FileJournal(folder);
        options.Session = options.Session with { TurnTaking = new TurnTaking.ServerVad { Silence = TimeSpan.FromMilliseconds(300) }, Transcription = "gpt-4o-transcribe" };
        options.Transport = (_, _) => new(new InMemoryTransport(new SimulatorOptions
        {
            Speaker = new Shop(name),
            Transcripts = name == "A"
                ? [new("Do you have the touring bicycle in blue?"), new("And when could I have it?"), new("Just the bicycle, please."), new("Can you send it?")]
                : [new("Sorry, you were gone."), new("Then send it, please."), new("Thank you.")],
        }));
    }

    // A turn was heard as far as it is known when the next one ends: what was played of it came in before the speech that the next one answers.
    private static async Task TellAsync(VoiceCall call, CancellationToken stop)
    {
        List<Turn> turns = [];
        await foreach (Turn turn in call.Session.ReadServerTurnsAsync(stop))
        {
            turns.Add(turn);
            await turn.Completion.WaitAsync(stop);
            foreach (Turn told in turns)
            {
                TurnResult result = await told.Completion;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"turn {told.Number}: {result.Outcome.GetType().Name}, {told.Heard.Bytes} of {result.AudioBytes} heard, {told.Heard.Basis}"));
            }
        }
    }

    /// <summary>Says something short, then something long, and so on.</summary>
    private sealed class Shop(string name) : ISimulatedModel
    {
        private int _answers;

        public ModelAnswer Answer(ModelRequest request) => Interlocked.Increment(ref _answers) % 2 == 1
            ? new(new ModelOutput.Speech(Tone(700), name == "A" ? "Yes, seven are left." : "I am back. On Friday, then."))
            : new(new ModelOutput.Speech(Tone(12_000), "We have to fit the lights and the rack first, and then the brakes are set, and whoever does that is here on Mondays and on Thursdays, so"));

        // Softly, so that nobody takes it for the caller.
        private static byte[] Tone(int milliseconds)
        {
            byte[] sound = new byte[milliseconds * 48];
            for (int i = 0; i < sound.Length; i += 2)
            {
                BitConverter.TryWriteBytes(sound.AsSpan(i), (short)(3_000 * Math.Sin(2 * Math.PI * 330 * (i / 2) / 24_000) * Math.Sin(Math.PI * i / sound.Length)));
            }

            return sound;
        }
    }
}
