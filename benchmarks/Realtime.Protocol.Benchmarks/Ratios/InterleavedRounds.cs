using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>
/// Times the ways of comparisons in turns, so that whatever the machine does meets all of them: a round is several short
/// turns of each. First everything is warmed up in turns too: the JIT compiles each method several times before it is done,
/// and it learns from a mix, as it does in a program.
/// </summary>
public sealed class InterleavedRounds(int rounds, TimeSpan warmUp)
{
    private const int TurnsInRound = 5;
    private static readonly TimeSpan TurnTime = TimeSpan.FromMilliseconds(1.6);

    // Long enough that many fit into the warm-up, short enough that nobody's code cools down meanwhile.
    private static readonly TimeSpan WarmUpTurn = TimeSpan.FromMilliseconds(8);

    public IEnumerable<Series> Measure(IReadOnlyList<Comparison> comparisons)
    {
        Timed[] everything = [.. comparisons.SelectMany(static comparison => comparison.Ways)];
        Dictionary<Timed, double> costs = WarmUp(everything);
        return comparisons.SelectMany(comparison => Measure(comparison, costs));
    }

    // Returns what one operation of each costs about, in nanoseconds.
    private Dictionary<Timed, double> WarmUp(Timed[] everything)
    {
        var costs = new Dictionary<Timed, double>();
        for (TimeSpan warm = TimeSpan.Zero; warm < warmUp; warm += WarmUpTurn)
        {
            foreach (Timed way in everything)
            {
                // The first calls run code that is not optimised yet, so the number of operations may only double from turn to turn.
                bool isKnown = costs.TryGetValue(way, out double cost);
                int times = isKnown ? Fitting(WarmUpTurn, cost) : 1;
                double now = Turn.Once(way, times).Nanoseconds / times;
                costs[way] = isKnown ? Math.Max(now, cost / 2) : now;
            }
        }

        return costs;
    }

    private Series[] Measure(Comparison comparison, Dictionary<Timed, double> costs)
    {
        Timed[] ways = [.. comparison.Ways];
        int[] times = Array.ConvertAll(ways, way => Fitting(TurnTime, costs[way]));
        double[][] nanoseconds = Array.ConvertAll(ways, _ => new double[rounds]);
        long[] bytes = new long[ways.Length];
        GC.Collect();
        for (int round = 0; round < rounds; round++)
        {
            for (int turn = 0; turn < TurnsInRound * ways.Length; turn++)
            {
                // Who goes first changes, so that nobody always follows the same neighbour.
                int index = (turn + (turn / ways.Length) + round) % ways.Length;
                var taken = Turn.Of(ways[index], times[index]);
                nanoseconds[index][round] += taken.Nanoseconds / (times[index] * TurnsInRound);
                bytes[index] += taken.Bytes;
            }
        }

        return [.. ways.Select((way, index) => new Series(comparison.Name, way.Name, nanoseconds[index], bytes[index] / ((double)rounds * TurnsInRound * times[index])))];
    }

    private static int Fitting(TimeSpan turn, double nanoseconds) => Math.Max(1, (int)(turn.TotalNanoseconds / nanoseconds));
}
