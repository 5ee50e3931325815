using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>Who looks after silent clients may come late, on a busy machine: nobody is taken for dead who had no time to answer.</summary>
public sealed class LateSweepTests
{
    [Fact]
    public void ALateSweep_PingsFirst_AndGivesTheClientItsTime()
    {
        var limits = new SimulatorHostLimits { PingAfter = TimeSpan.FromSeconds(20), PongTimeout = TimeSpan.FromSeconds(10) };
        var misdeeds = new List<WireMisdeed>();
        int aborts = 0;
        using var written = new MemoryStream();
        var client = new ClientConnection(written, null, () => aborts++, limits, DoorFaults.None, new QueueAccount(long.MaxValue, static () => { }), misdeeds.Add);
        long late = Environment.TickCount64 + 3_600_000;

        client.Sweep(late);
        client.Sweep(late + 10_000);
        Assert.Equal(0, aborts);
        Assert.Empty(misdeeds);

        client.Sweep(late + 10_001);
        Assert.Equal(1, aborts);
        Assert.Equal([WireMisdeed.NoPong], misdeeds);
    }
}
