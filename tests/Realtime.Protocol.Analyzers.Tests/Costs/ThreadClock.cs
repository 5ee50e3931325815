using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Realtime.Protocol.Analyzers.Tests.Costs;

/// <summary>The processor time of the thread that asks, in nanoseconds: what other programs take of the machine meanwhile is not in it. Off Linux, the time of the wall.</summary>
internal static partial class ThreadClock
{
    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID of <time.h>

    public static long Now() =>
        OperatingSystem.IsLinux() && Read(ThreadProcessorTime, out var time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
