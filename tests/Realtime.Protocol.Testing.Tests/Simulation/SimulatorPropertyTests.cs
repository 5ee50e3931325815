using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>
/// Whatever a client says, in whatever order and however broken, and whatever goes wrong on the way: the server stays within its grammar, never throws, comes to rest
/// once it is left alone, and says the same bytes in whatever portions time passes. Runs are random from a seed, which a failure prints.
/// </summary>
public class SimulatorPropertyTests
{
    private const int Runs = 2_000;
    private const int ShortestPortionMs = 7;

    // A run in other portions costs as much again, and time goes through the same agenda in every run.
    private const int RunsForEachInOtherPortions = 4;

    [Fact]
    public void RandomClients_NeverBreakTheGrammar_AndFindTheSameServer_InOtherPortionsOfTime()
    {
        // A great many are run by setting REALTIME_SIMULATOR_RUNS to their number.
        int runs = Environment.GetEnvironmentVariable("REALTIME_SIMULATOR_RUNS") is { } wish ? int.Parse(wish, CultureInfo.InvariantCulture) : Runs;
        ConcurrentQueue<string> failures = [];
        Parallel.For(0, runs, (seed, loop) =>
        {
            if (Run(seed) is { } failure)
            {
                failures.Enqueue($"seed {seed}: {failure}");
                loop.Stop();
            }
        });

        Assert.True(failures.IsEmpty, string.Join('\n', failures));
    }

    private static string? Run(int seed)
    {
        var choices = new Random(~seed);
        var client = new RandomClient(new Random(seed))
        {
            Kind = choices.Next(8) == 0 ? SimulatedSessionKind.Transcription : SimulatedSessionKind.Realtime,
            Faults = choices.Next(2) == 0 ? RandomFaults.Next(choices) : Testing.Simulation.Faults.FaultPlan.None,
        };
        var grammar = new ServerGrammar();
        List<string> said = [];
        try
        {
            client.Run(seed, effect =>
            {
                if (effect.Kind == SimulatorEffectKind.Send)
                {
                    grammar.Accept(effect.Message.Span);
                }

                Note(effect, said);
            });
        }
        catch (Exception thrown)
        {
            return thrown.ToString();
        }

        bool wasClosed = said is [.., { } last] && last.StartsWith("Close", StringComparison.Ordinal);
        return grammar.Violations.Count > 0 ? grammar.Violations[0]
            : !wasClosed && !grammar.IsAtRest ? "something is still open ten minutes after the last word"
            : seed % RunsForEachInOtherPortions > 0 ? null
            : Difference(said, Replayed(client, choices));
    }

    /// <summary>What the simulator says when everything happens again at the same times, and time passes in portions of any length in between.</summary>
    private static List<string> Replayed(RandomClient client, Random choices)
    {
        var simulator = new RealtimeServerSimulator(client.Options);
        List<string> said = [];
        long now = 0;
        int longest = choices.Next(2) == 0 ? 50 : 3_000;
        simulator.Connect(0);
        foreach ((byte[]? message, long at) in client.Script)
        {
            // Ten minutes are too long to be cut that small.
            for (int portions = 0; portions < 200 && at - now > ShortestPortionMs; portions++)
            {
                now = Math.Min(at, now + choices.Next(1, longest));
                simulator.Elapse(now);
                Take(simulator, said);
            }

            now = at;
            if (message is not null)
            {
                simulator.Receive(message, now);
            }

            simulator.Elapse(now);
            Take(simulator, said);
        }

        return said;
    }

    private static void Take(RealtimeServerSimulator simulator, List<string> said)
    {
        while (simulator.TryTakeEffect(out SimulatorEffect effect))
        {
            Note(effect, said);
        }
    }

    // When a timer is set again depends on when it fired.
    private static void Note(in SimulatorEffect effect, List<string> said)
    {
        if (effect.Kind == SimulatorEffectKind.Send)
        {
            said.Add(Encoding.UTF8.GetString(effect.Message.Span));
        }
        else if (effect.Kind == SimulatorEffectKind.Close)
        {
            said.Add($"Close {effect.CloseStatus} {effect.CloseReason}");
        }
    }

    private static string? Difference(List<string> first, List<string> second)
    {
        int same = first.Zip(second).TakeWhile(static pair => pair.First == pair.Second).Count();
        return same == first.Count && same == second.Count ? null
            : $"in other portions of time event {same} is another one:\n{Shown(first, same)}\n{Shown(second, same)}";
    }

    private static string Shown(List<string> said, int place) => place < said.Count ? said[place][..Math.Min(300, said[place].Length)] : "(nothing)";
}
