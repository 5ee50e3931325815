using System.Diagnostics;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>
/// Times the ways of comparisons in turns, so that whatever the machine does meets all of them. First everything is warmed
/// up in turns too: the JIT compiles each method several times before it is done, and it learns from a mix, as it does in
/// a program.
/// </summary>
public sealed class InterleavedRounds(int rounds, TimeSpan warmUp)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(8);

    public IEnumerable<Series> Measure(IReadOnlyList<Comparison> comparisons)
    {
        var sizes = new Dictionary<Timed, int>();
        Timed[] everything = [.. comparisons.SelectMany(static comparison => comparison.Ways)];
        for (TimeSpan warm = TimeSpan.Zero; warm < warmUp; warm += Slice)
        {
            foreach (Timed way in everything)
            {
                sizes[way] = TimesIn(Slice, way, sizes.GetValueOrDefault(way, 1));
            }
        }

        return comparisons.SelectMany(comparison => Measure(comparison, sizes));
    }

    private Series[] Measure(Comparison comparison, Dictionary<Timed, int> sizes)
    {
        Timed[] ways = [.. comparison.Ways];
        double[][] nanoseconds = Array.ConvertAll(ways, _ => new double[rounds]);
        double[] bytes = Array.ConvertAll(ways, _ => double.MaxValue);
        GC.Collect();
        for (int round = 0; round < rounds; round++)
        {
            for (int turn = 0; turn < ways.Length; turn++)
            {
                // Who goes first changes, so that nobody always follows the same neighbour.
                int index = (turn + round) % ways.Length;
                int times = sizes[ways[index]];
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                ways[index].Run(times);
                nanoseconds[index][round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / times;
                bytes[index] = Math.Min(bytes[index], (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)times);
            }
        }

        return [.. ways.Select((way, index) => new Series(comparison.Name, way.Name, nanoseconds[index], bytes[index]))];
    }

    // Runs about one slice, and says how often the way should run to fill the next one.
    private static int TimesIn(TimeSpan slice, Timed way, int times)
    {
        long start = Stopwatch.GetTimestamp();
        way.Run(times);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        double fitting = times * (slice / elapsed);
        return (int)Math.Clamp(fitting, 1, Math.Max(1, 2.0 * times));
    }
}
