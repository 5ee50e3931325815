using System.Globalization;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// The sessions of one way in a process of its own. It hears <c>open 200</c> and answers with the bytes of heap that each holds, or
/// <c>talk 250</c> and answers with nanoseconds: of the processor for each second of a session, of the median answer, of the slowest hundredth.
/// </summary>
public static class TalkingChild
{
    public static async Task RunAsync(string way, string address, TextReader input, TextWriter output)
    {
        await using var sessions = new TalkingSessions(way, new Uri(address));
        while (await input.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            int count = int.Parse(words[1], CultureInfo.InvariantCulture);
            FormattableString answer;
            if (words[0] == "open")
            {
                answer = $"{await sessions.OpenAsync(count)}";
            }
            else
            {
                (double processor, double median, double tail) = await sessions.TalkAsync(count);
                answer = $"{processor} {median} {tail}";
            }

            await output.WriteLineAsync(answer.ToString(CultureInfo.InvariantCulture));
            await output.FlushAsync();
        }
    }
}
