using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Errors;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation.Shapes;

/// <summary>
/// A client that says everything that the schema makes possible, right and wrong, in every state of a session. Each message has one error of the
/// catalogue for an answer, or the events that it asks for, or a silence that is listed here; and after an error everything is as before.
/// </summary>
public partial class SchemaDrivenClientTests(ITestOutputHelper output)
{
    private const int LeastCases = 5_000;
    private const int LeastTranslationCases = 250;
    private const int ToldFailures = 12;

    private const int Pairs = 14_000;
    private const int MessagesInARow = 25;

    private static readonly Dictionary<string, SchemaCase[]> CasesOf = new() { ["realtime"] = SchemaCase.All("realtime"), ["transcription"] = SchemaCase.All("realtime", "transcription"), ["translation"] = SchemaCase.All("translation") };
    private static readonly Dictionary<string, SchemaCase[]> WholeOf = CasesOf.ToDictionary(static one => one.Key, static one => one.Value.Where(static one => one.What == "whole").ToArray());
    private static readonly HashSet<string> Codes = [.. ErrorCatalogue.Rows.Select(static row => row.Code)];

    private static readonly string[] Conversation =
    [
        """{"type":"conversation.item.create","item":{"id":"said","type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}}""",
        """{"type":"conversation.item.create","item":{"type":"function_call","name":"clock","call_id":"c1","arguments":"{}"}}""",
    ];

    private static readonly string Speech = SimulatedServer.Append(Sound.Speech(500));

    private static readonly string TranslatedSpeech = Speech.Replace("input_audio_buffer", "session.input_audio_buffer", StringComparison.Ordinal);

    /// <summary>The states, by what leads there, and the events that are taken there without a word: sound, what is answered later, and everything after the end.</summary>
    private static readonly Dictionary<string, State> States = new()
    {
        ["fresh"] = new("realtime", static () => Begin(manual: true).Say(Speech), ["input_audio_buffer.append", "response.create"], 900),
        ["active"] = new("realtime", static () => Begin(manual: true).Say("""{"type":"response.create"}""").Wait(150), ["input_audio_buffer.append"], 450),
        ["speaking"] = new("realtime", static () => Begin(manual: false).Say(Speech), ["input_audio_buffer.append", "response.create"], 900),
        ["beside"] = new("realtime", static () => Begin(manual: true).Say("""{"type":"response.create","response":{"conversation":"none"}}""").Wait(150), ["input_audio_buffer.append", "response.create"], 900),
        ["spoken"] = new("realtime", static () => Begin(manual: true).TakeTurn(Sound.Speech(500)).Wait(10_000).Say(Speech), ["input_audio_buffer.append", "response.create"], 900),
        ["transcription"] = new("transcription", static () => new SimulatedServer(new SimulatorOptions { Kind = SimulatedSessionKind.Transcription }, manual: false).Say(Speech), ["input_audio_buffer.append"], 140),
        ["expired"] = new("realtime", static () => Begin(manual: true).Wait(3_600_000), [.. CasesOf["realtime"].Select(static one => one.Type).Distinct()], 0),
        ["translating"] = new("translation", static () => Translating().Say(TranslatedSpeech), ["session.close", "session.input_audio_buffer.append"], 40),
        ["closing"] = new("translation", static () => Translating().Say(TranslatedSpeech).Say("""{"type":"session.close"}"""), [], 0),
    };

    public static TheoryData<string> StateNames => [.. States.Keys];

