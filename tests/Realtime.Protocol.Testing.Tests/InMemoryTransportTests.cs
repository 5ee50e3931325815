using System.Text;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Testing.Tests;

/// <summary>A simulated server without a socket behaves to its client as one with a socket does.</summary>
public class InMemoryTransportTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WholeTurn_RunsInVirtualTime()
    {
        var time = new VirtualTime();
        await using var transport = new InMemoryTransport(time: time);

        await Send(transport, """{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}""");
        await Send(transport, SimulatedServer.Append(Sound.Speech(5_000)));
        await Send(transport, """{"type":"input_audio_buffer.commit"}""");
        await Send(transport, """{"type":"response.create"}""");
        time.Advance(TimeSpan.FromMinutes(1));

        List<string> types = [];
        while (types is not [.., "rate_limits.updated"])
        {
            types.Add(TypeOf(await transport.ReceiveAsync(Stop)));
        }

        Assert.Equal("session.created", types[0]);
        Assert.Equal(13, types.Count(static type => type == "response.output_audio.delta"));
        Assert.Equal(types, transport.Transcript.ServerTypes);
        Assert.Equal(["session.update", "input_audio_buffer.append", "input_audio_buffer.commit", "response.create"], transport.Transcript.ClientTypes);
        TranscriptLine done = transport.Transcript.Lines.Single(static line => line.Type == "response.done");
        Assert.Equal(100 + 200 + (12 * 200), done.At);
        Assert.DoesNotContain("audio\":\"", transport.Transcript.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServersGoodbye_ArrivesAfterWhatWasSentBefore()
    {
        await using var transport = new InMemoryTransport(new SimulatorOptions { Faults = FaultPlan.None.CloseAt("session.updated", 1, 4000, "Enough.") });
        await Send(transport, """{"type":"session.update","session":{"type":"realtime"}}""");

        Assert.Equal("session.created", TypeOf(await transport.ReceiveAsync(Stop)));
        RealtimeCloseReason? end = (await transport.ReceiveAsync(Stop)).End;

        Assert.Equal(new RealtimeCloseReason(RealtimeCloseKind.ByPeer, 4000, "Enough."), end);
        Assert.Equal(end, transport.CloseReason);
        Assert.False(await transport.SendAsync("{}"u8.ToArray(), Stop));
        Assert.Equal(end, (await transport.ReceiveAsync(Stop)).End);
    }

    [Fact]
    public async Task BrokenConnection_IsLost_WithoutAGoodbye()
    {
        await using var transport = new InMemoryTransport(new SimulatorOptions { Faults = FaultPlan.None.CloseAt("session.created", 1, SimulatorEffect.BrokenConnection) });

        Assert.Equal(RealtimeCloseKind.ConnectionLost, (await transport.ReceiveAsync(Stop)).End?.Kind);
    }

    [Fact]
    public async Task ModelThatThrows_EndsTheConnection_AndSaysSo()
    {
        var time = new VirtualTime();
        await using var transport = new InMemoryTransport(new SimulatorOptions { Speaker = new ThrowingModel() }, time);
        await Send(transport, """{"type":"response.create"}""");
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("session.created", TypeOf(await transport.ReceiveAsync(Stop)));
        Assert.Equal(new RealtimeCloseReason(RealtimeCloseKind.ByPeer, 1011, "The simulated model failed: InvalidOperationException: No idea."), (await transport.ReceiveAsync(Stop)).End);
    }

    [Fact]
    public async Task Disposal_EndsAReceiveThatWaits()
    {
        var transport = new InMemoryTransport();
        await transport.ReceiveAsync(Stop);
        ValueTask<ReceivedMessage> waiting = transport.ReceiveAsync(Stop);

        await transport.DisposeAsync();

        Assert.Equal(RealtimeCloseKind.ByUs, (await waiting).End?.Kind);
    }

    [Fact]
    public async Task CancelledReceive_EndsTheConnection()
    {
        await using var transport = new InMemoryTransport();
        await transport.ReceiveAsync(Stop);
        using var cancel = new CancellationTokenSource();
        ValueTask<ReceivedMessage> waiting = transport.ReceiveAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(waiting.AsTask);
        Assert.Equal(RealtimeCloseKind.Cancelled, transport.CloseReason?.Kind);
    }

    private sealed class ThrowingModel : ISimulatedModel
    {
        public ModelAnswer Answer(ModelRequest request) => throw new InvalidOperationException("No idea.");
    }

    private static async Task Send(InMemoryTransport transport, string message) => Assert.True(await transport.SendAsync(Encoding.UTF8.GetBytes(message), Stop));

    private static string TypeOf(in ReceivedMessage message)
    {
        Assert.True(ServerEvent.TryRead(message.Body.Span, out ServerEvent said, out ReadError error), error.ToString());
        return said.TypeText.ToString();
    }
}
