using Realtime.Protocol.Benchmarks.Sessions;
using Realtime.Protocol.Benchmarks.Simulator;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>The sessions whose growth is measured really talk: every turn is found by the server and heard to its end, one that is not is told, and when all have hung up none is left.</summary>
public class LongTalkTests
{
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

    [Fact]
    public async Task ATurnThatIsNotHeardToItsEnd_IsToldWithItsOutcome()
    {
        await using RealtimeSimulatorHost host = await StartAsync(TalkCycle.Server with { Speaker = new FailingModel() });
        await using var talk = new LongTalk(host.Endpoint);
        await talk.OpenAsync(1);

        TalkReport report = await talk.TalkAsync(1);

        Assert.Equal(0, report.Heard);
        LostTurn lost = Assert.Single(report.Lost);
        Assert.Equal((0, 1), (lost.Session, lost.Turn));
        Assert.StartsWith("Failed: ", lost.Fate);
        Assert.InRange(lost.AtMs, TalkCycle.SpeechMs, double.MaxValue);
    }

    private static Task<RealtimeSimulatorHost> StartAsync(SimulatorOptions server) => RealtimeSimulatorHost.StartAsync(new() { Simulator = server }, TestContext.Current.CancellationToken);

    private sealed class FailingModel : ISimulatedModel
    {
        public ModelAnswer Answer(ModelRequest request) => new([], new ModelFailure("server_error", "server_error"));
    }
}
