using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>
/// Whatever a client says, in whatever order and however broken, and whatever goes wrong on the way: the server stays within its grammar, never throws, comes to rest
/// once it is left alone, and says the same bytes in whatever portions time passes. Runs are random from a seed, which a failure prints; <c>REALTIME_SIMULATOR_SEED</c> runs that one and prints both sides.
/// </summary>
public partial class SimulatorPropertyTests(ITestOutputHelper output)
{
    private const int Runs = 2_000;
    private const int ShortestPortionMs = 7;

    // A run in other portions costs as much again, and time goes through the same agenda in every run.
    private const int RunsForEachInOtherPortions = 4;

    // Of WebRTC and telephones, of the beta, and a name of old that the service says no more.
    private static readonly string[] NeverSaid =
        ["input_audio_buffer.dtmf_event_received", "output_audio_buffer.cleared", "output_audio_buffer.started", "output_audio_buffer.stopped", "transcription_session.updated", "conversation.item.created"];

    private static readonly SimulatorOptions Plain = new();

    [Fact]
    public void RandomClients_NeverBreakTheGrammar_AndFindTheSameServer_InOtherPortionsOfTime()
    {
        // A great many are run by setting REALTIME_SIMULATOR_RUNS to their number.
        int runs = Environment.GetEnvironmentVariable("REALTIME_SIMULATOR_RUNS") is { } wish ? int.Parse(wish, CultureInfo.InvariantCulture) : Thoroughness.Of(Runs);
        if (Environment.GetEnvironmentVariable("REALTIME_SIMULATOR_SEED") is { } one)
        {
            Assert.Null(Run(int.Parse(one, CultureInfo.InvariantCulture), [], output.WriteLine));
            return;
        }

        ConcurrentQueue<string> failures = [];
        ConcurrentDictionary<string, bool> drawn = [];
        Parallel.For(0, runs, (seed, loop) =>
        {
            if (Run(seed, drawn) is { } failure)
            {
                failures.Enqueue($"seed {seed}: {failure}");
                loop.Stop();
            }
        });

        Assert.True(failures.IsEmpty, string.Join('\n', failures));
        Assert.Empty(runs < Runs ? [] : Everything().Except(drawn.Keys));
    }

    /// <summary>
    /// What no run may leave out: what a client can say, path by path of the schema, what a server can say, and what it can be like. What a page of the tests says of these clients
    /// is true as long as this is. How sessions share what they keep is a host's business.
    /// </summary>
    private static IEnumerable<string> Everything() =>
    [
        .. RandomClient.AllVocabulary,
        .. FaultCatalogue.Rows.Where(static row => !row.IsSwitch).Select(static row => row.Name),
        .. FaultCatalogue.Rows.Where(static row => row.IsSwitch).SelectMany(static row => row.Values.Split(", ").Skip(1).Select(value => $"{row.Name}:{value}")),
        .. typeof(SimulatorOptions).GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Select(static property => property.Name).Except(["EqualityContract", nameof(SimulatorOptions.Scenario), nameof(SimulatorOptions.KeptAudioShare)]),
        .. Enum.GetNames<SimulatedTurnDetection>(),
        .. Enum.GetNames<SimulatedSessionKind>(),
        .. EventTypes.Server.Except(NeverSaid),
    ];

    private static string? Run(int seed, ConcurrentDictionary<string, bool> drawn, Action<string>? tell = null)
    {
        var choices = new Random(~seed);
        bool breaks = choices.Next(4) == 0;
        var client = new RandomClient(new Random(seed)) { Breaks = breaks, Faulty = options => choices.Next(2) == 0 ? RandomFaults.Next(options, choices, breaks) : options };
        var heard = new ServerGrammar();
        ServerGrammar? own = null;
        List<string> said = [];
        bool isClosed;
        try
        {
            isClosed = client.Run(
                seed,
                effect =>
                {
                    if (effect.Kind == SimulatorEffectKind.Send)
                    {
                        heard.Accept(effect.Message.Span);
                    }

                    Note(effect, said);
                },
                options => own = new ServerGrammar(FaultCatalogue.BrokenBy(options.Service)));
        }
        catch (Exception thrown)
        {
            return thrown.ToString();
        }

        tell?.Invoke($"{string.Join(", ", FaultCatalogue.Wishes(client.Options))}\n{string.Join('\n', client.Script.Select(static step => $"{step.At} {(step.Message is { } message ? Encoding.UTF8.GetString(message) : "")}"))}\n{string.Join('\n', said)}");
        Note(client, said, drawn);
        SimulatorOptions options = client.Options;
        ServerRules broken = FaultCatalogue.BrokenBy(options.Service) | FaultCatalogue.BrokenBy(options.Faults);
        bool isHeard = !options.Faults.Wishes.Any(static wish => wish.StartsWith("drop@client:", StringComparison.Ordinal));
        return own!.Violations.Count > 0 ? own.Violations[0]
            : (heard.Broken & ~broken) != 0 ? $"{heard.Broken & ~broken} of what is heard: {string.Join(", ", heard.Violations)}"
            : broken == ServerRules.None && !isClosed && isHeard && !heard.IsAtRest ? "something is still open ten minutes after the last word"
            : seed % RunsForEachInOtherPortions > 0 ? null
            : Difference(said, Replayed(client, choices));
    }

    private static void Note(RandomClient client, List<string> said, ConcurrentDictionary<string, bool> drawn)
    {
        SimulatorOptions options = client.Options;
        foreach (string one in client.Vocabulary)
        {
            drawn[one] = true;
        }

        foreach (string wish in FaultCatalogue.Wishes(options))
        {
            drawn[wish.Split(':', '@')[0]] = true;
            drawn[wish] = true;
            drawn[wish.Split(':')[0] + ":n"] = true;
        }

        foreach (PropertyInfo property in typeof(SimulatorOptions).GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Where(property => !Equals(property.GetValue(options), property.GetValue(Plain))))
        {
            drawn[property.Name] = true;
        }

        drawn[options.TurnDetection.ToString()] = true;
        drawn[options.Kind.ToString()] = true;
        foreach (string message in said)
        {
            drawn[Type().Match(message).Groups[1].Value] = true;
        }
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

    [GeneratedRegex("^\\{\"type\":\"([^\"]*)\"")]
    private static partial Regex Type();
}
