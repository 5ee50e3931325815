using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>What a connection costs that says nothing: its machine, its stream, and no block that waits with it.</summary>
[Collection(nameof(HostIdleHeapTests))]
[CollectionDefinition(nameof(HostIdleHeapTests), DisableParallelization = true)]
public class HostIdleHeapTests(ITestOutputHelper output)
{
    private const int Connections = 200;
    private const int MostBytes = 40 * 1024;

    [Fact(Timeout = 60_000)]
    public async Task IdleConnection_TakesAtMost40KilobytesOfHeap_ItsRawClientIncluded()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(cancellationToken: stop);
        var clients = new List<RawClient>();
        for (int i = 0; i < 20; i++)
        {
            clients.Add(await ConnectAsync(host, stop));
        }

        // What earlier tests left may die meanwhile: then more connections are measured.
        long each = 0;
        for (int attempt = 0; attempt < 3 && each is <= 0 or > MostBytes; attempt++)
        {
            long before = GC.GetTotalMemory(forceFullCollection: true);
            for (int i = 0; i < Connections; i++)
            {
                clients.Add(await ConnectAsync(host, stop));
            }

            each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Connections;
        }

        clients.ForEach(static client => client.Dispose());

        output.WriteLine($"{each} bytes");
        Assert.InRange(each, 1, MostBytes);
    }

    private static async Task<RawClient> ConnectAsync(RealtimeSimulatorHost host, CancellationToken stop)
    {
        RawClient client = await RawClient.ConnectAsync(host, stop);
        await client.ReadFrameAsync();
        await client.SayAsync("""{"type":"input_audio_buffer.clear"}""");
        await client.ReadFrameAsync();
        return client;
    }
}
