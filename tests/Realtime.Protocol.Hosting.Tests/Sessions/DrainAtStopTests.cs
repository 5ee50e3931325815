using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Testing;

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

        Assert.All(sessions, static session => Assert.Equal(RealtimeCloseKind.Drained, session.CloseReason!.Kind));
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
    public async Task ATurnThatRuns_IsHeardOut_AndNoneBegins()
    {
        await using TestHost host = await TestHost.StartAsync("""{ "Session": { "Modality": "text", "TurnTaking": "manual" } }""");
        VoiceSession session = await host.Calls.ConnectAsync(cancellationToken: Stop);
        Turn turn = session.SendMessage("Tell me a story, please, a long one with many words.");

        Task stopping = host.StopAsync();
        await WaitForAsync(session, VoiceSessionState.Draining);
        RealtimeRefusedException refused = Assert.Throws<RealtimeRefusedException>(() => session.SendMessage("And another."));
        await host.UntilAsync(stopping);

        Assert.Equal("SE-11", refused.Rule);
        Assert.IsType<TurnOutcome.Completed>((await turn.Completion).Outcome);
        Assert.Equal(RealtimeCloseKind.Drained, session.CloseReason!.Kind);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ATurnThatTakesTooLong_IsInterrupted_BeforeTheHostsTimeIsUp()
    {
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceTool slow = VoiceTool.Create("slow", "Takes for ever.", """{"type":"object"}""", async (_, cancelled) =>
        {
            called.SetResult();
            await Task.Delay(Timeout.Infinite, cancelled);
            return new("never");
        });
        await using TestHost host = await TestHost.StartAsync("""{ "Session": { "Modality": "text", "TurnTaking": "manual" } }""");
        VoiceSession session = await host.Calls.ConnectAsync(o => o.Session = o.Session with { Tools = [slow] }, Stop);
        await using VoiceSession idle = await host.Calls.ConnectAsync(cancellationToken: Stop);
        Turn turn = session.SendMessage("tool: slow");
        await host.UntilAsync(called.Task);
        TimeSpan began = host.Time.Elapsed;

        Task stopping = Drain(host).StoppingAsync(Stop);
        await idle.Ended;
        await host.UntilAsync(stopping);

        Assert.InRange(host.Time.Elapsed - began, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(30));
        Assert.IsType<TurnOutcome.Interrupted>((await turn.Completion).Outcome);
        Assert.Equal(RealtimeCloseKind.Drained, session.CloseReason!.Kind);
        Assert.Contains(host.Log.Lines, static line => line.Level is LogLevel.Warning && line.Text.StartsWith("1 of 2 voice sessions had not ended in time and were interrupted.", StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AConnectionThatWouldNotEnd_IsBrokenOff()
    {
        StubbornTransport? stubborn = null;
        await using TestHost host = await TestHost.StartAsync(
            more: static (services, _) => services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1.5)),
            configure: (o, time) => o.Transport = (_, _) => new(stubborn = new StubbornTransport(new InMemoryTransport(time: time))));
        VoiceSession session = await host.Calls.ConnectAsync(cancellationToken: Stop);

        Task stopping = Drain(host).StoppingAsync(Stop);
        await stubborn!.Closing;
        await host.UntilAsync(stopping);

        Assert.InRange(host.Time.Elapsed, TimeSpan.FromSeconds(1.2), TimeSpan.FromSeconds(1.5)); // a goodbye may take two
        await session.Ended;
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AHostThatIsInAHurry_BreaksOffAtOnce()
    {
        StubbornTransport? stubborn = null;
        await using TestHost host = await TestHost.StartAsync(configure: (o, time) => o.Transport = (_, _) => new(stubborn = new StubbornTransport(new InMemoryTransport(time: time))));
        VoiceSession session = await host.Calls.ConnectAsync(cancellationToken: Stop);
        using var hurry = new CancellationTokenSource();

        Task stopping = Drain(host).StoppingAsync(hurry.Token);
        await stubborn!.Closing;
        await hurry.CancelAsync();
        await stopping;

        await session.Ended;
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ASessionThatItsOwnerCloses_IsLeftToHim()
    {
        StubbornTransport? stubborn = null;
        await using TestHost host = await TestHost.StartAsync(configure: (o, time) => o.Transport = (_, _) => new(stubborn = new StubbornTransport(new InMemoryTransport(time: time))));
        VoiceSession session = await host.Calls.ConnectAsync(cancellationToken: Stop);
        Task closing = session.CloseAsync(Stop);
        await stubborn!.Closing;

        Task stopping = Drain(host).StoppingAsync(Stop);
        await host.UntilAsync(stopping);

        await closing;
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason!.Kind);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AStopThatIsAskedForTwice_IsOne()
    {
        await using TestHost host = await TestHost.StartAsync();
        VoiceSession session = await host.Calls.ConnectAsync(cancellationToken: Stop);

        await Task.WhenAll(Drain(host).StoppingAsync(Stop), Drain(host).StoppingAsync(Stop));

        Assert.Equal(RealtimeCloseKind.Drained, session.CloseReason!.Kind);
    }

    [Theory]
    [InlineData(30, 5)]
    [InlineData(300, 5)]
    [InlineData(10, 2)]
    [InlineData(0, 0)]
    public void AFifthOfTheTime_AtMostFiveSeconds_IsLeftForOthers(double shutdown, double reserve) =>
        Assert.Equal(TimeSpan.FromSeconds(reserve), DrainAtStop.Reserve(TimeSpan.FromSeconds(shutdown)));

    [Fact]
    public void AHostThatWaitsForEver_LeavesFiveSeconds() => Assert.Equal(TimeSpan.FromSeconds(5), DrainAtStop.Reserve(Timeout.InfiniteTimeSpan));

    private static DrainAtStop Drain(TestHost host) => host.Services.GetServices<IHostedService>().OfType<DrainAtStop>().Single();

    private static async Task WaitForAsync(VoiceSession session, VoiceSessionState state)
    {
        while (session.State != state)
        {
            await Task.Delay(1, Stop);
        }
    }
}
