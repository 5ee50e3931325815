using System.Globalization;
using BenchmarkDotNet.Attributes;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Children;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Hearing;

namespace Realtime.Protocol.Benchmarks;

/// <summary>
/// Speech from a server in a process of its own to the application, as fast as it comes: the platform's socket, a whole session of ours whose turn is read, and the SDK's session client. Each piece is made sure of. Times are for one
/// piece; how long one takes at the pace of talking is measured by the ratios.
/// </summary>
[MemoryDiagnoser, MinColumn]
public class SessionHearing : CheckedBenchmark
{
    private const int Pieces = 200;

    private readonly Dictionary<string, IListeningSession> _sessions = [];
    private ChildProcess _server = null!;

    /// <summary>How much sound an event brings, in bytes.</summary>
    [Params(19_200, 960)]
    public int PieceBytes { get; set; }

    public override void Prepare()
    {
        _server = ChildProcess.Start(ChildVerbs.ServeSpeech, PieceBytes.ToString(CultureInfo.InvariantCulture));
        int port = int.Parse(_server.Hear(), CultureInfo.InvariantCulture);
        foreach (string way in ListeningSessions.Names)
        {
            _sessions[way] = ListeningSessions.ConnectAsync(way, port, new StampedSpeech(PieceBytes)).GetAwaiter().GetResult();
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Pieces)]
    public Task ReceiveOnly() => HearAsync(Ways.ReceiveOnly);

    [Benchmark(OperationsPerInvoke = Pieces)]
    public Task RealtimeProtocol() => HearAsync(Ways.RealtimeProtocol);

    [Benchmark(OperationsPerInvoke = Pieces)]
    public Task OpenAISdk() => HearAsync(Ways.OpenAISdk);

    // A wrong piece is an exception, whoever asks.
    public override IEnumerable<AnswerCheck> Checks() => ListeningSessions.Names.Select(way => new AnswerCheck(way, () =>
    {
        HearAsync(way).GetAwaiter().GetResult();
        return null;
    }));

    public override void Release()
    {
        foreach (IListeningSession session in _sessions.Values)
        {
            session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        _server.Dispose();
    }

    private async Task HearAsync(string way)
    {
        _server.Say($"speak {Pieces} 0 {Pieces} {way}");
        await _sessions[way].HearAsync(Pieces, Memory<long>.Empty);
        _server.Hear();
    }
}
