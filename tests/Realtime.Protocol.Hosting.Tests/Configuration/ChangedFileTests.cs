using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Hosting.Tests.Configuration;

/// <summary>A settings file that changes while the service runs, watched as the platform watches it: new calls are as it says now, those that run stay as they are, and names of their own change by their own.</summary>
public sealed class ChangedFileTests : IAsyncLifetime
{
    private const int HangsAfterMs = 120_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("voice-settings-");
    private RealtimeSimulatorHost _simulator = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await RealtimeSimulatorHost.StartAsync(new(), Stop);

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task NewCalls_AreAsTheFileSaysNow_AndThoseThatRunStayAsTheyAre()
    {
        Write("marin", "ash");
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders();
        builder.Services.AddVoiceSessions(builder.Configuration.GetSection("Day"));
        builder.Services.AddVoiceSessions("night", builder.Configuration.GetSection("Night"));
        using IHost host = builder.Build();
        await host.StartAsync(Stop);
        VoiceSessionFactory calls = host.Services.GetRequiredService<VoiceSessionFactory>();
        await using VoiceSession running = await calls.ConnectAsync(cancellationToken: Stop);
        await using VoiceSession runningAtNight = await calls.ConnectAsync("night", cancellationToken: Stop);

        // Told when the platform has read the file anew.
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable? watching = host.Services.GetRequiredService<IOptionsMonitor<VoiceSessionOptions>>().OnChange((options, name) =>
        {
            if (name == Options.DefaultName && options.Session.Voice == "cedar")
            {
                changed.TrySetResult();
            }
        });
        Write("cedar", "ash");
        await changed.Task.WaitAsync(Stop);

        await using VoiceSession next = await calls.ConnectAsync(cancellationToken: Stop);
        await using VoiceSession nextAtNight = await calls.ConnectAsync("night", cancellationToken: Stop);
        Assert.Equal(["marin", "ash", "cedar", "ash"], new[] { running, runningAtNight, next, nextAtNight }.Select(static call => call.Configuration.Voice?.Name));
        await host.StopAsync(Stop);
    }

    private void Write(string day, string night) => File.WriteAllText(Path.Combine(_folder.FullName, "appsettings.json"), $$"""
        {
          "Day": { "Endpoint": "{{_simulator.Endpoint}}", "Session": { "Voice": "{{day}}" } },
          "Night": { "Endpoint": "{{_simulator.Endpoint}}", "Session": { "Voice": "{{night}}" } }
        }
        """);
}
