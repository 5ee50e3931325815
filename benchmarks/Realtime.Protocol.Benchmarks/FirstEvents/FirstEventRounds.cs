using System.Globalization;
using Realtime.Protocol.Benchmarks.Children;
using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.FirstEvents;

/// <summary>The first event of a cold process, in many processes that take turns.</summary>
public static class FirstEventRounds
{
    public const string Comparison = "first event";

    private const int Rounds = 15;

    public static IEnumerable<Series> Measure()
    {
        var answers = FirstEventChild.Names.ToDictionary(static way => way, static _ => new List<double[]>());
        // The first process of each reads the libraries from the disk, which is not what is asked.
        for (int round = -1; round < Rounds; round++)
        {
            foreach (string way in FirstEventChild.Names)
            {
                using ChildProcess child = ChildProcess.Start(ChildVerbs.FirstEvent, way);
                double[] answer = [.. child.Hear().Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture))];
                if (round >= 0)
                {
                    answers[way].Add(answer);
                }
            }
        }

        return answers.Select(static way => new Series(Comparison, way.Key, [.. way.Value.Select(static answer => answer[0])], way.Value.Min(static answer => answer[1])));
    }
}
