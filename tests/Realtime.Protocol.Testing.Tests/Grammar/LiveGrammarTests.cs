using System.Net.WebSockets;
using System.Text;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>The simulator, in memory and on a port, says what its clients did wrong.</summary>
public class LiveGrammarTests
{
    private static readonly byte[] Create = """{"type":"response.create"}"""u8.ToArray();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task InMemory_TheFailureMessageIsASentence()
    {
        await using var server = new InMemoryTransport(time: new VirtualTime());

        await server.SendAsync(Create, Stop);
        Assert.Empty(server.Violations);
        await server.SendAsync(Create, Stop);

        Assert.Equal(
            "event 2 (response.create): response.create when response.create has no answer yet. Wait for its response.done. [create-while-active, refused]",
            server.Violations.Single(static violation => violation.Rule == "create-while-active").ToString());
    }

    [Fact]
    public async Task OnAHost_EveryConnectionHasItsOwnEntries()
    {
        List<string> told = [];
        var options = new RealtimeSimulatorHostOptions
        {
            Simulator = new SimulatorOptions { Pace = ResponsePace.Default },
            OnViolation = violation =>
            {
                lock (told)
                {
                    told.Add($"#{violation.Connection} {violation.Rule}");
                }
            },
        };
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(options, Stop);

        await BreakAsync(host.Endpoint, times: 1);
        await BreakAsync(host.Endpoint, times: 2);

        Assert.Equal([(1, 1), (2, 2)], host.Violations.Where(static violation => violation.Rule == "cancel-nothing").Select(static violation => (violation.Connection, violation.Times)));
        lock (told)
        {
            Assert.Equal(["#1 cancel-nothing", "#2 cancel-nothing"], told);
        }
    }

    private static async Task BreakAsync(Uri endpoint, int times)
    {
        using var client = new ClientWebSocket();
        await client.ConnectAsync(endpoint, Stop);
        byte[] answer = new byte[64 * 1024];
        await client.ReceiveAsync(answer, Stop);
        for (int time = 0; time < times; time++)
        {
            await client.SendAsync(Encoding.UTF8.GetBytes($$"""{"type":"response.cancel","event_id":"e{{time}}"}"""), WebSocketMessageType.Text, true, Stop);
            await client.ReceiveAsync(answer, Stop);
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Stop);
    }
}
