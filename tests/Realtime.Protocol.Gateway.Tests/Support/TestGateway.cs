using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Hosting;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>A gateway on loopback whose sessions meet simulators in memory.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestGateway(WebApplication app, LogLines log, ConcurrentQueue<InMemoryTransport> models) => (_app, Log, Models) = (app, log, models);

    public LogLines Log { get; }

    /// <summary>The server's side of each session, in the order of their connects.</summary>
    public ConcurrentQueue<InMemoryTransport> Models { get; }

    public IServiceProvider Services => _app.Services;

    public VoiceSessionFactory Sessions => Services.GetRequiredService<VoiceSessionFactory>();

    public Uri Http => new(_app.Urls.Single());

    public Uri Address(string path) => new($"ws://127.0.0.1:{Http.Port}{path}");

    public static async Task<TestGateway> StartAsync(Action<WebApplication> map, SimulatorOptions? model = null, Action<VoiceSessionOptions>? session = null, Action<IServiceCollection>? more = null, Action<VoiceGatewayOptions>? gateway = null)
    {
        var log = new LogLines();
        var models = new ConcurrentQueue<InMemoryTransport>();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Voice:Session:Voice", "marin")]);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(log));
        builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Voice")).Configure(options =>
        {
            options.Transport = (_, _) =>
            {
                var transport = new InMemoryTransport(model ?? new() { Pace = ResponsePace.Immediate });
                models.Enqueue(transport);
                return new(transport);
            };
            session?.Invoke(options);
        });
        builder.Services.AddVoiceGateway(options =>
        {
            options.WarmUp = false;
            gateway?.Invoke(options);
        });
        more?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, log, models);
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>The one line that says how a call ended.</summary>
    public async Task<string> EndLineAsync(string callId = "")
    {
        while (true)
        {
            if (Log.Lines.FirstOrDefault(line => line.Text.StartsWith($"The call {callId}", StringComparison.Ordinal) && line.Text.Contains(" ended after ", StringComparison.Ordinal)) is { Text: { } text })
            {
                return text;
            }

            await Log.ChangedAsync();
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
