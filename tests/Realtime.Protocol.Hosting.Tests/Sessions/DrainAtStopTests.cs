using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Hosting.Tests.Sessions;

/// <summary>A host that stops: no new calls, those that are open end, within its timeout, and what would not end is broken off.</summary>
public class DrainAtStopTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task Stop_EndsEverySession_AndSaysHowMany()
    {
        await using TestHost host = await TestHost.StartAsync();
        VoiceSession[] sessions = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => host.Calls.ConnectAsync(cancellationToken: Stop)));

        await host.StopAsync();

        Assert.All(sessions, static session => Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason!.Kind));
        Assert.Equal(0, host.Calls.Active);
        Assert.Contains(host.Log.Lines, static line => line.Text.StartsWith("The host stops: 3 voice sessions drain, for at most 25 s.", StringComparison.Ordinal));
        Assert.Contains(host.Log.Lines, static line => line.Text.StartsWith("All 3 voice sessions have ended.", StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Stop_WithNothingOpen_SaysNothing_AndRefusesWhatComes()
    {
        await using TestHost host = await TestHost.StartAsync();

        await host.StopAsync();

        Assert.DoesNotContain(host.Log.Lines, static line => line.Text.Contains("drain", StringComparison.Ordinal));
        RealtimeConnectException refused = await Assert.ThrowsAsync<RealtimeConnectException>(() => host.Calls.ConnectAsync(cancellationToken: Stop));
        Assert.Equal((RealtimeConnectFailure.HostStopping, false), (refused.Failure, refused.IsTransient));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ASessionThatIsBeingConnected_IsRefusedWhenTheHostStops()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestHost host = await TestHost.StartAsync(configure: (o, _) => o.Transport = async (_, cancelled) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, cancelled);
            return null!;
        });
        Task<VoiceSession> connecting = host.Calls.ConnectAsync(cancellationToken: Stop);
        await asked.Task;

        await host.StopAsync();

        Assert.Equal(RealtimeConnectFailure.HostStopping, (await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting)).Failure);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ASessionThatWouldNotEnd_IsBrokenOff_BeforeTheHostsTimeIsUp()
    {
        StubbornTransport? stubborn = null;
        await using TestHost host = await TestHost.StartAsync(
            more: static (services, _) => services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1.5)),
            configure: (o, time) => o.Transport = (_, _) => new(stubborn = new StubbornTransport(new InMemoryTransport(time: time))));
        VoiceSession session = await host.Calls.ConnectAsync(cancellationToken: Stop);
        await using VoiceSession good = await host.Calls.ConnectAsync(static o => TestHost.InMemory(o, (VirtualTime)o.TimeProvider), Stop);
        IHostedLifecycleService drain = host.Services.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single(static service => service is DrainAtStop);

        Task stopping = drain.StoppingAsync(Stop);
        await stubborn!.Closing;
        await good.Ended;
        Assert.False(stopping.IsCompleted);
        host.Time.Advance(TimeSpan.FromSeconds(1.2)); // four fifths of the host's
        await stopping;

        Assert.True(session.Ended.IsCompleted);
        Assert.Contains(host.Log.Lines, static line => line.Level is LogLevel.Warning && line.Text.StartsWith("1 of 2 voice sessions had not ended in time and were broken off.", StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AHostThatIsInAHurry_BreaksOffAtOnce()
    {
        StubbornTransport? stubborn = null;
        await using TestHost host = await TestHost.StartAsync(configure: (o, time) => o.Transport = (_, _) => new(stubborn = new StubbornTransport(new InMemoryTransport(time: time))));
        VoiceSession session = await host.Calls.ConnectAsync(cancellationToken: Stop);
        DrainAtStop drain = host.Services.GetServices<IHostedService>().OfType<DrainAtStop>().Single();
        using var hurry = new CancellationTokenSource();

        Task stopping = drain.StoppingAsync(hurry.Token);
        await stubborn!.Closing;
        await hurry.CancelAsync();
        await stopping;

        await session.Ended;
    }

    [Theory]
    [InlineData(30, 25)]
    [InlineData(300, 295)]
    [InlineData(10, 8)]
    [InlineData(0, 0)]
    public void AFifthOfTheTime_AtMostFiveSeconds_IsLeftForOthers(double shutdown, double allowed) =>
        Assert.Equal(TimeSpan.FromSeconds(allowed), DrainAtStop.Allowed(TimeSpan.FromSeconds(shutdown)));

    [Fact]
    public void AHostThatWaitsForEver_LetsDrainingTakeAsLong() => Assert.Equal(Timeout.InfiniteTimeSpan, DrainAtStop.Allowed(Timeout.InfiniteTimeSpan));
}
