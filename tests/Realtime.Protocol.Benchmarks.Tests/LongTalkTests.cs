using Realtime.Protocol.Benchmarks.Sessions;
using Realtime.Protocol.Benchmarks.Simulator;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>The sessions whose growth is measured really talk: every turn is found by the server and heard to its end, and when all have hung up none is left.</summary>
public class LongTalkTests
{
    internal static Task<RealtimeSimulatorHost> StartAsync(SimulatorOptions server) => RealtimeSimulatorHost.StartAsync(new() { Simulator = server }, TestContext.Current.CancellationToken);

    [Fact]
    public async Task EveryTurnIsHeard_AndNobodyIsLeft()
    {
        await using RealtimeSimulatorHost host = await StartAsync(TalkCycle.Server);
        await using var talk = new LongTalk(host.Endpoint);
        await talk.OpenAsync(2);
        TalkReport report = await talk.TalkAsync(1);
        Assert.Empty(report.Lost);
        Assert.Equal(2, report.Heard);
        await talk.CloseAsync();
        TalkReport nobody = await talk.TalkAsync(1);
        Assert.Equal((0, 0), (nobody.Heard, nobody.Lost.Count));
    }
}
