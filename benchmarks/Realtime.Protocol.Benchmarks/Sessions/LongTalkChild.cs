using System.Globalization;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// A long talk in a process of its own. It hears <c>open 200</c>, and answers when all are connected; <c>talk 12</c>, and answers after so many cycles how many turns were heard to their
/// end, how late the slowest piece was said, how long a speaker waited longest, both in ms, how many turns were lost, and a line for each of those; <c>held 0</c>, and answers with the bytes of the heap;
/// or <c>close 0</c>, and answers with those that are left when all have hung up.
/// </summary>
public static class LongTalkChild
{
    public static async Task RunAsync(Uri server, TextReader input, TextWriter output)
    {
        await using var talk = new LongTalk(server);
        while (await input.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            int count = int.Parse(words[1], CultureInfo.InvariantCulture);
            FormattableString answer;
            IReadOnlyList<LostTurn> lost = [];
            switch (words[0])
            {
                case "open":
                    await talk.OpenAsync(count);
                    answer = $"{count}";
                    break;
                case "talk":
                    TalkReport report = await talk.TalkAsync(count);
                    lost = report.Lost;
                    answer = $"{report.Heard} {report.SlowestMs} {report.LongestWaitMs} {lost.Count}";
                    break;
                case "close":
                    await talk.CloseAsync();
                    answer = $"{TalkingSessions.HeldBytes()}";
                    break;
                default:
                    answer = $"{TalkingSessions.HeldBytes()}";
                    break;
            }

            await output.WriteLineAsync(answer.ToString(CultureInfo.InvariantCulture));
            foreach (LostTurn turn in lost)
            {
                await output.WriteLineAsync(turn.ToString().ReplaceLineEndings(" "));
            }

            await output.FlushAsync();
        }
    }
}
