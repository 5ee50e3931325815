using System.Diagnostics;
using System.Globalization;
using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.EndToEnd;

/// <summary>
/// A client in a process of its own, so that its processor time and its garbage are nobody else's. Each line that it hears
/// is a number of messages to take; it answers with nanoseconds, nanoseconds of processor time, and bytes allocated.
/// </summary>
public static class ReceivingChild
{
    public static async Task RunAsync(string way, int port, TextReader input, TextWriter output)
    {
        await using IEventClient client = await EventClients.ConnectAsync(way, port);
        while (await input.ReadLineAsync() is { } line)
        {
            int count = int.Parse(line, CultureInfo.InvariantCulture);
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            await client.AskAsync(count);
            // Asking allocates, taking is what is asked about.
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            long sum = await client.TakeAsync(count);
            double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            processor = Environment.CpuUsage.TotalTime - processor;
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            if (sum != client.Expected(count))
            {
                throw new WrongAnswerException(way, $"expected {client.Expected(count)}, got {sum}");
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{nanoseconds} {processor.TotalNanoseconds} {allocated}"));
            await output.FlushAsync();
        }
    }
}