    [Theory]
    [MemberData(nameof(StateNames))]
    public void WhateverIsSaid_HasAnAnswerThatTheBookNames_AndARefusalChangesNothing(string state)
    {
        (string family, Func<SimulatedServer> enter, string[] silent, int leastAccepted) = States[state];
        // What is right always, and of what is wrong in some way as much as is tried in this run.
        SchemaCase[] cases = [.. CasesOf[family].Where(static (one, place) => one.What == "whole" || place % Thoroughness.Step == 0)];
        List<string> failures = [];
        Dictionary<string, List<string>> refused = [];
        HashSet<string> silences = [];
        int accepted = 0;
        SimulatedServer server = enter();
        string? spoken = SpokenBy(server);
        string before = server.Snapshot;
        foreach (SchemaCase one in cases)
        {
            string? failure = null;
            bool isRefused = false;
            try
            {
                IReadOnlyList<JsonObject> answer = server.Ask(one.About(spoken));
                isRefused = answer.Any(static said => (string)said["type"]! == "error");
                failure = isRefused ? FaultOf(one, answer) ?? (server.Snapshot == before ? null : "the refusal changed the session")
                    : answer.Count > 0 ? null
                    : !silent.Contains(one.Type) ? "no answer"
                    : one.Type == "response.create" && server.Closed is null && !server.Wait(1_000).Types.Contains("response.created") ? "no response"
                    : null;
                if (answer.Count == 0)
                {
                    silences.Add(one.Type);
                }
            }
            catch (Exception thrown)
            {
                failure = $"{thrown.GetType().Name}: {thrown.Message}";
            }

            if (failure is not null)
            {
                failures.Add($"{one.Type} {one.Path} {one.What}: {failure}\n  {one.Message}");
            }

            accepted += isRefused || server.Closed is not null ? 0 : 1;
            if (isRefused && failure is null)
            {
                (refused.TryGetValue(one.Type, out List<string>? list) ? list : refused[one.Type] = []).Add(one.About(spoken));
                server.Said.Clear();
            }
            else if (state != "expired")
            {
                server = enter();
                server.Said.Clear();
                before = server.Snapshot;
            }
        }

        int whole = cases.Count(static one => one.What == "whole");
        output.WriteLine($"{state}: {whole} paths, {cases.Length} messages, {accepted} accepted, {refused.Values.Sum(static list => list.Count)} refused");
        Assert.True(failures.Count == 0, $"{failures.Count} of {cases.Length}:\n{string.Join('\n', failures.Take(ToldFailures))}");
        Assert.True(CasesOf[family].Length > (family == "translation" ? LeastTranslationCases : LeastCases));
        Assert.True(accepted >= (Thoroughness.IsWhole ? leastAccepted : leastAccepted / 4), $"{accepted} accepted: what leads a message to its path is refused before that.");
        Assert.Equal(silent.Order(StringComparer.Ordinal), silences.Order(StringComparer.Ordinal));
        string undisturbed = GoOn(enter(), family);
        Assert.All(refused, list => Assert.Equal(undisturbed, GoOn(list.Value.Aggregate(enter(), static (server, message) => server.Say(message)), family)));
    }

    /// <summary>Any message behind any other, in whatever state the ones before have left: some in a row, with time between them, in every kind of session.</summary>
    [Fact]
    public void WhateverIsSaidNext_HasAnAnswerThatTheBookNames()
    {
        // A great many are said by setting REALTIME_SCHEMA_PAIRS to their number.
        int rows = (Environment.GetEnvironmentVariable("REALTIME_SCHEMA_PAIRS") is { } wish ? int.Parse(wish, System.Globalization.CultureInfo.InvariantCulture) : Thoroughness.Of(Pairs)) / MessagesInARow;
        string[] names = [.. States.Keys.Where(static name => name is not ("expired" or "closing"))];
        int accepted = 0;
        System.Collections.Concurrent.ConcurrentQueue<string> failures = [];
        Parallel.For(0, rows, (row, loop) =>
        {
            var random = new Random(row);
            State state = States[names[row % names.Length]];
            SimulatedServer server = state.Enter();
            string? spoken = SpokenBy(server);
            string said = $"row {row}";
            for (int i = 0; i <= MessagesInARow && server.Closed is null; i++)
            {
                SchemaCase next = Draw(random, state.Family);
                string before = server.Snapshot;
                server.Said.Clear();
                string? failure;
                try
                {
                    IReadOnlyList<JsonObject> answer = server.Ask(next.About(spoken));
                    bool isRefused = answer.Any(static one => (string)one["type"]! == "error");
                    Interlocked.Add(ref accepted, isRefused ? 0 : 1);
                    failure = isRefused ? FaultOf(next, answer) ?? (server.Snapshot == before ? null : "the refusal changed the session")
                        : answer.Count > 0 || state.Silent.Contains(next.Type) || next.Type == "response.create" || server.Closed is not null ? null
                        : "no answer";
                    server.Wait(random.Next(3) == 0 ? random.Next(1_500) : 0);
                }
                catch (Exception thrown)
                {
                    failure = $"{thrown.GetType().Name}: {thrown.Message}";
                }

                if (failure is not null)
                {
                    failures.Enqueue($"{said}\nnow {next.Type} {next.Path} {next.What}: {failure}\n  {next.Message}");
                    loop.Stop();
                    return;
                }

                said = $"row {row}, behind {next.Message}";
            }
        });

        output.WriteLine($"{rows * MessagesInARow} pairs, {accepted} messages accepted");
        Assert.True(failures.IsEmpty, string.Join('\n', failures.Take(ToldFailures)));
    }

