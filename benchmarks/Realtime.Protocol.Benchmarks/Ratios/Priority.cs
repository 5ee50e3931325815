using System.ComponentModel;
using System.Diagnostics;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>
/// Asks the operating system to let this process and its children go first, as the benchmark framework does for its own.
/// Where that is not allowed, the rounds are measured as they come.
/// </summary>
public static class Priority
{
    public static void Raise()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            process.PriorityClass = ProcessPriorityClass.High;
        }
        catch (Exception refused) when (refused is Win32Exception or UnauthorizedAccessException)
        {
        }
    }
}
