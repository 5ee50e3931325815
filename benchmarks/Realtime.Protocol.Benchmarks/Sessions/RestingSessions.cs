using Realtime.Protocol.Benchmarks.Children;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// What one session holds of the heap while it rests: what two hundred add to a process of their own, each of which has talked for a moment and waits.
/// New processes in each round, since a heap remembers.
/// </summary>
public static class RestingSessions
{
    public const string Comparison = "heap of a resting session";

    /// <summary>In bytes, over <c>ws</c>.</summary>
    public const double Most = 40 * 1_024;

    public const int Count = 200;

    private const int Rounds = 3;

    public static IReadOnlyList<string> Names { get; } = [Ways.RealtimeProtocol, Ways.OpenAISdk];

    public static IEnumerable<Series> Measure()
    {
        using ChildProcess server = ChildProcess.Start(ChildVerbs.ServeTalk);
        (string plain, _, string certificate) = (server.Hear(), server.Hear(), server.Hear());
        double[][] held = new double[Rounds][];
        for (int round = 0; round < Rounds; round++)
        {
            SessionClient[] clients = [.. Names.Select(way => new SessionClient(way, plain, certificate))];
            try
            {
                held[round] = Open(clients);
            }
            finally
            {
                Array.ForEach(clients, static client => client.Dispose());
            }
        }

        return Names.Select((way, index) => SeriesOf(way, [.. held.Select(round => round[index])]));
    }

    /// <returns>What a session of each client holds, in bytes; all of them stay open.</returns>
    public static double[] Open(SessionClient[] clients) => Array.ConvertAll(clients, static client => client.Open(Count));

    public static Series SeriesOf(string way, params double[] held) => new(Comparison, way, held, null, Unit.Bytes);
}