    // Every other one is right, or nothing would ever happen.
    private static SchemaCase Draw(Random random, string family)
    {
        SchemaCase[] from = random.Next(2) == 0 ? WholeOf[family] : CasesOf[family];
        return from[random.Next(from.Length)];
    }

    // Equal in every session that is entered the same way.
    private static string? SpokenBy(SimulatedServer server) => (string?)server.All("response.output_item.added").LastOrDefault()?["item"]!["id"];

    private static SimulatedServer Translating() => new(new SimulatorOptions { Kind = SimulatedSessionKind.Translation }, manual: false, grammar: false);

    private static SimulatedServer Begin(bool manual) => Conversation.Aggregate(new SimulatedServer(manual: manual), static (server, said) => server.Say(said));

    private static string? FaultOf(SchemaCase one, IReadOnlyList<JsonObject> answer)
    {
        if (answer.Count > 1)
        {
            return $"{answer.Count} events beside an error";
        }

        JsonNode error = answer[0]["error"]!;
        (string code, string message) = ((string)error["code"]!, (string)error["message"]!);
        return !Codes.Contains(code) || !ErrorCatalogue.Refusals.Any(refusal => ErrorCatalogue.Matches(refusal, code, message)) ? $"not in the catalogue: {error.ToJsonString()}"
            : one.Path is not ("" or "event_id") && !IsBrokenBeforeItsId(one, code) && (string?)error["event_id"] != SchemaCase.EventId ? $"the error does not name its event: {error.ToJsonString()}"
            : null;
    }

    // Of a message that is no JSON only what stands before the break is known, and the type comes first.
    private static bool IsBrokenBeforeItsId(SchemaCase one, string code) => one.Path == "type" && code == "invalid_event";

    /// <summary>All that a client hears that goes on with the session, without what differs from run to run: ids, by the order in which they come, and padding.</summary>
    private static string GoOn(SimulatedServer server, string family)
    {
        server.Said.Clear();
        return family == "translation" ? Told(server.Say(TranslatedSpeech).Wait(60_000).Say("""{"type":"session.close"}""").Wait(60_000)) : GoOnTalking(server);
    }

    private static string GoOnTalking(SimulatedServer server)
    {
        server.Say(Speech).Say("""{"type":"input_audio_buffer.commit"}""").Wait(500);
        if (server.All("input_audio_buffer.committed").LastOrDefault() is { } committed)
        {
            server.Say($$"""{"type":"conversation.item.retrieve","item_id":"{{(string)committed["item_id"]!}}"}""");
        }

        server.Say(Conversation[0].Replace("said", "more", StringComparison.Ordinal)).Say("""{"type":"session.update","session":{"type":"realtime"}}""").Wait(60_000)
            .Say("""{"type":"response.create"}""").Wait(60_000);
        return Told(server);
    }

    private static string Told(SimulatedServer server)
    {
        Dictionary<string, int> ids = [];
        return Id().Replace(string.Join('\n', server.Said.Select(static said =>
        {
            said.Remove("event_id");
            said.Remove("obfuscation");
            return said.ToJsonString();
        })), id => $"#{(ids.TryAdd(id.Value, ids.Count) ? ids.Count - 1 : ids[id.Value])}");
    }

    /// <summary>Where a session may be.</summary>
    /// <param name="Family">What a client of such a session says.</param>
    /// <param name="Enter">Leads there.</param>
    /// <param name="Silent">The events that are taken there without a word.</param>
    /// <param name="LeastAccepted">How many messages have to be taken there, so that what is wrong at a path is wrong at that path and nowhere before it.</param>
    private sealed record State(string Family, Func<SimulatedServer> Enter, string[] Silent, int LeastAccepted);

    [GeneratedRegex("(?<=\")[a-z]+_[A-Za-z0-9]{16,}(?=\")")]
    private static partial Regex Id();
}
