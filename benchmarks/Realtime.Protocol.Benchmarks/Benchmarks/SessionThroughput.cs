using BenchmarkDotNet.Attributes;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Children;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.EndToEnd;

namespace Realtime.Protocol.Benchmarks;

/// <summary>
/// Receiving audio events over a real WebSocket on loopback, from a server in a process of its own: the platform's client
/// that reads nothing, ours, and the SDK's session client. Times are for one message.
/// </summary>
[MemoryDiagnoser, MinColumn]
public class SessionThroughput : CheckedBenchmark
{
    private const int Messages = 500;

    private readonly Dictionary<string, IEventClient> _clients = [];
    private ChildProcess _server = null!;

    public override void Prepare()
    {
        _server = ChildProcess.Start(ChildVerbs.Serve);
        int port = int.Parse(_server.Hear());
        foreach (string way in EventClients.Names)
        {
            _clients[way] = EventClients.ConnectAsync(way, port).GetAwaiter().GetResult();
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Messages)]
    public Task<long> ReceiveOnly() => ReceiveAsync(Ways.ReceiveOnly);

    [Benchmark(OperationsPerInvoke = Messages)]
    public Task<long> RealtimeProtocol() => ReceiveAsync(Ways.RealtimeProtocol);

    [Benchmark(OperationsPerInvoke = Messages)]
    public Task<long> OpenAISdk() => ReceiveAsync(Ways.OpenAISdk);

    public override IEnumerable<AnswerCheck> Checks() => EventClients.Names.Select(way => new AnswerCheck(way, () =>
    {
        long received = ReceiveAsync(way).GetAwaiter().GetResult();
        long expected = _clients[way].Expected(Messages);
        return received == expected ? null : $"expected {expected}, got {received}";
    }));

    public override void Release()
    {
        foreach (IEventClient client in _clients.Values)
        {
            client.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        _server.Dispose();
    }

    private async Task<long> ReceiveAsync(string way)
    {
        IEventClient client = _clients[way];
        await client.AskAsync(Messages);
        return await client.TakeAsync(Messages);
    }
}
