using System.Globalization;
using Realtime.Protocol.Benchmarks.Children;
using Realtime.Protocol.Benchmarks.Simulator;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>
/// What grows while many sessions talk to the simulator for a long time, server and clients in processes of their own. A conversation is kept for as long as its session, for whoever asks or resumes; so two things are
/// told apart: what is left in the heap when all have hung up, beside what was left by as many that talked for a minute, and what a turn adds to its session. The heap is what is held after full collections, while nobody talks.
/// And no turn is lost: each that was not heard to its end is told with its outcome and its time.
/// </summary>
public static class GrowthCommand
{
    public const int UsualSessions = 1_000;
    public const int UsualMinutes = 10;

    /// <summary>Goal of what is left, in MiB.</summary>
    public const double LeftGoal = 1;

    /// <summary>Goal of what a turn adds, in KB.</summary>
    public const double TurnGoal = 4;

    private const int CyclesInMinute = 60_000 / TalkCycle.CycleMs;
    private const int MostLostShown = 50;

    /// <returns>The exit code: 0 when all goals are reached, 1 otherwise.</returns>
    public static int Print(TextWriter output, int sessions, int minutes)
    {
        using ChildProcess server = ChildProcess.Start(ChildVerbs.ServeSimulator);
        using ChildProcess clients = ChildProcess.Start(ChildVerbs.TalkLong, server.Hear());

        // As many sessions for a minute: code is compiled, and every pool and table of the process has what it keeps.
        Ask(clients, $"open {sessions}");
        Talk warmUp = Hold("the warm-up", CyclesInMinute);
        double before = Ask(clients, "close 0")[0];

        Ask(clients, $"open {sessions}");
        Talk first = Hold("the first minute", CyclesInMinute);
        double young = Ask(clients, "held 0")[0];
        int cycles = minutes * CyclesInMinute;
        Talk rest = Hold("the rest", cycles);
        double old = Ask(clients, "held 0")[0];
        double after = Ask(clients, "close 0")[0];

        Talk[] talks = [warmUp, first, rest];
        int turns = sessions * (cycles + (2 * CyclesInMinute));
        double left = (after - before) / (1_024 * 1_024);
        double turn = (old - young) / sessions / cycles / 1_024;
        int lost = turns - talks.Sum(static talk => talk.Heard);
        bool isWell = lost == 0;
        output.WriteLine(Line("S5", left, LeftGoal, "MiB", $"left in the heap by {sessions} sessions that talked for {minutes} min, beyond what as many left that talked for one"));
        output.WriteLine(Line("S6", turn, TurnGoal, "KB", $"that a turn adds to its session, which keeps its conversation ({young / 1_024 / sessions:F1} KB a session after one minute, {old / 1_024 / sessions:F1} KB at the end)"));
        output.WriteLine($"S7 {lost} lost goal 0 lost {(isWell ? "ok   " : "short")}  turns that were not heard to their end, of {turns}{(isWell ? "" : ": the two figures above count for nothing")}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   the clients were up to {talks.Max(static talk => talk.SlowestMs):F0} ms late, and a speaker waited up to {talks.Max(static talk => talk.LongestWaitMs):F0} ms longer than usual for the end of an answer"));
        string[] fates = [.. talks.SelectMany(static talk => talk.Lost)];
        foreach (string fate in fates.Take(MostLostShown))
        {
            output.WriteLine($"   lost: {fate}");
        }

        if (fates.Length > MostLostShown)
        {
            output.WriteLine($"   and {fates.Length - MostLostShown} more");
        }

        return isWell && left <= LeftGoal && turn <= TurnGoal ? 0 : 1;

        Talk Hold(string when, int cycles)
        {
            double[] figures = Ask(clients, $"talk {cycles}");
            return new((int)figures[0], figures[1], figures[2], [.. Enumerable.Range(0, (int)figures[3]).Select(_ => $"in {when}, {clients.Hear()}")]);
        }
    }

    private static string Line(string id, double value, double goal, string unit, FormattableString what) =>
        string.Create(CultureInfo.InvariantCulture, $"{id} {value:F2} {unit} goal {goal:F2} {unit} {(value <= goal ? "ok   " : "short")}  {what.ToString(CultureInfo.InvariantCulture)}");

    private static double[] Ask(ChildProcess child, string line)
    {
        child.Say(line);
        return [.. child.Hear().Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    // A talk as the other process tells it.
    private readonly record struct Talk(int Heard, double SlowestMs, double LongestWaitMs, IReadOnlyList<string> Lost);
}
