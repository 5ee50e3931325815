using System.Diagnostics;
using System.Globalization;

namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>
/// Sessions of one way in a process of its own. Its first line of output says that all have connected. It hears <c>times 100</c> or <c>cost 50</c>, answers at once that it listens, and when each session has heard so many
/// pieces: with a number of nanoseconds for each, or with nanoseconds of the processor for each and the bytes of memory that the process has in use.
/// </summary>
public static class ListeningChild
{
    public static async Task RunAsync(string way, int port, int pieceBytes, int sessions, TextReader input, TextWriter output)
    {
        var speech = new StampedSpeech(pieceBytes);
        var listening = new List<IListeningSession>();
        try
        {
            for (int session = 0; session < sessions; session++)
            {
                listening.Add(await ListeningSessions.ConnectAsync(way, port, speech));
            }

            await SayAsync("connected");
            while (await input.ReadLineAsync() is { } line)
            {
                string[] words = line.Split(' ');
                int pieces = int.Parse(words[1], CultureInfo.InvariantCulture);
                await (words[0] == "times" ? TellTimesAsync(pieces) : TellCostAsync(pieces));
            }
        }
        finally
        {
            foreach (IListeningSession session in listening)
            {
                await session.DisposeAsync();
            }
        }

        async Task TellTimesAsync(int pieces)
        {
            long[] ticks = new long[pieces];
            Task hearing = listening.Single().HearAsync(pieces, ticks).AsTask();
            await SayAsync("listening");
            await hearing;
            await Task.Yield(); // whoever hears is not to be held up by what is said of it
            await SayAsync(string.Join(' ', ticks.Select(static tick => tick * (1e9 / Stopwatch.Frequency)).Select(static nanoseconds => nanoseconds.ToString("F0", CultureInfo.InvariantCulture))));
        }

        async Task TellCostAsync(int pieces)
        {
            Task[] hearing = [.. listening.Select(session => session.HearAsync(pieces, Memory<long>.Empty).AsTask())];
            await SayAsync("listening");
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            await Task.WhenAll(hearing);
            processor = Environment.CpuUsage.TotalTime - processor;
            await Task.Yield();
            await SayAsync(string.Create(CultureInfo.InvariantCulture, $"{processor.TotalNanoseconds / (pieces * listening.Count)} {Environment.WorkingSet}"));
        }

        async Task SayAsync(string line)
        {
            await output.WriteLineAsync(line);
            await output.FlushAsync();
        }
    }
}
