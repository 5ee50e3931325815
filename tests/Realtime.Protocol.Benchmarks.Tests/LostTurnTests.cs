using Realtime.Protocol.Benchmarks.Sessions;
using Realtime.Protocol.Benchmarks.Simulator;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>A turn of a long talk that is not heard to its end is told. A talk lasts as long as it does, so this one goes on beside that of <see cref="LongTalkTests"/>.</summary>
public class LostTurnTests
{
    [Fact]
    public async Task ATurnThatIsNotHeardToItsEnd_IsToldWithItsOutcome()
    {
        await using RealtimeSimulatorHost host = await LongTalkTests.StartAsync(TalkCycle.Server with { Speaker = new FailingModel() });
        await using var talk = new LongTalk(host.Endpoint);
        await talk.OpenAsync(1);

        TalkReport report = await talk.TalkAsync(1);

        Assert.Equal(0, report.Heard);
        LostTurn lost = Assert.Single(report.Lost);
        Assert.Equal((0, 1), (lost.Session, lost.Turn));
        Assert.StartsWith("Failed: ", lost.Fate);
        Assert.InRange(lost.AtMs, TalkCycle.SpeechMs, double.MaxValue);
    }

    private sealed class FailingModel : ISimulatedModel
    {
        public ModelAnswer Answer(ModelRequest request) => new([], new ModelFailure("server_error", "server_error"));
    }
}
