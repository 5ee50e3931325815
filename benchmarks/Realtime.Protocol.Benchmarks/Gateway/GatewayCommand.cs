using System.Globalization;
using Realtime.Protocol.Benchmarks.Results;
using Realtime.Protocol.Benchmarks.Simulator;

namespace Realtime.Protocol.Benchmarks.Gateway;

/// <summary>
/// Calls on gateways, as they are in production but for the model: callers, gateways and the simulator in processes of their own on this machine, calls kept in each of the stores in turn. First many calls talk to one gateway, for what they hear and
/// what they cost; then a gateway is killed in the middle of every caller's answer, and the one that took its calls is stopped in the middle of the next, for how soon they go on, and whether each question is answered once.
/// </summary>
public static class GatewayCommand
{
    public const int UsualCalls = 160;
    public const int UsualSeconds = 30;

    /// <summary>How many calls lose their gateway at once.</summary>
    private const int MostBroken = 40;

    private const int CallsOfACheck = 6;
    private const int WarmUps = 8;
    private const int HopsOfTheWarmUp = 7;

    // How much of its answer each caller has heard when the gateway goes.
    private const int PlayedMs = 900;

    public static IReadOnlyList<string> Journals => CallStore.Names;

    /// <returns>The exit code: 0 when every goal is reached, 1 when one is short.</returns>
    public static async Task<int> PrintAsync(TextWriter output, int calls, int seconds, IReadOnlyList<string> journals)
    {
        Machine machine = Machine.OfThisProcess();
        output.WriteLine($"{machine.Processor}, {machine.Cores} cores, {machine.Runtime}; load {Load()} before");
        bool isWell = true;
        foreach (string journal in journals)
        {
            if (CallStore.Missing(journal) is { } missing)
            {
                output.WriteLine($"{journal}: skipped: {missing}");
                continue;
            }

            await using GatewayRun run = await GatewayRun.StartAsync(journal);
            isWell &= Hold(output, run, calls, Math.Max(1, seconds * 1_000 / TalkCycle.CycleMs));
            isWell &= !run.Store.Resumes || Resume(output, run, Math.Min(calls, MostBroken));
        }

        output.WriteLine($"load {Load()} at the end");
        return isWell ? 0 : 1;
    }

    /// <summary>A few calls, and no time is measured: one gateway is killed and another one stopped in the middle of their answers, and every question has to be answered, and none twice.</summary>
    /// <returns>The exit code: 0 when it is so.</returns>
    public static async Task<int> CheckAsync(TextWriter output)
    {
        await using GatewayRun run = await GatewayRun.StartAsync(CallStore.File);
        run.Open(CallsOfACheck / 2, 0, 1);
        run.Open(CallsOfACheck / 2, 2, 1);
        (PhoneReport report, _) = run.Break(cycles: 1, PlayedMs, () =>
        {
            run.Kill(0);
            run.Stop(2);
        });
        output.WriteLine($"{CallsOfACheck} calls: {report.Answered} of {report.Asked} questions answered, {report.Twice} twice; {report.Resumed.Count} calls went on after a kill, {report.Moved.Count} moved");
        return (report.Asked, report.Answered, report.Twice) == (CallsOfACheck, CallsOfACheck, 0) && report.Resumed.Count == CallsOfACheck / 2 && report.Moved.Count == CallsOfACheck / 2 ? 0 : 1;
    }

    private static bool Hold(TextWriter output, GatewayRun run, int calls, int cycles)
    {
        // Code is compiled, and every pool has what it keeps.
        run.Open(WarmUps, 0);
        run.Talk(1);
        run.HangUp();
        double heapBefore = run.HeapOf(0);
        double[] ready = run.Open(calls, 0);
        run.Talk(1);
        (double gatewayBefore, double simulatorBefore) = run.Processor(0);
        (PhoneReport report, double latest) = run.Talk(cycles);
        (double gateway, double simulator) = run.Processor(0);
        double heap = (run.HeapOf(0) - heapBefore) / calls / 1_024;
        run.HangUp();

        // The last caller begins a cycle behind the first one, so both ends of the talk are not full: what a cycle costs is counted, and not how long they took.
        double talked = cycles * (TalkCycle.CycleMs / 1_000.0);
        double spent = (gateway - gatewayBefore) / 1_000;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Store.Name}: {calls} calls for {talked:F0} s: the gateway takes {100 * spent / talked / calls:F2} % of a core a call, the simulator {100 * (simulator - simulatorBefore) / 1_000 / talked / calls:F2} %; {heap:F0} KB of heap a call; ready after p50 {Of(ready, 50):F0} ms, p95 {Of(ready, 95):F0}; frames up to {latest:F0} ms late"));
        return Goal(output, "G1", report.FirstSounds, 400, string.Create(CultureInfo.InvariantCulture, $"first sound p95 of {report.FirstSounds.Count} answers, {TalkCycle.Timetable.Due[0]} ms of it the model's"))
            & Goal(output, report);
    }

    private static bool Resume(TextWriter output, GatewayRun run, int calls)
    {
        // Every gateway has taken calls over before, as in a fleet that runs; how soon the first ones went on is told beside the goals.
        run.Open(WarmUps, 0, 1, 2);
        run.Talk(1);
        double[] first = [.. run.Hop(), .. run.Hop()];
        for (int hop = 0; hop < HopsOfTheWarmUp; hop++)
        {
            run.Hop();
        }

        run.HangUp();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   the first {WarmUps} calls at once that each of two gateways took over, warmed up by itself alone: resume p50 {Of(first, 50):F0} ms, max {first.Max():F0}"));
        run.Open(calls, 0, 1, 2);
        (PhoneReport killed, _) = run.Break(cycles: 2, PlayedMs, () => run.Kill(0));
        (PhoneReport drained, _) = run.Break(cycles: 2, PlayedMs, () => run.Stop(1));
        run.HangUp();
        bool isWhole = killed.Resumed.Count == calls && drained.Moved.Count == calls;
        if (!isWhole)
        {
            output.WriteLine($"   {killed.Resumed.Count} and {drained.Moved.Count} of {calls} calls went on: the two figures below count for nothing");
        }

        return isWhole
            & Goal(output, "G2", killed.Resumed, 600, $"resume p95 of {calls} calls at once after kill -9")
            & Goal(output, killed)
            & Goal(output, "G3", drained.Moved, 200, $"resume p95 of {calls} calls after a stop")
            & Goal(output, drained);
    }

    private static bool Goal(TextWriter output, string id, IReadOnlyList<double> all, double goal, string what)
    {
        bool isReached = all.Count > 0 && Of(all, 95) <= goal;
        output.WriteLine(all.Count == 0
            ? $"{id} none goal {goal:F0} ms short  {what}"
            : string.Create(CultureInfo.InvariantCulture, $"{id} {Of(all, 95):F0} ms goal {goal:F0} ms {(isReached ? "ok   " : "short")}  {what} (p50 {Of(all, 50):F0}, max {all.Max():F0})"));
        return isReached;
    }

    private static bool Goal(TextWriter output, PhoneReport report)
    {
        int wrong = report.Asked - report.Answered + report.Twice;
        output.WriteLine($"G4 {wrong} goal 0 {(wrong == 0 ? "ok   " : "short")}  of {report.Asked} questions not answered to the end ({report.Asked - report.Answered}), or twice ({report.Twice})");
        return wrong == 0;
    }

    private static double Of(IReadOnlyList<double> all, int percent)
    {
        double[] sorted = [.. all.Order()];
        return sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
