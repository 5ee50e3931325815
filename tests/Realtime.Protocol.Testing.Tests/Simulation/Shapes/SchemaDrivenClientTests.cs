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
    private const int ToldFailures = 12;

    private static readonly SchemaCase[] Cases = SchemaCase.All("realtime");
    private static readonly HashSet<string> Codes = [.. ErrorCatalogue.Rows.Select(static row => row.Code)];

    private static readonly string[] Conversation =
    [
        """{"type":"conversation.item.create","item":{"id":"said","type":"message","role":"user","content":[{"type":"input_text","text":"hello"}]}}""",
        """{"type":"conversation.item.create","item":{"type":"function_call","name":"clock","call_id":"c1","arguments":"{}"}}""",
    ];

    private static readonly string Speech = SimulatedServer.Append(Sound.Speech(500));

    /// <summary>The states, by what leads there, and the events that are taken there without a word: sound, what is answered later, and everything after the end.</summary>
    private static readonly Dictionary<string, (Func<SimulatedServer> Enter, string[] Silent)> States = new()
    {
        ["fresh"] = (static () => Begin(manual: true).Say(Speech), ["input_audio_buffer.append", "response.create"]),
        ["active"] = (static () => Begin(manual: true).Say("""{"type":"response.create"}""").Wait(150), ["input_audio_buffer.append"]),
        ["speaking"] = (static () => Begin(manual: false).Say(Speech), ["input_audio_buffer.append", "response.create"]),
        ["beside"] = (static () => Begin(manual: true).Say("""{"type":"response.create","response":{"conversation":"none"}}""").Wait(150), ["input_audio_buffer.append", "response.create"]),
        ["transcription"] = (static () => new SimulatedServer(new SimulatorOptions { Kind = SimulatedSessionKind.Transcription }, manual: false).Say(Speech), ["input_audio_buffer.append"]),
        ["expired"] = (static () => Begin(manual: true).Wait(3_600_000), [.. Cases.Select(static one => one.Type).Distinct()]),
    };

    public static TheoryData<string> StateNames => [.. States.Keys];

    [Theory]
    [MemberData(nameof(StateNames))]
    public void WhateverIsSaid_HasAnAnswerThatTheBookNames_AndARefusalChangesNothing(string state)
    {
        (Func<SimulatedServer> enter, string[] silent) = States[state];
        List<string> failures = [];
        Dictionary<string, List<string>> refused = [];
        HashSet<string> silences = [];
        SimulatedServer server = enter();
        string before = server.Snapshot;
        foreach (SchemaCase one in Cases)
        {
            string? failure = null;
            bool isRefused = false;
            try
            {
                IReadOnlyList<JsonObject> answer = server.Ask(one.Message);
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

            if (isRefused && failure is null)
            {
                (refused.TryGetValue(one.Type, out List<string>? list) ? list : refused[one.Type] = []).Add(one.Message);
                server.Said.Clear();
            }
            else if (state != "expired")
            {
                server = enter();
                server.Said.Clear();
                before = server.Snapshot;
            }
        }

        int whole = Cases.Count(static one => one.What == "whole");
        output.WriteLine($"{state}: {whole} paths, {Cases.Length} messages, {refused.Values.Sum(static list => list.Count)} refused");
        Assert.True(failures.Count == 0, $"{failures.Count} of {Cases.Length}:\n{string.Join('\n', failures.Take(ToldFailures))}");
        Assert.True(Cases.Length > LeastCases);
        Assert.Equal(silent.Order(StringComparer.Ordinal), silences.Order(StringComparer.Ordinal));
        string undisturbed = GoOn(enter());
        Assert.All(refused, list => Assert.Equal(undisturbed, GoOn(list.Value.Aggregate(enter(), static (server, message) => server.Say(message)))));
    }

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
    private static string GoOn(SimulatedServer server)
    {
        server.Said.Clear();
        server.Say(Speech).Say("""{"type":"input_audio_buffer.commit"}""").Wait(500);
        if (server.All("input_audio_buffer.committed").LastOrDefault() is { } committed)
        {
            server.Say($$"""{"type":"conversation.item.retrieve","item_id":"{{(string)committed["item_id"]!}}"}""");
        }

        server.Say(Conversation[0].Replace("said", "more", StringComparison.Ordinal)).Say("""{"type":"session.update","session":{"type":"realtime"}}""").Wait(60_000)
            .Say("""{"type":"response.create"}""").Wait(60_000);
        Dictionary<string, int> ids = [];
        return Id().Replace(string.Join('\n', server.Said.Select(static said =>
        {
            said.Remove("event_id");
            said.Remove("obfuscation");
            return said.ToJsonString();
        })), id => $"#{(ids.TryAdd(id.Value, ids.Count) ? ids.Count - 1 : ids[id.Value])}");
    }

    [GeneratedRegex("(?<=\")[a-z]+_[A-Za-z0-9]{16,}(?=\")")]
    private static partial Regex Id();
}
