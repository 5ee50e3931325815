using System.Diagnostics;
using System.Globalization;

namespace Realtime.Protocol.Benchmarks.Generation;

/// <summary>
/// Holds the generator to its two goals. The three measurements take turns, so that whatever else the machine does
/// meets all of them; medians are compared, and only with those of the same run. A compiler lives for hours beside an
/// editor, so each is warmed up for the same time first, and short work is repeated until a turn is long enough to time.
/// </summary>
public static class GeneratorGoals
{
    private const int Rounds = 7;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);
    private const double EverythingOfCompiling = 0.10;
    private const double OneEventOfEverything = 0.05;

    /// <returns>The exit code: 0 when both goals are reached, 1 when one is not.</returns>
    public static int Print(TextWriter output)
    {
        var speed = new GeneratorSpeed();
        speed.PrepareAndCheck();
        Action[] measured = [() => speed.Compile(), () => speed.GenerateEverything(), () => speed.RegenerateOneEvent()];
        double[] medians = Medians(measured);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"compiling {medians[0]:F1} ms, generating everything {medians[1]:F1} ms, one edited event {medians[2]:F2} ms (medians of {Rounds})"));
        bool everything = Holds(output, "everything / compiling", medians[1] / medians[0], EverythingOfCompiling);
        bool oneEvent = Holds(output, "one edited event / everything", medians[2] / medians[1], OneEventOfEverything);
        return everything && oneEvent ? 0 : 1;
    }

    private static double[] Medians(Action[] measured)
    {
        foreach (Action action in measured)
        {
            TimeOnce(action, WarmUp);
        }

        var times = Array.ConvertAll(measured, _ => new List<double>());
        for (int round = 0; round < Rounds; round++)
        {
            for (int index = 0; index < measured.Length; index++)
            {
                // What one left behind is not for the next to clean up.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                times[index].Add(TimeOnce(measured[index], Turn));
            }
        }

        return Array.ConvertAll(times, list => list.Order().ElementAt(Rounds / 2));
    }

    /// <summary>Milliseconds for one call, from as many calls as fit the time; at least one.</summary>
    private static double TimeOnce(Action action, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        do
        {
            action();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(start) < time);

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / calls;
    }

    private static bool Holds(TextWriter output, string name, double ratio, double goal)
    {
        bool holds = ratio <= goal;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(holds ? "ok   " : "short")}  {name}: {ratio:P1} (goal: at most {goal:P0})"));
        return holds;
    }
}
