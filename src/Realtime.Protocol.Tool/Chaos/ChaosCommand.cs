using System.CommandLine;
using System.CommandLine.Parsing;
using static Realtime.Protocol.CommandLine.OptionRules;

namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>The options of <c>realtime chaos</c> in words.</summary>
internal static class ChaosCommand
{
    private const int MostCalls = 1_000;
    private const int MostTurns = 1_000;

    private static readonly string[] Kinds = [.. Enum.GetNames<Deed>().Select(static name => name.ToLowerInvariant())];

    public static Command Create(Surroundings world)
    {
        var journal = new Option<string>("--journal") { HelpName = "KIND|PLACE", Description = "Where the calls are kept: file, postgresql or redis for a store of its own, which is thrown away; or a place as gateway takes it. Left out: file.", DefaultValueFactory = static _ => "file" };
        var journalVariable = new Option<string?>("--journal-variable") { HelpName = "NAME", Description = "The environment variable that says where the calls are kept, password and all." };
        var calls = new Option<int?>("--calls") { HelpName = "N", Description = "How many phones talk at once. Left out: 8.", CustomParser = static result => ParseNumber(result, "a number of calls", MostCalls, least: 1) };
        var turns = new Option<int?>("--turns") { HelpName = "N", Description = "How many questions each asks for each thing that goes wrong, which happens in the first. Left out: 2.", CustomParser = static result => ParseNumber(result, "a number of questions", MostTurns, least: 1) };
        var seed = new Option<int?>("--seed") { HelpName = "N", Description = "Decides when who speaks, and when it goes wrong. Left out: 1.", CustomParser = static result => ParseNumber(result, "a seed", int.MaxValue) };
        var kinds = new Option<Deed[]?>("--kinds") { HelpName = "LIST", Description = $"What goes wrong, in this order: {string.Join(',', Kinds)}. Left out: all that can.", CustomParser = ParseKinds };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object at the end instead of a line for each." };
        NoEmpty(journal);
        NoEmpty(journalVariable);
        var command = new Command("chaos", "Kills, stops and drains gateways and takes their store away while phones talk, and fails when a call does not go on as it should.") { journal, journalVariable, calls, turns, seed, kinds, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var usual = new ChaosSettings();
            var settings = usual with
            {
                Journal = parsed.GetValue(journal)!,
                JournalVariable = parsed.GetValue(journalVariable),
                Calls = parsed.GetValue(calls) ?? usual.Calls,
                Turns = parsed.GetValue(turns) ?? usual.Turns,
                Seed = parsed.GetValue(seed) ?? usual.Seed,
                Deeds = parsed.GetValue(kinds) is { Length: > 0 } named ? named : null,
                Json = parsed.GetValue(json),
            };
            await using var run = new ChaosRun(settings, world);
            return (int)await run.RunAsync(cancellationToken);
        });
        return command;
    }

    private static Deed[]? ParseKinds(ArgumentResult result)
    {
        string[] words = result.Tokens[0].Value.Split(',');
        if (Array.Find(words, static word => !Kinds.Contains(word)) is { } unknown)
        {
            result.AddError($"--kinds takes {string.Join(", ", Kinds)}, with commas between them, not \"{unknown}\"");
            return null;
        }

        return [.. words.Select(static word => Enum.Parse<Deed>(word, ignoreCase: true))];
    }
}
