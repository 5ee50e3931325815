using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Calls without a web server, on a clock that the test turns.</summary>
internal sealed class BridgeBench : IAsyncDisposable
{
    private readonly IHost _host;

    private BridgeBench(IHost host, VirtualTime time, LogLines log) => (_host, Time, Log) = (host, time, log);

    public VirtualTime Time { get; }

    public LogLines Log { get; }

    public IServiceProvider Services => _host.Services;

    public GatewayServices Gateway => Services.GetRequiredService<GatewayServices>();

    public static BridgeBench Build(SimulatorOptions? model = null, Action<VoiceSessionOptions, VirtualTime>? session = null, Action<VoiceGatewayOptions>? gateway = null, Action<IServiceCollection>? more = null)
    {
        var time = new VirtualTime();
        var log = new LogLines();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("Voice:Session:Voice", "marin")]);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(log));
        builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Voice")).Configure(options =>
        {
            options.Transport = (_, _) => new(new InMemoryTransport(model ?? new(), time));
            session?.Invoke(options, time);
        });
        builder.Services.AddVoiceGateway(gateway ?? (static options => options.WarmUp = false));
        more?.Invoke(builder.Services);
        return new(builder.Build(), time, log);
    }

    public Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public CallBridge Web(ScriptedWire wire, Action<VoiceCallsOptions>? configure = null, string id = "7")
    {
        var options = new VoiceCallsOptions { RequireTicket = false, Captions = false };
        configure?.Invoke(options);
        return new(options, Gateway, new WebCallProtocol(new(id, null, VoiceCall.NoParameters), options), wire, address: null);
    }

    /// <summary>A call in which this was written and answered.</summary>
    /// <returns>The call, which goes on.</returns>
    public async Task<Task<CallEnd>> SaidAsync(ScriptedWire wire, string words)
    {
        var said = new TaskCompletionSource();
        Task<CallEnd> call = Web(wire, options => options.OnAnswered = async (call, _) =>
        {
            await call.Session.SendMessage(words, new() { Modality = OutputModality.Text }).Completion;
            said.SetResult();
        }).RunAsync();
        await said.Task;
        return call;
    }

    /// <summary>Turns the clock, in steps in which everything gets its chance, until it is done, or for ten minutes of it.</summary>
    public async Task<T> UntilAsync<T>(Task<T> done, int stepMs = 20)
    {
        await UntilAsync((Task)done, stepMs);
        return await done;
    }

    public async Task UntilAsync(Task done, int stepMs = 20)
    {
        TimeSpan began = Time.Elapsed;
        while (!done.IsCompleted && Time.Elapsed - began < TimeSpan.FromMinutes(10))
        {
            Time.Advance(TimeSpan.FromMilliseconds(stepMs));
            await Task.WhenAny(done, Task.Delay(1));
        }

        Assert.True(done.IsCompleted, "Ten minutes went by, and it was not done.");
        await done;
    }

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
