using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>
/// What it costs a process that many sessions hear speech at the pace of talking, 20 ms of it every 20 ms each: processor time for a message, and the memory that the process has in use. The ways talk in turns of half a second. Only the
/// second half of the rounds counts: in a process that has just started, a fifth of the processor's time is the JIT's.
/// </summary>
public static class TalkingPaceRounds
{
    public const string Processor = "100 talking sessions, CPU for a message";
    public const string Memory = "100 talking sessions, working set";

    private const int Sessions = 100;
    private const int PieceBytes = 960;
    private const int PiecesInTurn = 25;
    private const int Rounds = 30;

    // Five of a hundred sessions each millisecond: each of them every 20 ms.
    private static readonly (int, int) Pace = (1, 5);

    public static IEnumerable<Series> Measure()
    {
        using var audience = new Audience(PieceBytes, Sessions);
        int ways = ListeningSessions.Names.Count;
        var costs = new double[ways, 2, Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            for (int turn = 0; turn < ways; turn++)
            {
                int way = (turn + round) % ways;
                double[] cost = audience.Speak("cost", PiecesInTurn, Pace, way).Single();
                (costs[way, 0, round], costs[way, 1, round]) = (cost[0], cost[1]);
            }
        }

        double[] SecondHalf(int way, int cost) => [.. Enumerable.Range(Rounds / 2, Rounds - (Rounds / 2)).Select(round => costs[way, cost, round])];
        return Enumerable.Range(0, ways).SelectMany(way => new Series[]
        {
            new(Processor, ListeningSessions.Names[way], SecondHalf(way, 0), null),
            new(Memory, ListeningSessions.Names[way], SecondHalf(way, 1), null, Unit.Bytes),
        });
    }
}
