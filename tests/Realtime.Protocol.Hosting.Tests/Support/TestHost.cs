using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Hosting.Tests;

/// <summary>A host without a web server, on virtual time, whose sessions meet a simulator in memory.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;

    private TestHost(IHost host, IConfigurationRoot configuration, VirtualTime time, LogLines log) => (_host, Configuration, Time, Log) = (host, configuration, time, log);

    public IConfigurationRoot Configuration { get; }

    public VirtualTime Time { get; }

    public LogLines Log { get; }

    public IServiceProvider Services => _host.Services;

    public VoiceSessionFactory Calls => Services.GetRequiredService<VoiceSessionFactory>();

    /// <param name="voice">The section <c>Voice</c>, as JSON.</param>
    /// <param name="more">Of the services, after the sessions without a name were added.</param>
    /// <param name="configure">Of every session; null for a simulator in memory.</param>
    public static TestHost Build(string voice = """{ "Session": { "Voice": "marin" } }""", Action<IServiceCollection, IConfigurationRoot>? more = null, Action<VoiceSessionOptions, VirtualTime>? configure = null)
    {
        var time = new VirtualTime();
        var log = new LogLines();
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(Read.Root(voice).AsEnumerable().Where(static pair => pair.Value is not null)).Build();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        OptionsBuilder<VoiceSessionOptions> sessions = builder.Services.AddVoiceSessions(configuration.GetSection("Voice"));
        sessions.Configure(options => (configure ?? InMemory)(options, time));
        more?.Invoke(builder.Services, configuration);
        return new(builder.Build(), configuration, time, log);
    }

    public static void InMemory(VoiceSessionOptions options, VirtualTime time) => options.Transport = (_, _) => new(new InMemoryTransport(new SimulatorOptions(), time));

    public static async Task<TestHost> StartAsync(string voice = """{ "Session": { "Voice": "marin" } }""", Action<IServiceCollection, IConfigurationRoot>? more = null, Action<VoiceSessionOptions, VirtualTime>? configure = null)
    {
        TestHost host = Build(voice, more, configure);
        await host.StartAsync();
        return host;
    }

    public Task StartAsync() => _host.StartAsync();

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Turns the clock until it is done, or for ten minutes of it.</summary>
    public async Task UntilAsync(Task done)
    {
        TimeSpan began = Time.Elapsed;
        while (!done.IsCompleted && Time.Elapsed - began < TimeSpan.FromMinutes(10))
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(done, Task.Delay(1));
        }

        Assert.True(done.IsCompleted, "Ten minutes went by, and it was not done.");
        await done;
    }

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
