using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Gateway;

namespace Realtime.Protocol.Benchmarks.Gateway;

/// <summary>
/// A gateway as an application has it, in a process of its own: tickets, calls in the protocol of CALLS.md with captions, sessions that find the turns and write down what was said, and the journal of <see cref="CallStore"/>. Its first line is its
/// address, when it is ready. It hears <c>held</c>, and answers with the bytes of its heap after a collection, those that the system counts for it, and the milliseconds of processor time until then; <c>processor</c>, and answers with the last of
/// them; or <c>stop</c>, and answers when all its calls have moved and the host has stopped.
/// </summary>
internal static class GatewayServer
{
    private const string KeyVariable = "REALTIME_BENCHMARK_TICKET_KEY";

    /// <summary>What gateways that take each other's calls share, beside their store.</summary>
    public static KeyValuePair<string, string> TicketKey(byte[] key) => new(KeyVariable, Convert.ToHexString(key));

    public static async Task ServeAsync(Uri model, TextReader input, TextWriter output)
    {
        ISessionJournal? journal = await CallStore.JournalOfThisProcessAsync();
        await using WebApplication app = Build(model, journal);
        await app.StartAsync();
        var health = app.Services.GetRequiredService<HealthCheckService>();
        while ((await health.CheckHealthAsync()).Status != HealthStatus.Healthy)
        {
            await Task.Delay(20); // nothing tells of it
        }

        await AnswerAsync(output, app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        while (await input.ReadLineAsync() is { } line)
        {
            double processor = Environment.CpuUsage.TotalTime.TotalMilliseconds;
            switch (line)
            {
                case "held":
                    await AnswerAsync(output, $"{GC.GetTotalMemory(forceFullCollection: true)} {Environment.WorkingSet} {processor}");
                    break;
                case "stop":
                    await app.StopAsync();
                    await AnswerAsync(output, "0");
                    break;
                default:
                    await AnswerAsync(output, $"{processor}");
                    break;
            }
        }

        await app.StopAsync();
    }

    private static WebApplication Build(Uri model, ISessionJournal? journal)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Voice:Session:Voice"] = "marin";
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Voice")).Configure(options =>
        {
            options.Endpoint = model;
            options.Journal = journal;
            options.Session = options.Session with { Transcription = "gpt-4o-transcribe", TurnTaking = new TurnTaking.ServerVad { Silence = TimeSpan.FromMilliseconds(200), PrefixPadding = TimeSpan.Zero } };
        });
        builder.Services.AddVoiceGateway(static options => options.TicketKey = Convert.FromHexString(Environment.GetEnvironmentVariable(KeyVariable)!));
        builder.Services.AddHealthChecks().AddVoiceSessions().AddVoiceGateway();
        WebApplication app = builder.Build();
        app.MapPost("/ticket/{id}", static (HttpContext context) =>
            context.Response.WriteAsync(context.RequestServices.GetRequiredService<CallTickets>().Create((string)context.GetRouteValue("id")!)));
        app.MapVoiceCalls("/call/{id}", static options => (options.MaxCalls, options.MaxCallsPerAddress) = (10_000, 10_000));
        return app;
    }

    private static async Task AnswerAsync(TextWriter output, FormattableString answer) => await AnswerAsync(output, answer.ToString(CultureInfo.InvariantCulture));

    private static async Task AnswerAsync(TextWriter output, string answer)
    {
        await output.WriteLineAsync(answer);
        await output.FlushAsync();
    }
}
