using System.Diagnostics;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>What one turn of a way took: time, and bytes allocated.</summary>
public readonly record struct Turn(double Nanoseconds, long Bytes)
{
    private const int Attempts = 20;
    private const double Undisturbed = 0.97;

    /// <summary>
    /// Takes a turn, and takes it again when the processor was somebody else's meanwhile: such a turn tells of the machine,
    /// not of the way. Garbage collections are the way's own and count.
    /// </summary>
    public static Turn Of(Timed way, int times)
    {
        Turn turn = Measure(way, times, out bool wasDisturbed);
        for (int attempt = 1; wasDisturbed && attempt < Attempts; attempt++)
        {
            turn = Measure(way, times, out wasDisturbed);
        }

        return turn;
    }

    /// <summary>Takes a turn once, disturbed or not.</summary>
    public static Turn Once(Timed way, int times) => Measure(way, times, out _);

    private static Turn Measure(Timed way, int times, out bool wasDisturbed)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan processor = ProcessorTime();
        long start = Stopwatch.GetTimestamp();
        way.Run(times);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        processor = ProcessorTime() - processor;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        wasDisturbed = IsProcessorTimeExact && processor < elapsed * Undisturbed;
        return new(elapsed.TotalNanoseconds, bytes);
    }

    // Windows counts processor time in steps that are longer than a turn.
    private static bool IsProcessorTimeExact => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    private static TimeSpan ProcessorTime() => IsProcessorTimeExact ? Environment.CpuUsage.TotalTime : TimeSpan.Zero;
}
