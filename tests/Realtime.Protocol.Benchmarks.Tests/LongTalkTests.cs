using Realtime.Protocol.Benchmarks.Sessions;
using Realtime.Protocol.Benchmarks.Simulator;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>The sessions whose growth is measured really talk: every turn is found by the server and heard to its end, and when all have hung up none is left.</summary>
public class LongTalkTests
{
    [Fact]
    public async Task EveryTurnIsHeard_AndNobodyIsLeft()
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { Simulator = TalkCycle.Server }, TestContext.Current.CancellationToken);
        await using var talk = new LongTalk(host.Endpoint);
        await talk.OpenAsync(2);
        (int heard, int wrong, _) = await talk.TalkAsync(1);
        Assert.Equal((2, 0), (heard, wrong));
        await talk.CloseAsync();
        Assert.Equal((0, 0, 0.0), await talk.TalkAsync(1));
    }
}
