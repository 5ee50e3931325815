using System.Globalization;
using System.Text.Json;

namespace Realtime.Protocol.Benchmarks.Gateway;

/// <summary>
/// Callers in a process of their own. It hears <c>open 40 0 1</c>, dials so many calls at the gateway of the first number, whose next one is that of the second, and answers with the times to <c>ready</c>; <c>talk 6</c>, and answers with a
/// <see cref="PhoneReport"/> and how late the latest frame was; <c>break 1 900</c>, which is a talk of all at once, and says <c>now</c> when every one of them has heard so many milliseconds of an answer, and later the same two lines;
/// <c>hop 0</c>, at which each breaks its line, and it answers with the times until they went on elsewhere; or <c>hang-up 0</c>.
/// </summary>
internal static class PhonesChild
{
    public static async Task RunAsync(IReadOnlyList<Uri> gateways, TextReader input, TextWriter output)
    {
        await using var phones = new Phones();
        while (await input.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            int[] numbers = [.. words[1..].Select(static word => int.Parse(word, CultureInfo.InvariantCulture))];
            switch (words[0])
            {
                case "open":
                    Answer(JsonSerializer.Serialize(await phones.OpenAsync(numbers[0], [.. numbers[1..].Select(number => gateways[number])])));
                    break;
                case "talk":
                    Tell(await phones.TalkAsync(numbers[0], areStaggered: true));
                    break;
                case "hop":
                    Answer(JsonSerializer.Serialize(await phones.HopAsync()));
                    break;
                case "break":
                    Tell(await phones.TalkAsync(numbers[0], areStaggered: false, numbers[1], () => Answer("now")));
                    break;
                default:
                    await phones.HangUpAsync();
                    Answer("0");
                    break;
            }
        }

        void Tell((PhoneReport Report, double LatestMs) talk)
        {
            Answer(talk.Report.ToLine());
            Answer(talk.LatestMs.ToString(CultureInfo.InvariantCulture));
        }

        void Answer(string answer)
        {
            output.WriteLine(answer);
            output.Flush();
        }
    }
}
