using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Realtime.Protocol.Hosting.Tests.Health;

/// <summary>What a host is told of its voice sessions: a status for each state, numbers along with it, and no content.</summary>
public class VoiceSessionHealthTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", false, 0, HealthStatus.Healthy)]
    [InlineData("1 1 1", false, 0, HealthStatus.Healthy)]
    [InlineData("x x x 1", false, 0, HealthStatus.Healthy)]
    [InlineData("1 x", false, 0, HealthStatus.Degraded)]
    [InlineData("1 x x", false, 0, HealthStatus.Degraded)]
    [InlineData("1 x x x", false, 0, HealthStatus.Unhealthy)]
    [InlineData("x x x", false, 0, HealthStatus.Unhealthy)]
    [InlineData("1 1 4 4", false, 0, HealthStatus.Degraded)]
    [InlineData("1 1 1 9", false, 0, HealthStatus.Healthy)]
    [InlineData("1", false, 1, HealthStatus.Degraded)]
    [InlineData("1", true, 0, HealthStatus.Unhealthy)]
    public void TheTable(string connects, bool isDraining, int refusedReloads, HealthStatus expected)
    {
        ConnectOutcome[] outcomes = [.. connects.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static took =>
            took == "x" ? new ConnectOutcome(0, TimeSpan.Zero, RealtimeConnectFailure.Refused) : new ConnectOutcome(0, TimeSpan.FromSeconds(int.Parse(took, System.Globalization.CultureInfo.InvariantCulture)), null))];

        Assert.Equal(expected, new VoiceSessionHealth(active: 1, isDraining, outcomes, refusedReloads).Status);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AHost_IsHealthy_ThenFails_ThenForgets_ThenDrains()
    {
        bool fails = false;
        await using TestHost host = await TestHost.StartAsync(
            """{ "Credential": "sk-canary-1", "Model": "canary-model" }""",
            static (services, _) => services.AddHealthChecks().AddVoiceSessions(tags: ["ready"]),
            (o, time) => o.Transport = (_, _) => fails ? throw new RealtimeConnectException(RealtimeConnectFailure.Unauthorized, "canary") : new(new Testing.InMemoryTransport(time: time)));

        HealthReportEntry healthy = await CheckAsync(host);
        await using VoiceSession session = await host.Calls.ConnectAsync(cancellationToken: Stop);
        HealthReportEntry busy = await CheckAsync(host);
        fails = true;
        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<RealtimeConnectException>(() => host.Calls.ConnectAsync(cancellationToken: Stop));
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Calls.ConnectAsync(cancellationToken: new(canceled: true)));
        HealthReportEntry failing = await CheckAsync(host);
        host.Time.Advance(TimeSpan.FromSeconds(61));
        HealthReportEntry later = await CheckAsync(host);
        host.Configuration["Voice:Modell"] = "x";
        host.Configuration.Reload();
        HealthReportEntry misconfigured = await CheckAsync(host);
        await host.StopAsync();
        HealthReportEntry draining = await CheckAsync(host);

        Assert.Equal(
            [HealthStatus.Healthy, HealthStatus.Healthy, HealthStatus.Unhealthy, HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Unhealthy],
            new[] { healthy, busy, failing, later, misconfigured, draining }.Select(static entry => entry.Status));
        Assert.Equal((1, 1, 0L), (busy.Data["active"], busy.Data["connects"], busy.Data["medianConnectMs"]));
        Assert.Equal((4, 3, "Unauthorized"), (failing.Data["connects"], failing.Data["failedInARow"], failing.Data["lastFailure"]));
        Assert.Equal((true, "The host stops: no new voice sessions."), (draining.Data["draining"], draining.Description));
        Assert.Equal(["ready"], healthy.Tags);
        Assert.All([healthy, busy, failing, misconfigured, draining], static entry => Assert.DoesNotContain("canary", $"{entry.Description} {string.Join(' ', entry.Data)} {entry.Exception}", StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task TheStatusOfAFailure_IsTheHostsToSay()
    {
        await using TestHost host = await TestHost.StartAsync(more: static (services, _) => services.AddHealthChecks().AddVoiceSessions("calls", HealthStatus.Degraded));

        await host.StopAsync();

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(host)).Status);
    }

    private static async Task<HealthReportEntry> CheckAsync(TestHost host) =>
        Assert.Single((await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop)).Entries).Value;
}
