using System.Globalization;
using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Telemetry;

/// <summary>
/// What an audio event costs a session when somebody listens to its spans and metrics, beside what it costs when nobody does. Each has a session of its own, begun as it is measured, and both take turns in one process.
/// The time is the processor's, of all threads that an event passes; of the bytes the least of all turns counts, since what disturbs a turn only adds to them.
/// </summary>
public static class TelemetryCommand
{
    /// <summary>Goal of the time with a listener, of the time without.</summary>
    public const double RatioGoal = 1.05;

    private const int Rounds = 41;
    private const int WarmUps = 10;
    private const int TurnsInRound = 3;
    private const int EventsInTurn = 2_000;

    /// <returns>The exit code: 0 when both goals are reached, 1 when one is short.</returns>
    public static async Task<int> PrintAsync(TextWriter output)
    {
        Priority.Raise();
        SpeakingSession unobserved = await SpeakingSession.StartAsync();
        SpeakingSession observed;
        using (new Listening())
        {
            observed = await SpeakingSession.StartAsync();
        }

        double[][] nanoseconds = [new double[Rounds], new double[Rounds]];
        double[] bytes = [double.MaxValue, double.MaxValue];
        for (int round = -WarmUps; round < Rounds; round++)
        {
            for (int turn = 0; turn < 2 * TurnsInRound; turn++)
            {
                // Who goes first changes, so that nobody always follows the same neighbour.
                int way = (turn + (turn / 2) + WarmUps + round) % 2;
                using Listening? listening = way == 1 ? new() : null;
                (double time, double allocated) = await MeasureAsync(way == 1 ? observed : unobserved);
                if (round >= 0)
                {
                    nanoseconds[way][round] += time / TurnsInRound;
                    bytes[way] = Math.Min(bytes[way], allocated);
                }
            }
        }

        await unobserved.DisposeAsync();
        using (var last = new Listening())
        {
            await observed.DisposeAsync();
            if (last.Told == 0)
            {
                throw new InvalidDataException("The listener was told nothing, so nothing was measured.");
            }
        }

        Spread ratio = Spread.Of(nanoseconds[1].Zip(nanoseconds[0], static (with, without) => with / without));
        bool isFast = ratio.Median <= RatioGoal;
        bool isFree = bytes.All(static each => Math.Round(each) == 0);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"T1 {ratio.Median:F3} goal {RatioGoal:F3} {(isFast ? "ok   " : "short")}  an audio event with listeners / with none ({ratio.Low:F3} to {ratio.High:F3} in {Rounds} rounds)"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"T2 {bytes.Max():F0} B goal 0 B {(isFree ? "ok   " : "short")}  allocated for it (with none {bytes[0]:F0} B, with listeners {bytes[1]:F0} B)"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   {Spread.Of(nanoseconds[0]).Median:N0} ns with none, {Spread.Of(nanoseconds[1]).Median:N0} ns with listeners, for {SpeakingSession.AudioBytes:N0} bytes from the server's pipe to the reader and back as playback"));
        return isFast && isFree ? 0 : 1;
    }

    private static async Task<(double Nanoseconds, double Bytes)> MeasureAsync(SpeakingSession session)
    {
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        await session.HearAsync(EventsInTurn);
        processor = Environment.CpuUsage.TotalTime - processor;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return (processor.TotalNanoseconds / EventsInTurn, bytes / (double)EventsInTurn);
    }
}
