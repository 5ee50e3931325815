using System.Globalization;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Sequences;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Errors;

/// <summary>
/// One row of the error catalogue, and the play of it. <c>$response</c> and <c>$item</c> stand for the ids of the last response and of the last
/// item that the server told of.
/// </summary>
internal sealed record ErrorRow
{
    /// <summary>Which session it is; a realtime one by default.</summary>
    public SimulatedSessionKind Session { get; init; }

    /// <summary>A switch of the service, as <c>NAME=VALUE</c>.</summary>
    public string? Service { get; init; }

    /// <summary>Whether the client asks for the beta.</summary>
    public bool Beta { get; init; }

    /// <summary>What the input buffer holds at most.</summary>
    public int? MaxInputAudioBytes { get; init; }

    /// <summary>How much of the user's sound the session keeps.</summary>
    public long? KeptAudioBytes { get; init; }

    /// <summary>What happened before: events of the client, <c>speech MS</c>, <c>quiet MS</c>, <c>wait MS</c>.</summary>
    public JsonNode[] Given { get; init; } = [];

    /// <summary>What is refused: an event, a text that is none, a step as in <see cref="Given"/>; null when the connection itself is.</summary>
    public JsonNode? When { get; init; }

    public required string Code { get; init; }

    public required string Message { get; init; }

    public string? Param { get; init; }

    public string? EventId { get; init; }

    /// <summary>The status of the close behind it; null when the session goes on.</summary>
    public int? Close { get; init; }

    /// <summary>How it is known that the service does so, and with these words.</summary>
    public required string Evidence { get; init; }

    /// <summary>Null when the simulator gives exactly this error; else what it gave.</summary>
    public string? Difference()
    {
        SimulatedServer server = Begun();

        if (server.Types.Contains("error") && When is not null)
        {
            return $"before it: {server.All("error").First().ToJsonString()}";
        }

        int before = When is null ? 0 : server.Said.Count;
        string message = Filled(server, Message);
        if (When is not null)
        {
            Play(server, When);
        }

        JsonObject error = new()
        {
            ["type"] = "invalid_request_error",
            ["code"] = Code,
            ["message"] = message,
            ["param"] = Param,
            ["event_id"] = EventId,
        };
        return server.Said[before..] is not [var said] || (string?)said["type"] != "error" ? $"{server.Said.Count - before} events: {string.Join(' ', server.Types.Skip(before))}"
            : !JsonNode.DeepEquals(error, said["error"]) ? said["error"]!.ToJsonString()
            : server.Closed?.Status != Close ? $"closed with {server.Closed?.Status.ToString(CultureInfo.InvariantCulture) ?? "nothing"}"
            : null;
    }

    /// <summary>The rules that a client breaks when it meets this error.</summary>
    public IReadOnlyList<string> Rules()
    {
        var watcher = new ClientGrammar();
        SimulatedServer server = Begun(watcher);
        Dictionary<string, int> before = Broken(watcher);
        if (When is not null)
        {
            Play(server, When);
        }

        // An event without an id of its own is another matter, and most of these have none.
        return [.. Broken(watcher).Where(broken => before.GetValueOrDefault(broken.Key) < broken.Value && broken.Key != "event-id-missing").Select(static broken => broken.Key)];
    }

    private static Dictionary<string, int> Broken(ClientGrammar watcher) => watcher.Violations.ToDictionary(static violation => violation.Rule, static violation => violation.Times);

    private SimulatedServer Begun(ClientGrammar? watcher = null)
    {
        SimulatorOptions options = new() { Kind = Session, IsBeta = Beta };
        options = options with
        {
            Service = Service is null ? options.Service : SequenceRun.With(options.Service, Service),
            KeptAudioBytes = KeptAudioBytes,
            MaxInputAudioBytes = MaxInputAudioBytes ?? options.MaxInputAudioBytes,
        };

        // The beta is refused before there is a session, which is where the grammar begins.
        var server = new SimulatedServer(options, manual: false, grammar: !Beta, watcher);
        foreach (JsonNode step in Given)
        {
            Play(server, step);
        }

        return server;
    }

    private static void Play(SimulatedServer server, JsonNode step)
    {
        if (step is not JsonValue text)
        {
            server.Say(Filled(server, step.ToJsonString()));
            return;
        }

        switch (((string)text!).Split(' '))
        {
            case ["speech", var span]:
                server.Say(SimulatedServer.Append(Sound.Speech(Milliseconds(span))));
                break;
            case ["quiet", var span]:
                server.Say(SimulatedServer.Append(Sound.Silence(Milliseconds(span))));
                break;
            case ["wait", var span]:
                server.Wait(Milliseconds(span));
                break;
            default:
                server.Say((string)text!);
                break;
        }
    }

    private static int Milliseconds(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Filled(SimulatedServer server, string text) => text
        .Replace("$response", (string?)server.All("response.created").LastOrDefault()?["response"]!["id"], StringComparison.Ordinal)
        .Replace("$item", (string?)server.All("conversation.item.added").LastOrDefault()?["item"]!["id"], StringComparison.Ordinal);
}
