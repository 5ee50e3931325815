using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Realtime.Protocol.Testing;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Ready is who has been warmed up.</summary>
public class WarmUpTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task OneSession_IsOpenedAndClosed_BeforeItIsReady()
    {
        var mayConnect = new TaskCompletionSource();
        var journal = new MemoryJournal();
        int connects = 0;
        await using BridgeBench bench = Build(async time =>
        {
            await mayConnect.Task;
            connects++;
            return new InMemoryTransport(time: time);
        }, journal);
        await bench.StartAsync();
        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(bench));

        mayConnect.SetResult();
        await WarmAsync(bench);

        Assert.Equal(HealthStatus.Healthy, await HealthAsync(bench));
        Assert.Equal((1, 0), (connects, bench.Gateway.Sessions.Active));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AFailure_IsToldAndTriedAgain()
    {
        int connects = 0;
        await using BridgeBench bench = Build(time => ++connects < 3
            ? throw new RealtimeConnectException(RealtimeConnectFailure.Unreachable, "Nobody there, sk-canary.")
            : Task.FromResult(new InMemoryTransport(time: time)));
        await bench.StartAsync();

        await WarmAsync(bench);

        Assert.Equal(3, connects);
        Assert.Equal(2, bench.Log.Lines.Count(static line => line.Text.Contains("could not be warmed up: No session could be opened: Unreachable.", StringComparison.Ordinal)));
        Assert.DoesNotContain(bench.Log.Lines, static line => line.Text.Contains("canary", StringComparison.Ordinal));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(bench));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task SwitchedOff_ItIsReadyAtOnce()
    {
        await using BridgeBench bench = BridgeBench.Build(more: static services => services.AddHealthChecks().AddVoiceGateway());
        await bench.StartAsync();

        Assert.Equal(HealthStatus.Healthy, await HealthAsync(bench));
    }

    private static BridgeBench Build(Func<VirtualTime, Task<InMemoryTransport>> connect, MemoryJournal? journal = null) => BridgeBench.Build(
        session: (options, time) => (options.Transport, options.Journal) = (async (_, _) => await connect(time), journal),
        gateway: static _ => { },
        more: static services => services.AddHealthChecks().AddVoiceGateway());

    private static async Task WarmAsync(BridgeBench bench)
    {
        WarmUpAtStart warmUp = bench.Services.GetRequiredService<WarmUpAtStart>();
        await bench.UntilAsync(Task.Run(
            async () =>
            {
                while (warmUp.Missing is not null)
                {
                    await Task.Delay(1, Stop);
                }
            },
            Stop), stepMs: 10);
    }

    private static async Task<HealthStatus> HealthAsync(BridgeBench bench) => (await bench.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop)).Status;
}
