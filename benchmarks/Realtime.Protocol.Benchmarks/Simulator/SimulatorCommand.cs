using System.Globalization;
using Realtime.Protocol.Benchmarks.Children;

namespace Realtime.Protocol.Benchmarks.Simulator;

/// <summary>
/// The simulator under many sessions, server and clients in processes of their own: what one holds of the heap while it rests and while it talks, and
/// what talking costs. Sessions talk once for the compiler, then undisturbed, for the processor's time and the deadlines, and once more while the heap is looked at.
/// </summary>
public static class SimulatorCommand
{
    public const int UsualSessions = 200;
    public const int UsualCycles = 6;

    private const int SessionsOfACheck = 24;

    private const double RestingGoal = 40;
    private const double TalkingGoal = 120;
    private const double LateGoal = 1;

    // With fewer sessions than these the deadlines are told and no goal: they say nothing about the goal.
    private const int SessionsOfTheDeadline = 1_000;

    // Enough for every pool and table of the process to have what they keep.
    private const int WarmUps = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <returns>The exit code: 0 when every goal is reached, 1 when one is short.</returns>
    public static int Print(TextWriter output, int sessions, int cycles)
    {
        using ChildProcess server = ChildProcess.Start(ChildVerbs.ServeSimulator);
        using ChildProcess clients = ChildProcess.Start(ChildVerbs.TalkRaw, server.Hear());
        Ask(clients, $"open {WarmUps}");
        (double heapBefore, double rssBefore) = Held(server);
        Ask(clients, $"open {sessions - WarmUps}");
        (double heapAtRest, double rssAtRest) = Held(server);
        int added = sessions - WarmUps;

        // All sessions as they are before they have ever talked hold what the added ones hold.
        double resting = (heapAtRest - heapBefore) / added;
        double empty = heapBefore - (WarmUps * resting);

        // A first cycle, in which the server is compiled.
        Ask(clients, "talk 1");
        double processorBefore = Numbers(Ask(server, "processor"))[0];
        double[] talk = Numbers(Ask(clients, $"talk {cycles}"));
        double processor = Numbers(Ask(server, "processor"))[0] - processorBefore;
        (_, double rssTalking) = Held(server);
        (double talking, double largest) = TalkAndLook(server, clients, cycles, sessions, empty);

        double seconds = cycles * TalkCycle.CycleMs / 1_000.0;
        double late = 100 * talk[2] / talk[1];
        bool[] reached =
        [
            Goal(output, "M1", resting, RestingGoal, "KB", true, $"heap of a resting session, {added} of them"),
            Goal(output, "M2", talking, TalkingGoal, "KB", true, $"mean heap of a talking session ({Text(largest)} KB at most)"),
            Goal(output, "M3", late, LateGoal, "%", sessions >= SessionsOfTheDeadline, $"pieces of the echo more than {RawSession.Deadline.TotalMilliseconds:F0} ms late or missing, of {talk[1]:F0}; the clients themselves were up to {talk[3]:F0} ms late"),
        ];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   {sessions} sessions, {talk[0] / seconds:F0} events a second; the server needs {processor / seconds / 1_000:F2} cores for them, {processor * 1_000 / talk[0]:F1} µs an event"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   {(rssAtRest - rssBefore) / added:F0} KB of RSS for a resting session, {(rssTalking - rssBefore) / sessions:F0} KB after it has talked"));
        return reached.All(static one => one) ? 0 : 1;
    }

    /// <summary>A few sessions talk once, and no time is measured: every piece of every echo has to arrive, and nothing may be refused.</summary>
    /// <returns>The exit code: 0 when it is so.</returns>
    public static int Check(TextWriter output)
    {
        using ChildProcess server = ChildProcess.Start(ChildVerbs.ServeSimulator);
        using ChildProcess clients = ChildProcess.Start(ChildVerbs.TalkRaw, server.Hear());
        Ask(clients, $"open {SessionsOfACheck}");
        double[] talk = Numbers(Ask(clients, "talk 1"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{SessionsOfACheck} sessions: {talk[4]:F0} of {talk[1]:F0} pieces of the echo arrived, {talk[5]:F0} refusals"));
        return talk[4] == talk[1] && talk[5] == 0 ? 0 : 1;
    }

    private static (double Mean, double Largest) TalkAndLook(ChildProcess server, ChildProcess clients, int cycles, int sessions, double empty)
    {
        List<double> looks = [];
        clients.Say($"talk {cycles}");
        Task<string> talked = Task.Run(clients.Hear);
        Thread.Sleep(TalkCycle.CycleMs); // until the last session has begun
        for (int look = 0; look < (cycles - 1) * TalkCycle.CycleMs / BetweenLooks.TotalMilliseconds; look++)
        {
            looks.Add((Held(server).Heap - empty) / sessions);
            Thread.Sleep(BetweenLooks);
        }

        talked.GetAwaiter().GetResult();
        return (looks.Average(), looks.Max());
    }

    private static bool Goal(TextWriter output, string id, double value, double goal, string unit, bool counts, string what)
    {
        bool isReached = value <= goal;
        output.WriteLine($"{id} {Text(value)} {unit} goal {Text(goal)} {unit} {(isReached ? "ok   " : counts ? "short" : "     ")}  {what}");
        return isReached || !counts;
    }

    private static string Text(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    private static (double Heap, double Rss) Held(ChildProcess server)
    {
        double[] numbers = Numbers(Ask(server, "held"));
        return (numbers[0] / 1_024, numbers[1] / 1_024);
    }

    private static string Ask(ChildProcess child, string line)
    {
        child.Say(line);
        return child.Hear();
    }

    private static double[] Numbers(string line) => [.. line.Split(' ').Select(static number => double.Parse(number, CultureInfo.InvariantCulture))];
}
