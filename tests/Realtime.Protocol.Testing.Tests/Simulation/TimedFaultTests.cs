using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>Faults that have a time of the session in place of an event.</summary>
public class TimedFaultTests
{
    private const string Clear = """{"type":"input_audio_buffer.clear"}""";

    [Fact]
    public void Goodbye_ComesAtItsTime_InASilentSession()
    {
        var server = new SimulatedServer(With("close:4000 Enough.@30s"));

        server.Wait(29_999);
        Assert.Null(server.Closed);
        server.Wait(1);

        Assert.Equal((4000, "Enough."), server.Closed);
    }

    [Fact]
    public void Text_ComesAtItsTime_AndBehindWhatWasSaidBefore()
    {
        var server = new SimulatedServer(With("inject:{\"type\":\"x.first\"}@2s", "ghost-done@1s"), grammar: false);

        server.Wait(1_000);
        Assert.Equal(["response.done"], server.Types);
        server.Say(Clear).Wait(1_000);

        Assert.Equal(["response.done", "input_audio_buffer.cleared", "x.first"], server.Types);
    }

    [Fact]
    public void WhatHappensToAnEvent_HappensToTheFirstFromThenOn_OrToTheNth_OrToEach()
    {
        var server = new SimulatedServer(With("remove:event_id@1s", "alter:event_id=\"second\"@1s/2", "repeat:2@5s/every"), grammar: false);

        server.Say(Clear).Wait(1_000).Say(Clear).Say(Clear).Say(Clear);
        Assert.Equal([false, true, false, false], server.Said.Select(static said => said["event_id"] is null));
        Assert.Equal([2], server.Said.Index().Where(static said => (string?)said.Item["event_id"] == "second").Select(static said => said.Index));
        server.Wait(4_000).Say(Clear).Say(Clear);

        Assert.Equal(4 + 4, server.Said.Count);
    }

    [Fact]
    public void Time_CountsFromTheConnection_WhateverTheClockSays()
    {
        var simulator = new RealtimeServerSimulator(With("close:1011@1s"));
        simulator.Connect(1_000_000);
        while (simulator.TryTakeEffect(out _))
        {
        }

        simulator.Elapse(1_000_999);
        Assert.False(simulator.IsClosed);
        simulator.Elapse(1_001_000);
        Assert.True(simulator.IsClosed);
    }

    [Fact]
    public void ChanceAndConnection_HoldForTimes_Too()
    {
        Assert.Null(new SimulatedServer(With("close:1011@1s,conn=2") is var options ? options with { Faults = options.Faults.For(1) } : null).Wait(5_000).Closed);
        Assert.Null(new SimulatedServer(With("close:1011@1s,chance=0")).Wait(5_000).Closed);
        Assert.NotNull(new SimulatedServer(With("close:1011@1s,conn=2") is var second ? second with { Faults = second.Faults.For(2) } : null).Wait(5_000).Closed);
    }

    [Fact]
    public void WhatIsNoTime_IsRefusedInCSharp()
    {
        Assert.Throws<ArgumentException>(() => FaultPlan.None.CloseAt("30", 1, 1011));
        Assert.Throws<ArgumentException>(() => FaultPlan.None.Drop("1h", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FaultPlan.None.Deaf("30s", 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => FaultPlan.None.Drop("30s", -1));
    }

    [Fact(Timeout = 60_000)]
    public async Task Silence_InMemory_BeginsAtItsTime_AndEndsWithoutAMessageOfItsOwn()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        var time = new VirtualTime();
        await using var server = new InMemoryTransport(With("stall:5s@1s"), time);
        Assert.Contains("session.created", Text(await server.ReceiveAsync(stop)), StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(1));
        Task<ReceivedMessage> next = server.ReceiveAsync(stop).AsTask();
        await server.SendAsync(Encoding.UTF8.GetBytes(Clear), stop);

        time.Advance(TimeSpan.FromMilliseconds(4_999));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("input_audio_buffer.cleared", (string)JsonNode.Parse(Text(await next))!["type"]!);
    }

    private static string Text(ReceivedMessage message) => Encoding.UTF8.GetString(message.Body.Span);

    private static SimulatorOptions With(params string[] wishes) => wishes.Aggregate(new SimulatorOptions { Pace = ResponsePace.Immediate }, static (options, wish) => options.WithFault(wish));
}
