using System.Globalization;
using System.Text;

namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// Runs many schedules of one kind on all cores. The first that fails is made small and told in full: its seed, its rule, its tape, and everything that happened on it.
/// How many of them are run says <see cref="Thoroughness"/>.
/// </summary>
internal static class ScheduleRuns
{
    /// <summary>What the first schedule did that fails, or null.</summary>
    public static string? FirstFailure(int schedules, ScheduleKind kind, ulong firstSeed = 0)
    {
        long failed = long.MaxValue;
        Parallel.For(0, Thoroughness.Of(schedules), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (index, state) =>
        {
            if (Failure(new Tape(firstSeed + (ulong)index), kind) is not null)
            {
                state.Break();
                for (long lowest = Interlocked.Read(ref failed); index < lowest; lowest = Interlocked.Read(ref failed))
                {
                    Interlocked.CompareExchange(ref failed, index, lowest);
                }
            }
        });
        return failed == long.MaxValue ? null : Report(firstSeed + (ulong)failed, kind);
    }

    /// <summary>Those of the steps that pass between client and server in none of the first schedules of a kind.</summary>
    public static IReadOnlyList<string> Missing(IReadOnlyList<string> steps, int schedules, ScheduleKind kind)
    {
        var tally = new Dictionary<string, int>();
        List<string> missing = [.. steps];
        for (int seed = 0; seed < schedules && missing.Count > 0; seed++)
        {
            new Schedule(new Tape((ulong)seed), kind, tally: tally).Run();
            missing.RemoveAll(tally.ContainsKey);
        }

        return missing;
    }

    /// <summary>What a tape shows; for a tape that a failure printed.</summary>
    public static string? Replay(string tape, ScheduleKind kind)
    {
        ushort[] values = [.. tape.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static value => ushort.Parse(value, CultureInfo.InvariantCulture))];
        return Failure(new Tape(values), kind) is { } failure ? $"{failure.Message}\n{Story(values, kind)}" : null;
    }

    private static string Report(ulong seed, ScheduleKind kind)
    {
        var tape = new Tape(seed);
        Exception first = Failure(tape, kind)!;
        string rule = RuleOf(first);
        ushort[] small = TapeShrinker.Shrink(tape.Played, candidate => Failure(new Tape(candidate), kind) is { } failure && RuleOf(failure) == rule);
        Exception last = Failure(new Tape(small), kind)!;
        return new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"{last.Message}")
            .AppendLine(CultureInfo.InvariantCulture, $"Seed {seed}, {kind.Trouble}. The tape, made small: \"{string.Join(' ', small)}\"")
            .AppendLine(Story(small, kind))
            .Append(last is ScheduleException ? "" : last.ToString())
            .ToString();
    }

    private static string Story(ushort[] tape, ScheduleKind kind)
    {
        Schedule? schedule = null;
        try
        {
            schedule = new Schedule(new Tape(tape), kind, logs: true);
            schedule.Run();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It fails again: that is why it is told.
        }

        return schedule?.Log ?? "";
    }

    private static Exception? Failure(Tape tape, ScheduleKind kind)
    {
        try
        {
            new Schedule(tape, kind).Run();
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e;
        }
    }

    /// <summary>The failure without its numbers and ids, which shrinking changes.</summary>
    private static string RuleOf(Exception failure) => failure.GetType().Name + string.Concat(failure.Message.Where(static c => !char.IsAsciiDigit(c)));
}
